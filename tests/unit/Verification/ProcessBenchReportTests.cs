using System.Collections.Immutable;
using System.Text.Json;
using GenPrm.Core.Rationales;
using GenPrm.Trainer.Verification;

namespace GenPrm.Tests.Unit.Verification;

public sealed class ProcessBenchReportTests
{
    [Fact]
    public void Of_TwoPaths_GivesPassAtOneAsTheMeanAndTheirVote()
    {
        // The error is in step 2, that is index 1. Path 0 finds it; path 1 sees none; together they find it.
        var error = Row("a", 1, [[0.9, 0.1], [0.9, 0.6]]);
        // Both see an error in step 1 where there is none.
        var correct = Row("a", -1, [[0.2], [0.3]]);
        var report = ProcessBenchReport.Of([error, correct, Row("b", 0, null), Row("b", -1, [[1, 1], [1, 1]])], 2);

        Assert.Equal((1, 0, null), (error.Predicted, correct.Predicted, Row("b", 0, null).Predicted));
        var a = report.Subsets[0];
        Assert.Equal(["Pass@1", "Maj@2"], a.Votes.Select(votes => votes.Name));
        Assert.Equal([0.5, 1], a.Votes.Select(votes => votes.ErrorAccuracy));
        Assert.Equal([0, 0], a.Votes.Select(votes => votes.CorrectAccuracy));
        Assert.Equal([2, 1], a.Votes.Select(votes => votes.Votes));
        var b = report.Subsets[1];
        Assert.Equal((2, 1, 1, 1), (b.Rows, b.Judged, b.Failed, b.Errors));
        Assert.Equal((0, 1), (b.Votes[1].ErrorAccuracy, b.Votes[1].CorrectAccuracy));
        Assert.Equal(1, report.Failures["too long"]);
        Assert.Equal(6, a.Steps["judged"]);
    }

    [Fact]
    public void Row_WrittenAndRead_IsTheSame()
    {
        var step = new StepScore(1, 0.25, StepClass.Forced) { Verdict = false, Text = "t", Analysis = "a", Code = [new("print(1)", BlockClass.Completed, "1")], Tokens = 7, Attempts = 2 };
        var row = new ProcessBenchResult("a", 3, "id", 0, ScoreRow.Of(new SolutionScore.Judged("a/3", [new([step])])));
        var json = JsonSerializer.Serialize(row, RowJson.Options);
        Assert.Contains("\"predicted\":0", json, StringComparison.Ordinal);
        Assert.Contains("\"first_wrong_step\":1", json, StringComparison.Ordinal);
        var read = JsonSerializer.Deserialize<ProcessBenchResult>(json, RowJson.Options)!;
        Assert.Equal(json, JsonSerializer.Serialize(read, RowJson.Options));
        Assert.Equal(step with { Code = [] }, read.Score.Paths[0].Steps[0] with { Code = [] });
    }

    private static ProcessBenchResult Row(string subset, int label, double[][]? paths) => new(subset, 1, "id", label, paths is null
        ? new ScoreRow(ScoreClass.Failed, "too long", [])
        : new(ScoreClass.Judged, null, [.. paths.Select(rewards => new PathScore([.. rewards.Select((reward, i) => new StepScore(i + 1, reward, StepClass.Judged))]))]));
}
