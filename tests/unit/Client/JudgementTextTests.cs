using GenPrm.Client.Display;
using GenPrm.Core.Rationales;
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
        Assert.EndsWith("no wrong step of 2, 1 of them not judged", lines[0], StringComparison.Ordinal);
        Assert.Null(JudgementText.Silence([score]));
    }

    [Fact]
    public void Silence_OfAModelThatJudgesNothing_IsSaid()
    {
        var nothing = new ScoreRow(ScoreClass.Judged, null, [Path(StepClass.NoJudgement, StepClass.NoJudgement)]);
        var failed = new ScoreRow(ScoreClass.Failed, "why", []);
        Assert.StartsWith("WARNING: the model gave no judgement", JudgementText.Silence([nothing, failed]), StringComparison.Ordinal);
        Assert.Null(JudgementText.Silence([failed]));
        Assert.Null(JudgementText.Silence([nothing, new(ScoreClass.Judged, null, [Path(StepClass.NoJudgement, StepClass.Judged)])]));
    }

    [Fact]
    public void Lines_ControlCharactersOfStepsAndCritiques_AreShownNotObeyed()
    {
        var said = new StepScore(1, 0.1, StepClass.Judged) { Verdict = false, Analysis = "red \u001b[31m\u202e back\r", Code = [new("x\u0007", BlockClass.Completed, "\u009b2J\ttab")] };
        var text = string.Join('\n', JudgementText.Lines(new Solution("a\u001b]0;b", "What?", ["one\u001b[2J"]), new ScoreRow(ScoreClass.Judged, null, [new([said])])));
        Assert.DoesNotContain(text, character => char.IsControl(character) && character is not ('\n' or '\t'));
        Assert.Contains("red \\u001b[31m\\u202e back\\u000d", text, StringComparison.Ordinal);
        Assert.Contains("\ttab", text, StringComparison.Ordinal);
    }

    private static PathScore Path(params StepClass[] classes) => new(
        [.. classes.Select((@class, i) => new StepScore(i + 1, @class == StepClass.NoJudgement ? 0.5 : 0.9, @class) { Verdict = @class == StepClass.NoJudgement ? null : true })]);
}
