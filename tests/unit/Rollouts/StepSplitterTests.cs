using System.Collections.Immutable;
using CsCheck;
using GenPrm.Core.Rollouts;

namespace GenPrm.Tests.Unit.Rollouts;

public sealed class StepSplitterTests
{
    [Fact]
    public void Split_NumberedLines_CutsAtTheNextExpectedNumberAlone()
    {
        var split = StepSplitter.Split("Step 1: see Step 2: below\nStep 3: not yet\nStep 2:  two \n\n Step 3: indented\nStep 1: again\nStep 3:three");
        Assert.Equal("", split.Preamble);
        Assert.Equal(["see Step 2: below\nStep 3: not yet", "two \n\n Step 3: indented\nStep 1: again", "three"], split.Steps.Select(step => step.Text));
        Assert.Equal([1, 2, 3], split.Steps.Select(step => step.Number));
    }

    [Fact]
    public void Split_TextBeforeStepOne_IsThePreamble() => Assert.Equal("Sure.\n", StepSplitter.Split("Sure.\nStep 1: a").Preamble);

    [Fact]
    public void Split_AnyText_JoinedIsTheOriginal()
    {
        var piece = Gen.OneOf(OneOf("Step 1:", "Step 2:", "Step 3:", "Step 10:", "\n", "\n\n", " ", "\r\n", "Step", "é𝒳"), Gen.String[Gen.Char.AlphaNumeric, 0, 6]);
        piece.Array[0, 30].Select(string.Concat).Sample(text =>
        {
            var split = StepSplitter.Split(text);
            Assert.Equal(text, split.Preamble + string.Concat(split.Steps.Select(step => step.Raw)));
            Assert.All(split.Steps, (step, i) => Assert.Equal(i + 1, step.Number));
            Assert.All(split.Steps, step => Assert.Equal(step.Text.Trim(), step.Text));
        });
    }

    [Fact]
    public void Prefix_GivenSteps_HasOneBlankAfterTheColonAndThePolicysOwnGaps()
    {
        var steps = StepSplitter.Split("Step 1:  a=1 \nStep 2: b\n\nStep 3: \\boxed{2}").Steps;
        Assert.Equal("Step 1:", SolvingPrompt.Prefix(steps, 0, blank: false));
        Assert.Equal("Step 1: a=1 \nStep 2:", SolvingPrompt.Prefix(steps, 1, blank: false));
        Assert.Equal("Step 1: a=1 \nStep 2: b\n\nStep 3: ", SolvingPrompt.Prefix(steps, 2, blank: true));
    }

    [Fact]
    public void Prefix_AnySplit_SplitsIntoTheSameStepsAgain()
    {
        var text = Gen.String[Gen.Char["ab:=1 "], 0, 8];
        Gen.Select(text.Array[2, 6], OneOf("\n", "\n\n", " \n")).Sample((texts, gap) =>
        {
            var raw = string.Join(gap, texts.Select((one, i) => $"Step {i + 1}:{one}"));
            var steps = StepSplitter.Split(raw).Steps;
            var again = StepSplitter.Split(SolvingPrompt.Prefix(steps, steps.Length, blank: false)).Steps;
            Assert.Equal(steps.Select(step => step.Text), again.Take(steps.Length).Select(step => step.Text));
        });
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
