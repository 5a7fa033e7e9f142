using System.Collections.Immutable;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;
using GenPrm.Core.Rationales;

namespace GenPrm.Tests.Unit.Rationales;

public sealed class RationaleLoopTests
{
    private static readonly RationaleParameters Plain = Profiles.Laptop.Rationales with { ForceConclusion = false };

    private static readonly RationaleParameters Reasoning = Profiles.Paper.Rationales;

    [Theory]
    [InlineData(false, "### Paragraph 1\n<analyze>\n")]
    [InlineData(true, "<think>\n### Paragraph 1\n<analyze>\n")]
    public void Begin_JudgeOfEitherKind_IsPrefilled(bool reasoning, string prefill)
    {
        var parameters = Plain with { Reasoning = reasoning };
        Assert.Equal(prefill, Assert.IsType<RationaleAction.Generate>(RationaleLoop.Next(RationaleLoop.Begin(parameters), parameters)).Prefill);
    }

    [Fact]
    public void Wrote_EndOfACodeBlock_RunsItAndFeedsItsOutputBack()
    {
        var rationale = Write(RationaleLoop.Begin(Plain), "Sums.\n</analyze>\n<verify>\n```python\nx = 1\nprint(x)\n```\n", FinishReason.StopString);
        Assert.Equal(["x = 1\nprint(x)\n"], Assert.IsType<RationaleAction.Run>(RationaleLoop.Next(rationale, Plain)).Blocks);

        rationale = Run(rationale, new SandboxOutcome.Completed(" 1\n", default));
        Assert.EndsWith("print(x)\n```\n[Code Output]\n\n```\n1\n```\n", rationale.Text, StringComparison.Ordinal);
        var go = Assert.IsType<RationaleAction.Generate>(RationaleLoop.Next(rationale, Plain));
        Assert.Equal((rationale.Text, 1, Plain.Sampling.MaxNewTokens - 10), (go.Prefill, go.Continuation, go.Sampling.MaxNewTokens));

        rationale = Write(rationale, "Again:\n```python\nprint(x + 1)\n```</verify>", FinishReason.StopString);
        Assert.Equal(["x = 1\nprint(x)\n", "print(x + 1)\n"], Assert.IsType<RationaleAction.Run>(RationaleLoop.Next(rationale, Plain)).Blocks);
        rationale = Run(rationale, new SandboxOutcome.Completed("2", default));
        Assert.EndsWith("print(x + 1)\n```\n[Code Output]\n\n```\n2\n```\n", rationale.Text, StringComparison.Ordinal);

        rationale = Write(rationale, "Right.\n</verify>\n\nAll is well: $\\boxed{-1}$", FinishReason.EndToken);
        Assert.Equal((RationaleClass.Concluded, -1), (rationale.Class, rationale.Index));
        Assert.IsType<RationaleAction.Nothing>(RationaleLoop.Next(rationale, Plain));
    }

