using GenPrm.Client.Display;
using GenPrm.Core.Scoring;
using GenPrm.Trainer.Verification;

namespace GenPrm.Tests.Unit.Client;

public sealed class JudgementTextTests
{
    [Fact]
    public void Lines_StepThatNobodyJudged_IsNotCalledRight()
    {
        var score = new ScoreRow(ScoreClass.Judged, null, [Path(StepClass.Judged, StepClass.NoJudgement), Path(StepClass.Judged, StepClass.NoJudgement)]);
        string[] lines = [.. JudgementText.Lines(new Solution("a", "What?", ["one", "two"]), score)];
        Assert.Contains("right", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("right", lines[2], StringComparison.Ordinal);
        Assert.Equal("  no judgement at step 2 (2 of 2 paths): counted 0.5, which says nothing", lines[3]);
    }

    private static PathScore Path(params StepClass[] classes) => new(
        [.. classes.Select((@class, i) => new StepScore(i + 1, @class == StepClass.NoJudgement ? 0.5 : 0.9, @class) { Verdict = @class == StepClass.NoJudgement ? null : true })]);
}
