using System.Collections.Immutable;
using System.Text.Json;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Samples;

namespace GenPrm.Tests.Unit.Samples;

public sealed class SampleBuilderTests
{
    private static readonly RationaleParameters Plain = Profiles.Laptop.Rationales with { ForceConclusion = false };

    private static readonly Problem Sum = new(17, "sum-1", "What is 𝟛 + 4 + 5?", "12", 1);

    private static readonly ImmutableArray<Step> Steps = StepSplitter.Split("Step 1: 3 + 4 = 7.\n\nStep 2: 7 + 5 = 13.\n\nStep 3: So \\boxed{13}").Steps;

    private static readonly SampleId Id = new("job", 1, 17, 3, 0);

    [Fact]
    public void Build_AgreeingRationale_IsTheConversationOfTheMethod()
    {
        var rationale = Judge(
            "The sum is 7.\n</analyze>\n<verify>\n```python\nprint(3 + 4)\n```\n", "7",
            "Right.\n</verify>\n\n### Paragraph 2\n<analyze>\nLet's analyze the Paragraph 2 step by step: 12, not 13.</analyze>\n\n<verify>\nLet's use python code to find any potential error:\n```python\n# ### Paragraph 3\nprint(7 + 5)\n```\n", "12",
            "Again:\n```python\nassert 7 + 5 == 13\n```\n", "!AssertionError",
            "Wrong.\n</verify>\n\n### Paragraph 3\n<analyze>\nx</analyze>\n\nFirst: $\\boxed{2}$");
        var sample = Assert.IsType<SampleOutcome.Accepted>(Build(rationale, firstError: 2)).Sample;

        Assert.Equal(["system", "user", "assistant", "user", "assistant"], sample.Turns.Select(turn => turn.Message.Role));
        Assert.Equal("You are a math teacher. Your task is to review and critique the paragraphs in solution step by step.", sample.Turns[0].Message.Content);
        Assert.Equal("What is 𝟛 + 4 + 5?\n3 + 4 = 7.", sample.Turns[1].Message.Content);
        Assert.Equal("7 + 5 = 13.", sample.Turns[3].Message.Content);
        Assert.Equal(
            "<analyze>\nLet's analyze the Paragraph 1 step by step: The sum is 7.\n</analyze>\n<verify>\nLet's use python code to find any potential error:\n```python\nprint(3 + 4)\n```\n"
            + "[Code Output]\n\n```\n7\n```\nRight.\n</verify>\n<output>\n**Judgement**: $\\boxed{Yes}$\n</output>\n",
            sample.Turns[2].Message.Content);
        Assert.Equal(
            "<analyze>\nLet's analyze the Paragraph 2 step by step: 12, not 13.</analyze>\n<verify>\nLet's use python code to find any potential error:\n```python\n# ### Paragraph 3\nprint(7 + 5)\n```\n"
            + "[Code Output]\n\n```\n12\n```\nAgain:\n```python\nassert 7 + 5 == 13\n```\n[Code Output]\n\n```\nCode execute Error: AssertionError: \n```\nWrong.\n</verify>\n<output>\n**Judgement**: $\\boxed{No}$\n</output>\n",
            sample.Turns[4].Message.Content);
        Assert.Equal([true, false], sample.Labels);
        Assert.Equal("job/1/17/r3/v0", sample.Id.ToString());
    }

    [Fact]
    public void Build_Spans_LeaveOutExactlyTheCodeOutput()
    {
        var rationale = Judge("𝟛 is three.</analyze>\n<verify>\n```python\nprint('```')\n```\n", "```\n[Code Output]\n</verify>", "Odd.\n```python\nprint(2)\n```\n", "2", "</verify>\n$\\boxed{1}$");
        var sample = Assert.IsType<SampleOutcome.Accepted>(Build(rationale, firstError: 1)).Sample;
        var turn = sample.Turns[2];
        Assert.Equal(
            "<analyze>\nLet's analyze the Paragraph 1 step by step: 𝟛 is three.</analyze>\n<verify>\nLet's use python code to find any potential error:\n```python\nprint('```')\n```\n"
            + "|Odd.\n```python\nprint(2)\n```\n"
            + "|</verify>\n<output>\n**Judgement**: $\\boxed{No}$\n</output>\n",
            string.Join('|', turn.Trained.Select(span => turn.Message.Content[span.Start..span.End])));
        Assert.All(sample.Turns.Where(one => one.Message.Role != "assistant"), one => Assert.Empty(one.Trained));

        var json = JsonSerializer.Serialize(SampleRow.Of(sample), ExportJson.Options);
        Assert.Contains("\"problem_id\":\"sum-1\"", json, StringComparison.Ordinal);
        Assert.Contains("\"messages\":[{\"role\":\"system\",\"content\":\"You are a math teacher.", json, StringComparison.Ordinal);
        var back = JsonSerializer.Deserialize<SampleRow>(json, ExportJson.Options)!.ToSample();
        Assert.Equal(sample.Turns.SelectMany(one => one.Trained), back.Turns.SelectMany(one => one.Trained));
        Assert.Equal(sample.Turns.Select(one => one.Message), back.Turns.Select(one => one.Message));
        // Python counts the one mathematical digit before the first output as one, .NET as two.
        Assert.Equal(turn.Trained[0].End - 1, SampleRow.Of(sample).Trained[2][0][1]);
    }

