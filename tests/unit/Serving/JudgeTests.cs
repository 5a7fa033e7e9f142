using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Serving;
using GenPrm.Trainer.Verification;

namespace GenPrm.Tests.Serving;

public sealed class JudgeTests
{
    private const string Path = "/v1/judge";

    [Fact]
    public async Task Judge_Steps_HasRewardsAndWhatEachPathWrote()
    {
        await using var server = await StartAsync();
        var answer = await server.AnswerAsync(Path, """{"model":"m","problem":"1+1","steps":["fine","wrong","fine"],"paths":2,"every_step":true}""");
        Assert.Equal([0.75, 0.25, 0.75], answer.GetProperty("rewards").EnumerateArray().Select(reward => Math.Round(reward.GetDouble(), 6)));
        Assert.Equal(2, answer.GetProperty("first_wrong_step").GetInt32());
        var paths = answer.GetProperty("paths").EnumerateArray().ToList();
        Assert.Equal(2, paths.Count);
        var step = paths[0].GetProperty("steps")[0];
        Assert.Contains("thought", step.GetProperty("analysis").GetString(), StringComparison.Ordinal);
        Assert.Contains("print(", step.GetProperty("code")[0].GetProperty("code").GetString(), StringComparison.Ordinal);
        Assert.Equal("judged", step.GetProperty("class").GetString());
        Assert.True(answer.GetProperty("tokens").GetInt64() > 0);
    }

    [Fact]
    public async Task Judge_NoJudgement_IsSaidByStep()
    {
        await using var server = await StartAsync();
        const string Body = """{"model":"m","problem":"1+1","steps":["fine","fine"],"every_step":true}""";
        Assert.Empty((await server.AnswerAsync(Path, Body)).GetProperty("unjudged_steps").EnumerateArray());
        server.Model.Judge.Conclude = _ => "hm";
        var answer = await server.AnswerAsync(Path, Body);
        Assert.Equal([1, 2], answer.GetProperty("unjudged_steps").EnumerateArray().Select(step => step.GetInt32()));
        Assert.Equal([0.5, 0.5], answer.GetProperty("rewards").EnumerateArray().Select(reward => reward.GetDouble()));
    }

    [Fact]
    public async Task Judge_TwoJudges_ShareTheSandboxesInterpreters()
    {
        await using var server = await StartAsync(options => options with { Interpreters = 1 });
        const string Rest = "\"problem\":\"1+1\",\"steps\":[\"fine\",\"fine\",\"fine\"],\"mode\":\"both\",\"paths\":2";
        await Task.WhenAll(server.AnswerAsync(Path, $"{{\"model\":\"m\",{Rest}}}"), server.AnswerAsync(Path, $"{{\"model\":\"direct\",{Rest}}}"));
        Assert.Equal(1, server.Sandbox.MostOpen);
    }

    [Fact]
    public async Task Judge_SolutionText_IsCutAndJudgedToTheFirstWrongStep()
    {
        await using var server = await StartAsync();
        var answer = await server.AnswerAsync(Path, """{"model":"m","problem":"1+1","solution":"Step 1: wrong\nStep 2: fine"}""");
        Assert.Single(answer.GetProperty("rewards").EnumerateArray());
        Assert.Equal(1, answer.GetProperty("first_wrong_step").GetInt32());
    }

    [Fact]
    public async Task Judge_SameRequest_GivesTheSame()
    {
        await using var server = await StartAsync();
        const string Body = """{"model":"m","problem":"1+1","steps":["fine"],"paths":3,"seed":5}""";
        Assert.Equal((await server.AnswerAsync(Path, Body)).GetProperty("paths").GetRawText(), (await server.AnswerAsync(Path, Body)).GetProperty("paths").GetRawText());
    }

