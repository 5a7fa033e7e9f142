using System.Collections.Immutable;
using GenPrm.Core.Rationales;
using GenPrm.Core.Scoring;

namespace GenPrm.Tests.Unit.Scoring;

public sealed class SelectionTests
{
    [Fact]
    public void Panel_Votes_AverageAndEndAtTheFirstWrongStep()
    {
        JudgePath[] paths = [Path(0.9, 0.2, 0.9), Path(0.3, 0.4)];
        Assert.Equal([0.6, 0.3], Panel.Rewards(paths).Select(reward => Math.Round(reward, 9)));
        Assert.Equal(2, Panel.FirstWrong(Panel.Rewards(paths)));
        Assert.Equal(3, Panel.NextStep(paths, 3, stopAtFirstWrong: false));
        Assert.Null(Panel.NextStep(paths, 3, stopAtFirstWrong: true));
        Assert.Equal(1, Panel.NextStep([JudgePath.Empty, JudgePath.Empty], 3, stopAtFirstWrong: true));
        Assert.True(Panel.IsRight(0.5));
    }

    [Fact]
    public void Score_Aggregates_AreLastMeanAndLeast()
    {
        double[] rewards = [0.5, 0.1, 0.9];
        Assert.Equal([0.9, 0.5, 0.1], Enum.GetValues<Aggregate>().Select(aggregate => Selection.Score(aggregate, rewards)));
        Assert.Equal(1, Selection.Best([0.1, 0.7, 0.7]));
    }

    [Fact]
    public void Majority_EqualAnswersInOtherForms_VoteTogether()
    {
        Assert.Equal(1, Selection.Majority([null, "0.5", "7", "0.50", "7", "0.5"]));
        Assert.Equal(0, Selection.Majority(["7", "8"]));
        Assert.Null(Selection.Majority([null, null]));
    }

    [Theory]
    [InlineData(1, 3, 4, 0.75)]
    [InlineData(2, 1, 4, 0.5)]
    [InlineData(4, 1, 4, 1)]
    [InlineData(2, 0, 4, 0)]
    public void PassAt_Counts_IsTheUnbiasedEstimate(int k, int right, int of, double expected) => Assert.Equal(expected, Selection.PassAt(k, right, of), 12);

    [Fact]
    public void ProcessBench_Predictions_AreScoredByTheHarmonicMean()
    {
        (int, int)[] rows = [(2, 2), (1, 2), (0, -1), (3, 3), (-1, -1), (-1, 0), (-1, -1)];
        var score = ProcessBenchScore.Of(rows);
        Assert.Equal((2, 4, 2, 3), (score.ErrorRight, score.Errors, score.CorrectRight, score.Corrects));
        Assert.Equal(2 * 0.5 * (2.0 / 3) / (0.5 + (2.0 / 3)), score.F1, 12);
        Assert.Equal(score, ProcessBenchScore.Of(rows));
        Assert.InRange(score.F1, score.F1Interval.Low, score.F1Interval.High);
        Assert.Equal((-1, 0, 4), (ProcessBench.FromStep(null), ProcessBench.FromStep(1), ProcessBench.FromStep(5)));
    }

    [Fact]
    public void Wilson_KnownShare_IsThePublishedInterval()
    {
        // 10 of 20: 0.2993 to 0.7007.
        var interval = Interval.Wilson(10, 20);
        Assert.Equal((0.2993, 0.7007), (Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
    }

    [Fact]
    public void Read_RealFile_GivesItsRows()
    {
        var rows = ProcessBench.Read(File.ReadAllText(TestMaterial.Shared("data", "processbench", "gsm8k.json")));
        Assert.Equal(400, rows.Length);
        Assert.Equal(("gsm8k-0", 1, false, 4), (rows[0].Id, rows[0].Label, rows[0].FinalAnswerCorrect, rows[0].Steps.Length));
    }

    [Theory]
    [InlineData("""[{"id": "a", "problem": "p", "steps": ["s"], "label": 1}]""", "row 1: label 1 is no step of 1")]
    [InlineData("""{"id": "a", "problem": "p", "label": 0}""", "row 1: no field 'steps'")]
    [InlineData("[{", "no JSON array")]
    public void Read_BadRows_SayWhatIsWrong(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => ProcessBench.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Turn_Critique_QuotesTheWholeStep() =>
        Assert.Equal(
            "This paragraph of your solution may be wrong:\n\n> a\n> b\n\nIt is 5.\n\nThink it over and write the whole solution again.",
            Critic.Turn("a\nb", "It is 5."));

    private static JudgePath Path(params double[] rewards) =>
        new([.. rewards.Select((reward, i) => new StepJudgement { Paragraph = i + 1, Phase = JudgingPhase.Ended, Reward = reward })]);
}