    public static TheoryData<string, string[], int, SampleClass> Refusals => new()
    {
        { "another index", ["ok</analyze>\n<verify>\n```python\nf()\n```\n", "1", "</verify>\n\\boxed{2}"], 1, SampleClass.Disagreed },
        { "no index", ["ok</analyze>\n<verify>\n```python\nf()\n```\n", "1", "</verify>\nDone."], 1, SampleClass.NoIndex },
        { "a section missing", ["ok</analyze>\n<verify>\n```python\nf()\n```\n", "1", "</verify>\n\\boxed{2}"], 2, SampleClass.NoAnalysis },
        { "an empty analysis", ["Let's analyze the Paragraph 1 step by step: \n</analyze>\n<verify>\n```python\nf()\n```\n", "1", "</verify>\n\\boxed{1}"], 1, SampleClass.NoAnalysis },
        { "no code", ["ok</analyze>\n\\boxed{1}"], 1, SampleClass.NoCode },
        { "code that is no Python", ["ok</analyze>\n<verify>\n```python\nf(\n```\n", "!SyntaxError", "</verify>\n\\boxed{1}"], 1, SampleClass.NoCode },
        { "code in the analysis", ["ok\n```python\nf()\n```\n", "1", "</analyze>\n<verify>\n```python\nf()\n```\n", "1", "</verify>\n\\boxed{1}"], 1, SampleClass.Malformed },
        { "output made up", ["ok</analyze>\n<verify>\n```python\nf()\n```\n", "1", "[Code Output] 2</verify>\n\\boxed{1}"], 1, SampleClass.Malformed },
        { "two verifications", ["ok</analyze>\n<verify>\n```python\nf()\n```\n", "1", "</verify>\n<verify>x</verify>\n\\boxed{1}"], 1, SampleClass.Malformed },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Build_RationaleThatMakesNoSample_IsDiscardedWithItsClass(string what, string[] turns, int firstError, SampleClass expected)
    {
        var outcome = Assert.IsType<SampleOutcome.Discarded>(Build(Judge(turns), firstError));
        Assert.True(expected == outcome.Class, $"{what}: {outcome}");
        Assert.NotEmpty(outcome.Reason);
    }

    [Fact]
    public void Build_AllRight_JudgesEveryParagraph()
    {
        var sections = Enumerable.Range(1, 3).SelectMany(k => new[] { $"{(k == 1 ? "" : $"</verify>\n### Paragraph {k}\n<analyze>\n")}ok</analyze>\n<verify>\n```python\nf()\n```\n", "1" });
        var sample = Assert.IsType<SampleOutcome.Accepted>(Build(Judge([.. sections, "</verify>\n\\boxed{-1}"]), RolloutLabels.AllRight)).Sample;
        Assert.Equal([true, true, true], sample.Labels);
        Assert.Equal(7, sample.Turns.Length);
    }

    private static SampleOutcome Build(Rationale rationale, int firstError)
    {
        var labels = Steps.Select(step => new StepLabel(step.Number, new(4, 8), new(4, 8), ScoreSource.Completions, firstError == RolloutLabels.AllRight || step.Number < firstError));
        return SampleBuilder.Build(Id, Sum, Steps, new(1, [.. labels]), rationale);
    }

    /// <summary>Plays a rationale: what the judge writes and what its code prints, in turn; an output that begins with ! is an exception's name.</summary>
    private static Rationale Judge(params string[] turns)
    {
        var rationale = RationaleLoop.Begin(Plain);
        for (var i = 0; i < turns.Length; i++)
        {
            var last = i == turns.Length - 1;
            rationale = i % 2 == 1
                ? RationaleLoop.Ran(rationale, turns[i].StartsWith('!') ? new SandboxOutcome.Failed("", default, turns[i][1..], "") : new SandboxOutcome.Completed(turns[i], default), 3, Plain, [])
                : RationaleLoop.Wrote(rationale, new(turns[i], last ? FinishReason.EndToken : FinishReason.StopString, 10, []), 3, Plain, []);
        }

        return rationale;
    }
}