    [Fact]
    public async Task Judge_Mode_DecidesWhatIsWritten()
    {
        await using var server = await StartAsync();
        var answer = await server.AnswerAsync(Path, """{"model":"m","problem":"1+1","steps":["fine"],"mode":"analysis"}""");
        Assert.Equal(0, answer.GetProperty("paths")[0].GetProperty("steps")[0].GetProperty("code").GetArrayLength());
        // A model that was trained for the judgement alone is asked for it alone.
        server.Model.Judge.Asked.Clear();
        await server.AnswerAsync(Path, """{"model":"direct","problem":"1+1","steps":["fine"]}""");
        Assert.All(server.Model.Judge.Asked, prompt => Assert.Contains("directly", prompt.Messages[0].Content, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"steps\":[]", "steps")]
    [InlineData("\"steps\":[\"a\"],\"solution\":\"Step 1: a\"", "steps")]
    [InlineData("\"steps\":[1]", "steps[0]")]
    [InlineData("\"solution\":\"no steps\"", "solution")]
    [InlineData("\"steps\":[\"a\"],\"paths\":0", "paths")]
    [InlineData("\"steps\":[\"a\"],\"paths\":1000000000", "paths")]
    [InlineData("\"steps\":[\"a\"],\"mode\":\"fast\"", "mode")]
    [InlineData("\"steps\":[\"a\"],\"temperature\":1e-40", "temperature")]
    [InlineData("\"steps\":[\"a\",\"b <output>\"]", "steps[1]")]
    [InlineData("\"solution\":\"Step 1: a\\nStep 2: [Code Output]\"", "solution")]
    [InlineData("\"steps\":[\"a\"],\"prompt_style\":\"x\"", "prompt_style")]
    [InlineData("\"steps\":[\"a\"],\"stream\":true", "stream")]
    [InlineData("\"steps\":[\"a\"],\"max_rounds\":65", "max_rounds")]
    public async Task Judge_FieldThatWillNotDo_IsNamed(string field, string name)
    {
        await using var server = await StartAsync();
        var error = await server.ErrorAsync(Path, $"{{\"model\":\"m\",\"problem\":\"1+1\",{field}}}");
        Assert.Equal((400, name), (error.Status, error.Field));
    }

    [Fact]
    public async Task Judge_WhatCanNotBeJudged_SaysWhy()
    {
        await using var server = await StartAsync();
        Assert.Equal((400, "model"), await FieldAsync("""{"model":"scalar","problem":"p","steps":["a"]}"""));
        Assert.Equal((404, "model"), await FieldAsync("""{"model":"other","problem":"p","steps":["a"]}"""));
        Assert.Contains("<|end|>", (await server.ErrorAsync(Path, """{"model":"m","problem":"p <|end|>","steps":["a"]}""")).Message, StringComparison.Ordinal);
        server.Model.Judge.Fails = _ => new GenerationException("The prompt has 5000 tokens and the model's context 4096.");
        Assert.Contains("5000 tokens", (await server.ErrorAsync(Path, """{"model":"m","problem":"p","steps":["a"]}""")).Message, StringComparison.Ordinal);

        server.Model.Judge.Fails = _ => new InvalidOperationException("a secret of the house");
        var failed = await server.ErrorAsync(Path, """{"model":"m","problem":"p","steps":["a"]}""");
        Assert.Equal((503, "model_failed"), (failed.Status, failed.Code));
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);

        async Task<(int Status, string? Field)> FieldAsync(string body)
        {
            var error = await server.ErrorAsync(Path, body);
            return (error.Status, error.Field);
        }
    }

    private static Task<ServerFixture> StartAsync(Func<ServingOptions, ServingOptions>? with = null) => ServerFixture.StartAsync(options => (with is null ? options : with(options)) with
    {
        Models = ["m", "direct", "scalar"],
        Judges = new Dictionary<string, JudgeModel>
        {
            ["m"] = Judge(Objective.Critique),
            ["direct"] = Judge(Objective.Direct),
            ["scalar"] = Judge(Objective.Scalar),
        }.ToImmutableDictionary(),
    });

    private static JudgeModel Judge(Objective objective) => new("", objective, false, "", ["<|end|>"]);
}
