using System.Globalization;
using GenPrm.Core.Scoring;
using GenPrm.Trainer.Verification;

namespace GenPrm.Client.Display;

/// <summary>ProcessBench's figures for people, in per cent.</summary>
internal static class ProcessBenchText
{
    public static IEnumerable<string> Lines(ProcessBenchReport report)
    {
        foreach (SubsetFigures subset in report.Subsets)
        {
            yield return Invariant($"{subset.Subset}: {subset.Rows} solutions, {subset.Errors} with an error; {subset.Judged} judged, {subset.Failed} failed (counted as wrong); {subset.Tokens:N0} tokens");
            yield return $"  judgements of steps: {string.Join(", ", subset.Steps.Select(one => Invariant($"{one.Value:N0} {one.Key.Replace('_', ' ')}")))}";
            yield return $"  {"",-8} {"F1",-22} {"error accuracy",-22} correct accuracy";
            foreach (VoteFigures votes in subset.Votes)
                yield return $"  {votes.Name,-8} {Figure(votes.F1, votes.F1Interval),-22} {(subset.Errors > 0 ? Figure(votes.ErrorAccuracy, votes.ErrorInterval) : "-"),-22} {(subset.Errors < subset.Rows ? Figure(votes.CorrectAccuracy, votes.CorrectInterval) : "-")}";
        }

        if (report.Subsets.Length > 1)
        {
            yield return "mean F1 of the subsets";
            foreach (MeanFigures mean in report.Mean)
                yield return $"  {mean.Name,-8} {Figure(mean.F1, mean.F1Interval)}";
        }

        foreach ((string reason, int count) in report.Failures)
            yield return $"failed, {count}: {reason}";
        yield return "Intervals are of 95 %. In the rows, label and predicted count steps from 0 as the benchmark does (-1: none wrong); first_wrong_step counts from 1.";
    }

    private static string Figure(double value, Interval interval) => Invariant($"{100 * value:0.0}  ({100 * interval.Low:0.0} .. {100 * interval.High:0.0})");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
