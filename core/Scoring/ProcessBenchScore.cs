using System.Collections.Immutable;

namespace GenPrm.Core.Scoring;

/// <summary>A row of the benchmark and what was predicted for it.</summary>
/// <param name="Subset">The part of the benchmark that it is of.</param>
/// <param name="Label">The true first wrong step, from 0, or -1.</param>
/// <param name="Predicted">One prediction for each vote of a size, from 0, or -1; null is no prediction, and never right.</param>
public sealed record ProcessBenchPrediction(string Subset, int Label, ImmutableArray<int?> Predicted)
{
    /// <summary>The share of the votes that are right.</summary>
    public double Hit => Predicted.IsEmpty ? 0 : Predicted.Average(one => one == Label ? 1.0 : 0.0);
}

/// <summary>ProcessBench's figures: accuracies on the solutions with an error (the first wrong index must match exactly) and on those without, and their harmonic
/// mean.</summary>
/// <param name="ErrorRight">Solutions with an error whose first wrong step was found; with several votes a row, the sum of their shares.</param>
/// <param name="Errors">Solutions with an error.</param>
/// <param name="CorrectRight">Solutions without an error in which none was seen, likewise.</param>
/// <param name="Corrects">Solutions without an error.</param>
/// <param name="F1">The harmonic mean of the two accuracies; 0 where there are no solutions of one kind.</param>
/// <param name="F1Interval">By bootstrap over the solutions, as many with and without an error in each resample.</param>
public sealed record ProcessBenchScore(double ErrorRight, int Errors, double CorrectRight, int Corrects, double F1, Interval F1Interval)
{
    public double ErrorAccuracy => Ratio(ErrorRight, Errors);

    public double CorrectAccuracy => Ratio(CorrectRight, Corrects);

    public Interval ErrorInterval => Interval.Wilson(ErrorRight, Errors);

    public Interval CorrectInterval => Interval.Wilson(CorrectRight, Corrects);

    /// <summary>The figures of rows, whatever subset they are of.</summary>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public static ProcessBenchScore Of(IEnumerable<ProcessBenchPrediction> rows, ulong seed = 1)
    {
        var (hits, strata) = Kinds(rows, row => (row.Label != ProcessBench.AllRight) ? 0 : 1, 2);
        var counts = Count(hits, [.. Enumerable.Range(0, hits.Length)], strata);
        return new(counts[0], strata[0], counts[1], strata[1], F1Of(counts, strata)[0], Interval.Bootstrap(strata, sample => F1Of(Count(hits, sample, strata), strata)[0], seed));
    }

    /// <summary>The mean of the subsets' F1, as the paper gives it, and its interval.</summary>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public static (double F1, Interval Interval) Mean(IReadOnlyCollection<ProcessBenchPrediction> rows, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var subsets = rows.Select(row => row.Subset).Distinct().ToList();
        var (hits, strata) = Kinds(rows, row => (2 * subsets.IndexOf(row.Subset)) + (row.Label != ProcessBench.AllRight ? 0 : 1), 2 * subsets.Count);
        double Statistic(int[] sample) => F1Of(Count(hits, sample, strata), strata).Average();
        return (Statistic([.. Enumerable.Range(0, hits.Length)]), Interval.Bootstrap(strata, Statistic, seed));
    }

    /// <summary>The rows' hits, sorted by kind, and how many there are of each kind.</summary>
    private static (double[] Hits, int[] Strata) Kinds(IEnumerable<ProcessBenchPrediction> rows, Func<ProcessBenchPrediction, int> kind, int kinds)
    {
        var sorted = rows.OrderBy(kind).ToList();
        if (sorted.Count == 0)
            throw new ArgumentException("there is nothing to score", nameof(rows));
        return ([.. sorted.Select(row => row.Hit)], [.. Enumerable.Range(0, kinds).Select(one => sorted.Count(row => kind(row) == one))]);
    }

    /// <summary>The sum of the hits of each kind.</summary>
    private static double[] Count(double[] hits, int[] sample, int[] strata)
    {
        var counts = new double[strata.Length];
        var at = 0;
        for (var kind = 0; kind < strata.Length; kind++)
        {
            for (var end = at + strata[kind]; at < end; at++)
                counts[kind] += hits[sample[at]];
        }

        return counts;
    }

    /// <summary>The F1 of each subset; kinds alternate: with an error, without.</summary>
    private static double[] F1Of(double[] counts, int[] strata) =>
        [.. Enumerable.Range(0, strata.Length / 2).Select(subset => Harmonic(Ratio(counts[2 * subset], strata[2 * subset]), Ratio(counts[(2 * subset) + 1], strata[(2 * subset) + 1])))];

    private static double Ratio(double count, int of) => of == 0 ? 0 : count / of;

    private static double Harmonic(double a, double b) => a + b == 0 ? 0 : 2 * a * b / (a + b);
}