    [Fact]
    public void Wrote_EndTokenRightBehindABlock_RunsItStill()
    {
        var rationale = Write(RationaleLoop.Begin(Plain), "A.</analyze>\n<verify>\n```python\nprint(1)\n```", FinishReason.EndToken);
        Assert.IsType<RationaleAction.Run>(RationaleLoop.Next(rationale, Plain));
        Assert.EndsWith("print(1)\n```\n", rationale.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrote_FenceBehindTheTag_IsCodeToo()
    {
        var rationale = Write(RationaleLoop.Begin(Plain), "A.</analyze>\n<verify>```python\nprint(1)\n```\n", FinishReason.StopString);
        Assert.Equal(["print(1)\n"], Assert.IsType<RationaleAction.Run>(RationaleLoop.Next(rationale, Plain)).Blocks);
    }

    public static TheoryData<SandboxOutcome, string> Outcomes => new()
    {
        { new SandboxOutcome.Completed("  5050 \n\n", default), "5050" },
        { new SandboxOutcome.Completed("", default), "" },
        { new SandboxOutcome.Failed("half", default, "ZeroDivisionError", "division by zero"), "Code execute Error: ZeroDivisionError: division by zero" },
        { new SandboxOutcome.TimedOut("half", default), "Code execute time out: Code execution timed out" },
        { new SandboxOutcome.OutOfMemory("", default), "Code execute Error: MemoryError: out of memory" },
        { new SandboxOutcome.OutputTooLarge("xxx", default), "Code execute Error: OSError: too much output" },
        { new SandboxOutcome.Completed(new string('x', 3000), default), "Code execute Error: OSError: too much output" },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void Ran_AnyOutcome_SaysItInTheFixedWords(SandboxOutcome outcome, string text)
    {
        var rationale = Run(Write(RationaleLoop.Begin(Plain), "A.</analyze>\n<verify>\n```python\nf()\n```\n", FinishReason.StopString), outcome);
        Assert.Equal($"[Code Output]\n\n```\n{text}\n```\n", rationale.Parts[^1].Text);
        Assert.Equal(PartKind.Fed, rationale.Parts[^1].Kind);
    }

    [Fact]
    public void Ran_LostSandbox_IsRefused()
    {
        var rationale = Write(RationaleLoop.Begin(Plain), "A.</analyze>\n<verify>\n```python\nf()\n```\n", FinishReason.StopString);
        Assert.Throws<ArgumentException>(() => Run(rationale, new SandboxOutcome.Lost("", default, "killed")));
    }

    [Theory]
    [InlineData("A.</analyze>\n<verify>\n```python\n\n```\n")]
    [InlineData("A.</analyze>\n<verify>\n```\nprint(1)\n```\n")]
    public void Wrote_BlockWithoutPython_IsToldSo(string text)
    {
        var rationale = Write(RationaleLoop.Begin(Plain), text, FinishReason.StopString);
        Assert.EndsWith("```\n[Code Output]\n\n```\nCode format error: No code found.\n```\n", rationale.Text, StringComparison.Ordinal);
        Assert.IsType<RationaleAction.Generate>(RationaleLoop.Next(rationale, Plain));
    }

    [Theory]
    [InlineData("As given:\n```\nx = 1\n```\n")]
    [InlineData("A.</analyze>\n<verify>\n```\n")]
    public void Wrote_QuotationOrOpeningFence_GoesOn(string text)
    {
        var rationale = Write(RationaleLoop.Begin(Plain), text, FinishReason.StopString);
        Assert.EndsWith(text, rationale.Text, StringComparison.Ordinal);
        Assert.IsType<RationaleAction.Generate>(RationaleLoop.Next(rationale, Plain));
    }

    [Theory]
    [InlineData("wrong. \\boxed{5}", RationaleClass.NoIndex, null)] // inside the analysis: no conclusion
    [InlineData("ok</analyze>\nso \\boxed{5}", RationaleClass.BadIndex, null)]
    [InlineData("ok</analyze>\nso \\boxed{0}", RationaleClass.BadIndex, null)]
    [InlineData("ok</analyze>\nso \\boxed{none}", RationaleClass.BadIndex, null)]
    [InlineData("ok</analyze>\nfirst \\boxed{1}, no, \\boxed{2}", RationaleClass.Concluded, 2)]
    [InlineData("ok</analyze>\n$\\boxed{\\text{Paragraph 3}}$", RationaleClass.Concluded, 3)]
    [InlineData("ok</analyze>\n$\\boxed{paragraph_3}$", RationaleClass.Concluded, 3)]
    public void Wrote_EndToken_ReadsTheIndexBehindTheSections(string text, RationaleClass expected, int? index)
    {
        var rationale = Write(RationaleLoop.Begin(Plain), text, FinishReason.EndToken);
        Assert.Equal((expected, index), (rationale.Class, rationale.Index));
    }

    [Fact]
    public void Wrote_EndOfThinking_ForcesTheConclusion()
    {
        var rationale = Write(RationaleLoop.Begin(Reasoning), "Wrong, \\boxed{9}.</analyze>\nHm.</think>", FinishReason.StopString, Reasoning);
        Assert.Equal(RationaleClass.Concluding, rationale.Class);
        var go = Assert.IsType<RationaleAction.Generate>(RationaleLoop.Next(rationale, Reasoning));
        Assert.EndsWith("</think>\n\nThe index of the first paragraph with an error, or -1 if there is none, is $\\boxed{", go.Prefill, StringComparison.Ordinal);
        Assert.Equal(["}"], go.Sampling.StopStrings);
        rationale = Write(rationale, "1}", FinishReason.StopString, Reasoning);
        Assert.Equal((RationaleClass.Concluded, 1), (rationale.Class, rationale.Index));
    }

    [Fact]
    public void Wrote_LengthLimit_ConcludesOrIsCut()
    {
        Assert.Equal(RationaleClass.Cut, Write(RationaleLoop.Begin(Plain), "and then", FinishReason.Length).Class);
        var forced = Write(RationaleLoop.Begin(Reasoning), "and then", FinishReason.Length, Reasoning);
        Assert.EndsWith("and then\n</think>\n\n" + JudgePrompt.Conclusion, forced.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrote_OneBlockTooMany_EndsWithoutRunningIt()
    {
        var parameters = Plain with { MaxBlocks = 1 };
        var rationale = Write(RationaleLoop.Begin(parameters), "A.</analyze>\n<verify>\n```python\nf()\n```\n", FinishReason.StopString, parameters);
        rationale = RationaleLoop.Ran(rationale, new SandboxOutcome.Completed("1", default), 3, parameters, []);
        rationale = Write(rationale, "```python\ng()\n```\n", FinishReason.StopString, parameters);
        Assert.Equal((RationaleClass.TooManyBlocks, null), (rationale.Class, rationale.PendingCode));
    }

    [Fact]
    public void Next_TokensUsedUp_NeverAsksForMore()
    {
        var parameters = Plain with { Sampling = Plain.Sampling with { MaxNewTokens = 10 } };
        var rationale = Write(RationaleLoop.Begin(parameters), "A.</analyze>\n<verify>\n```python\nf()\n```\n", FinishReason.StopString, parameters);
        Assert.IsType<RationaleAction.Run>(RationaleLoop.Next(rationale, parameters));
        Assert.Equal(RationaleClass.Cut, RationaleLoop.Ran(rationale, new SandboxOutcome.Completed("1", default), 3, parameters, []).Class);
    }

    [Fact]
    public void Wrote_ReasoningTagsOfItsOwnTurn_AreNoTrouble()
    {
        var written = RationaleLoop.Wrote(RationaleLoop.Begin(Reasoning), new("Fine.\n</think>", FinishReason.StopString, 3, []), 3, Reasoning, ["<think>", "</think>"]);
        Assert.NotEqual(RationaleClass.SpecialToken, written.Class);
        Assert.Equal(RationaleClass.SpecialToken, RationaleLoop.Wrote(RationaleLoop.Begin(Reasoning), new("<｜User｜>", FinishReason.EndToken, 3, []), 3, Reasoning, ["</think>", "<｜User｜>"]).Class);
    }

    [Fact]
    public void WroteAndRan_SpecialTokens_EndTheRationale()
    {
        Assert.Equal(RationaleClass.SpecialToken, RationaleLoop.Wrote(RationaleLoop.Begin(Plain), new("<|im_end|>", FinishReason.EndToken, 3, []), 3, Plain, ["<|im_end|>"]).Class);
        var rationale = Write(RationaleLoop.Begin(Plain), "A.</analyze>\n<verify>\n```python\nf()\n```\n", FinishReason.StopString);
        Assert.Equal(RationaleClass.SpecialToken, RationaleLoop.Ran(rationale, new SandboxOutcome.Completed("<|im_end|>", default), 3, Plain, ["<|im_end|>"]).Class);
    }

    [Fact]
    public void Wrote_WhileCodeWaits_IsMisuse()
    {
        var rationale = Write(RationaleLoop.Begin(Plain), "A.</analyze>\n<verify>\n```python\nf()\n```\n", FinishReason.StopString);
        Assert.Throws<InvalidOperationException>(() => Write(rationale, "more", FinishReason.EndToken));
    }

    private static Rationale Write(Rationale rationale, string text, FinishReason finish, RationaleParameters? parameters = null) =>
        RationaleLoop.Wrote(rationale, new(text, finish, 10, []), 3, parameters ?? Plain, []);

    private static Rationale Run(Rationale rationale, SandboxOutcome outcome) => RationaleLoop.Ran(rationale, outcome, 3, Plain, []);
}
