using System.Collections.Immutable;
using GenPrm.Core.Scoring;

namespace GenPrm.Trainer.Verification;

/// <summary>A judged row of the benchmark.</summary>
/// <param name="Subset">The name of its file, without the ending.</param>
/// <param name="Row">Its place in the file, from 1: ids in the wild repeat.</param>
/// <param name="Id">Its id.</param>
/// <param name="Label">The true first wrong step, from <b>0</b> as the benchmark counts, or -1.</param>
/// <param name="Score">What the judge said; its steps count from 1.</param>
public sealed record ProcessBenchResult(string Subset, int Row, string Id, int Label, ScoreRow Score)
{
    /// <summary>The vote of all paths in the benchmark's numbers: the first wrong step from <b>0</b>, or -1; null where it failed.</summary>
    public int? Predicted => Score.IsJudged ? ProcessBench.FromStep(Score.FirstWrongStep) : null;

    /// <summary>What the votes of a size say.</summary>
    internal ProcessBenchPrediction Of(ImmutableArray<ImmutableArray<int>> votes) =>
        new(Subset, Label, Score.IsJudged ? [.. votes.Select(vote => (int?)ProcessBench.FromStep(Score.FirstWrongOf(vote)))] : []);
}

/// <summary>One line of the report: the votes of a size.</summary>
/// <param name="Paths">Paths that vote: 1 is Pass@1, more is Maj@N.</param>
/// <param name="Votes">Disjoint votes of this size that the figures are means over.</param>
public sealed record VoteFigures(
    int Paths, int Votes, double F1, Interval F1Interval, double ErrorAccuracy, Interval ErrorInterval, double CorrectAccuracy, Interval CorrectInterval)
{
    public string Name => Paths == 1 ? "Pass@1" : $"Maj@{Paths}";
}

/// <summary>A subset's figures.</summary>
/// <param name="Rows">All rows; the next two are its classes. A failed row is a wrong one.</param>
/// <param name="Errors">Rows whose solution has an error.</param>
/// <param name="Steps">Judgements of steps over all paths, by class.</param>
public sealed record SubsetFigures(
    string Subset, int Rows, int Judged, int Failed, int Errors, ImmutableSortedDictionary<string, int> Steps, long Tokens, ImmutableArray<VoteFigures> Votes);

/// <summary>The mean of the subsets' F1, as the paper gives it.</summary>
public sealed record MeanFigures(int Paths, double F1, Interval F1Interval)
{
    public string Name => Paths == 1 ? "Pass@1" : $"Maj@{Paths}";
}

/// <summary>ProcessBench's figures: Pass@1 and every Maj@N from one run.</summary>
/// <param name="Failures">The reasons of rows that failed, and how many have each.</param>
public sealed record ProcessBenchReport(ImmutableArray<SubsetFigures> Subsets, ImmutableArray<MeanFigures> Mean, ImmutableSortedDictionary<string, int> Failures)
{
    /// <param name="results">At least one.</param>
    /// <param name="paths">Paths that judged every row.</param>
    public static ProcessBenchReport Of(IReadOnlyCollection<ProcessBenchResult> results, int paths)
    {
        var sizes = Votes.Sizes(paths);
        return new(
            [.. results.GroupBy(result => result.Subset).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => SubsetOf(group.Key, [.. group], paths))],
            [.. sizes.Select(size => ProcessBenchScore.Mean([.. results.Select(result => result.Of(Votes.Of(paths, size)))])).Zip(sizes, (mean, size) => new MeanFigures(size, mean.F1, mean.Interval))],
            results.Where(result => !result.Score.IsJudged).GroupBy(result => result.Score.Reason ?? "").ToImmutableSortedDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal));
    }

    private static SubsetFigures SubsetOf(string subset, List<ProcessBenchResult> results, int paths) => new(
        subset,
        results.Count,
        results.Count(result => result.Score.IsJudged),
        results.Count(result => !result.Score.IsJudged),
        results.Count(result => result.Label != ProcessBench.AllRight),
        Names.Count(results.SelectMany(result => result.Score.StepClasses)),
        results.Sum(result => result.Score.Tokens),
        [.. Votes.Sizes(paths).Select(size => FiguresOf(results, paths, size))]);

    private static VoteFigures FiguresOf(List<ProcessBenchResult> results, int paths, int size)
    {
        var votes = Votes.Of(paths, size);
        var score = ProcessBenchScore.Of(results.Select(result => result.Of(votes)));
        return new(size, votes.Length, score.F1, score.F1Interval, score.ErrorAccuracy, score.ErrorInterval, score.CorrectAccuracy, score.CorrectInterval);
    }
}
