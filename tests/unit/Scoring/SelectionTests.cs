using GenPrm.Core.Scoring;

namespace GenPrm.Tests.Unit.Scoring;

public sealed class SelectionTests
{
    [Fact]
    public void Panel_Votes_AverageOverTheStepsThatAllHaveJudged()
    {
        var rewards = Panel.Rewards([[0.9, 0.2, 0.9], [0.3, 0.4]]);
        Assert.Equal([0.6, 0.3], rewards.Select(reward => Math.Round(reward, 9)));
        Assert.Equal(2, Panel.FirstWrong(rewards));
        Assert.True(Panel.IsRight(0.5));
    }

    [Fact]
    public void Next_EveryStepOrUntilWrong_EndsThePanelTogether()
    {
        Assert.Equal([0, 1], new PanelPlan(2, PanelStop.FirstWrong).Next([[], []], 3));
        Assert.Equal([0, 1], new PanelPlan(2, PanelStop.Never).Next([[0.9, 0.2], [0.3, 0.4]], 3));
        Assert.Empty(new PanelPlan(2, PanelStop.FirstWrong).Next([[0.9, 0.2], [0.3, 0.4]], 3));
        Assert.Empty(new PanelPlan(2, PanelStop.Never).Next([[0.9, 0.2, 1], [0.3, 0.4, 1]], 3));
    }

    [Fact]
    public void Next_EveryVote_GoesOnWithThePathsThatAnUndecidedVoteNeeds()
    {
        var plan = new PanelPlan(4, PanelStop.FirstWrongOfEveryVote);
        // Alone, path 0 and path 2 have found their errors; 0 and 1 together have not, nor have all four; 2 and 3 have.
        Assert.Equal([0, 1, 2, 3], plan.Next([[0.4], [0.9], [0.1], [0.8]], 2));
        // All four end too: path 3 goes on by itself, and 0 and 1 as a pair.
        Assert.Equal([0, 1, 3], plan.Next([[0.4], [0.7], [0.1], [0.6]], 2));
        Assert.Empty(plan.Next([[0.4], [0.2], [0.1], [0.3]], 2));
    }

    [Fact]
    public void Votes_OfSixPaths_AreDisjointGroupsInARow()
    {
        Assert.Equal([1, 2, 4, 6], Votes.Sizes(6));
        Assert.Equal([1], Votes.Sizes(1));
        Assert.Equal([1, 2, 4, 8], Votes.Sizes(8));
        Assert.Equal([[0, 1, 2, 3]], Votes.Of(6, 4).Select(vote => vote.ToArray()));
        Assert.Equal([[0, 1], [2, 3], [4, 5]], Votes.Of(6, 2).Select(vote => vote.ToArray()));
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
        ProcessBenchPrediction[] rows = [Row(2, 2), Row(1, 2), Row(0, -1), Row(3, 3), Row(-1, -1), Row(-1, 0), Row(-1, -1)];
        var score = ProcessBenchScore.Of(rows);
        Assert.Equal((2, 4, 2, 3), (score.ErrorRight, score.Errors, score.CorrectRight, score.Corrects));
        Assert.Equal(2 * 0.5 * (2.0 / 3) / (0.5 + (2.0 / 3)), score.F1, 12);
        Assert.Equal(score, ProcessBenchScore.Of(rows));
        Assert.InRange(score.F1, score.F1Interval.Low, score.F1Interval.High);
        Assert.True(score.F1Interval.High - score.F1Interval.Low > 0.2);
        Assert.Equal((-1, 0, 4), (ProcessBench.FromStep(null), ProcessBench.FromStep(1), ProcessBench.FromStep(5)));
    }

    [Fact]
    public void ProcessBench_SeveralVotesARow_CountByTheirShares()
    {
        // A row without a prediction is never right, not even where there is no error.
        var score = ProcessBenchScore.Of([Row(2, 2, 1), Row(-1, null, -1), Row(-1, (int?)null)]);
        Assert.Equal((0.5, 0.5, 0.25), (score.ErrorRight, score.CorrectRight, score.CorrectAccuracy));
        Assert.Equal(2 * 0.5 * 0.25 / 0.75, score.F1, 12);
    }

    [Fact]
    public void ProcessBench_Subsets_HaveTheMeanOfTheirF1()
    {
        ProcessBenchPrediction[] rows = [Row(1, 1), Row(-1, -1), Row(1, 0) with { Subset = "b" }, Row(-1, -1) with { Subset = "b" }];
        var (f1, interval) = ProcessBenchScore.Mean(rows);
        Assert.Equal((0.5, 0.5, 0.5), (f1, interval.Low, interval.High));
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

    private static ProcessBenchPrediction Row(int label, params int?[] predicted) => new("a", label, [.. predicted]);
}
