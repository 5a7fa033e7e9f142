using System.Text.Json;

namespace GenPrm.Tests.Serving;

public sealed class AnswerTests
{
    private const string Hi = """{"role":"user","content":"hi"}""";

    [Fact]
    public async Task Chat_TwoChoices_HasTextsReasonsAndUsage()
    {
        await using var server = await ServerFixture.StartAsync();
        var answer = await server.AnswerAsync("/v1/chat/completions", $$"""{"model":"m","messages":[{{Hi}}],"n":2}""");
        Assert.Equal("chat.completion", answer.GetProperty("object").GetString());
        var choices = answer.GetProperty("choices").EnumerateArray().ToList();
        Assert.Equal(["Héllo 0", "Héllo 1"], choices.Select(choice => choice.GetProperty("message").GetProperty("content").GetString()));
        Assert.Equal(["stop", "length"], choices.Select(choice => choice.GetProperty("finish_reason").GetString()));
        Assert.All(choices, choice => Assert.Equal(JsonValueKind.Null, choice.GetProperty("logprobs").ValueKind));
        var usage = answer.GetProperty("usage");
        Assert.Equal((7, 8, 15), (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32(), usage.GetProperty("total_tokens").GetInt32()));
    }

    [Fact]
    public async Task Completion_TwoPromptsTwoChoices_CountsChoicesThroughThePrompts()
    {
        await using var server = await ServerFixture.StartAsync();
        var answer = await server.AnswerAsync("/v1/completions", """{"model":"m","prompt":["a","b"],"n":2,"seed":5}""");
        Assert.Equal(["Héllo 0", "Héllo 1", "Héllo 0", "Héllo 1"], answer.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("text").GetString()));
        Assert.Equal([0, 1, 2, 3], answer.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("index").GetInt32()));
        Assert.Equal(14, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        // Each prompt is answered as if it had come alone.
        Assert.Single(server.Model.Requests.Select(request => string.Join(' ', request.Seeds)).Distinct());
    }

    [Fact]
    public async Task Seed_Given_DecidesTheSeedsAndMoreChoicesLeaveTheFirst()
    {
        await using var server = await ServerFixture.StartAsync();
        foreach (var rest in new[] { "\"seed\":-3", "\"seed\":-3,\"n\":3", "\"seed\":4", "\"n\":1", "\"n\":1" })
            await server.AnswerAsync("/v1/completions", $$"""{"model":"m","prompt":"a",{{rest}}}""");
        var seeds = server.Model.Requests.Select(request => request.Seeds).ToList();
        Assert.Equal(seeds[0][0], seeds[1][0]);
        Assert.Equal(3, seeds[1].Distinct().Count());
        Assert.Equal(4, new[] { seeds[0][0], seeds[2][0], seeds[3][0], seeds[4][0] }.Distinct().Count());
    }

    [Fact]
    public async Task Chat_Fields_ReachTheGenerator()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.AnswerAsync("/v1/chat/completions", """
            {"model":"m","messages":[{"role":"developer","content":"be short"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
             {"role":"assistant","content":"Step 1:"}],"continue_final_message":true,"temperature":0.25,"top_p":0.5,"top_k":9,"stop":["x","yy"],
             "max_completion_tokens":11,"user":"somebody","frequency_penalty":0,"logit_bias":{},"response_format":{"type":"text"},"unheard_of":1}
            """);
        var request = Assert.Single(server.Model.Requests);
        var chat = Assert.IsType<GenPrm.Core.Generation.Prompt.Chat>(request.Prompt);
        Assert.Equal([("system", "be short"), ("user", "a\nb")], chat.Messages.Select(message => (message.Role, message.Content)));
        Assert.Equal("Step 1:", chat.Prefill);
        Assert.Equal((0.25, 0.5, 9, 11, false), (request.Sampling.Temperature, request.Sampling.TopP, request.Sampling.TopK, request.Sampling.MaxNewTokens, request.Sampling.KeepStopString));
        Assert.Equal(["x", "yy"], request.Sampling.StopStrings);
    }

    [Fact]
    public async Task Chat_LogProbabilities_HaveTokensBytesAndTheBest()
    {
        await using var server = await ServerFixture.StartAsync();
        var answer = await server.AnswerAsync("/v1/chat/completions", $$"""{"model":"m","messages":[{{Hi}}],"logprobs":true,"top_logprobs":2}""");
        var tokens = answer.GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content").EnumerateArray().ToList();
        Assert.Equal(["Hé", "llo", " 0"], tokens.Select(token => token.GetProperty("token").GetString()));
        Assert.Equal([72, 195, 169], tokens[0].GetProperty("bytes").EnumerateArray().Select(one => one.GetInt32()));
        Assert.Equal(-0.5, tokens[0].GetProperty("logprob").GetDouble());
        Assert.Equal(["0", "1"], tokens[0].GetProperty("top_logprobs").EnumerateArray().Select(best => best.GetProperty("token").GetString()));
    }

    [Fact]
    public async Task Completion_LogProbabilities_HaveOpenAIsOlderForm()
    {
        await using var server = await ServerFixture.StartAsync();
        var answer = await server.AnswerAsync("/v1/completions", """{"model":"m","prompt":"a","logprobs":1}""");
        var found = answer.GetProperty("choices")[0].GetProperty("logprobs");
        Assert.Equal("""{"tokens":["Hé","llo"," 0"],"token_logprobs":[-0.5,-0.5,-0.5],"top_logprobs":[{"0":-1,"Hé":-0.5},{"0":-1,"llo":-0.5},{"0":-1," 0":-0.5}],"text_offset":[0,0,0]}""", found.GetRawText());
    }

    [Fact]
    public async Task Chat_Streamed_ComesInOpenAIsOrder()
    {
        await using var server = await ServerFixture.StartAsync();
        var parts = await server.PartsAsync("/v1/chat/completions", $$$"""{"model":"m","messages":[{{{Hi}}}],"stream":true,"stream_options":{"include_usage":true}}""");
        Assert.Equal("[DONE]", parts[^1]);
        var chunks = parts.SkipLast(1).Select(part => JsonDocument.Parse(part).RootElement).ToList();
        Assert.Single(chunks.Select(chunk => chunk.GetProperty("id").GetString()).Distinct());
        Assert.Equal(
            ["""{"role":"assistant","content":""}""", """{"content":"Hé"}""", """{"content":"llo"}""", """{"content":" 0"}""", "{}"],
            chunks.SkipLast(1).Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").GetRawText()));
        Assert.Equal([null, null, null, null, "stop"], chunks.SkipLast(1).Select(chunk => chunk.GetProperty("choices")[0].GetProperty("finish_reason").GetString()));
        Assert.Equal(0, chunks[^1].GetProperty("choices").GetArrayLength());
        Assert.Equal(11, chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Completion_StreamedPrompts_JoinToWhatComesWhole()
    {
        await using var server = await ServerFixture.StartAsync();
        var parts = await server.PartsAsync("/v1/completions", """{"model":"m","prompt":["a","b","c"],"n":2,"stream":true}""");
        var texts = new string[6];
        foreach (var choice in parts.SkipLast(1).Select(part => JsonDocument.Parse(part).RootElement.GetProperty("choices")[0]))
            texts[choice.GetProperty("index").GetInt32()] += choice.GetProperty("text").GetString();
        Assert.Equal(["Héllo 0", "Héllo 1", "Héllo 0", "Héllo 1", "Héllo 0", "Héllo 1"], texts);
    }

    [Fact]
    public async Task Models_Listed_AndShown()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { Models = ["b/c", "a"] });
        var cancellation = TestContext.Current.CancellationToken;
        var list = JsonDocument.Parse(await server.Client.GetStringAsync(new Uri("/v1/models", UriKind.Relative), cancellation)).RootElement;
        Assert.Equal(["a", "b/c"], list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        var one = JsonDocument.Parse(await server.Client.GetStringAsync(new Uri("/v1/models/b/c", UriKind.Relative), cancellation)).RootElement;
        Assert.Equal(("b/c", 4096), (one.GetProperty("id").GetString(), one.GetProperty("max_model_len").GetInt32()));
        using var missing = await server.Client.GetAsync(new Uri("/v1/models/zzz", UriKind.Relative), cancellation);
        Assert.Equal("model_not_found", (await ServerFixture.ErrorAsync(missing)).Code);
    }
}
