using System.Collections.Immutable;
using GenPrm.Core.Scoring;

namespace GenPrm.Lab.Evaluation;

/// <summary>A figure of one seed, worked out from the sums of what its units count. Units are what is drawn anew in a resample: solutions, or problems.</summary>
/// <param name="Units">The units' names, kind by kind: two figures of the same units are compared unit by unit.</param>
/// <param name="Kinds">How many units of each kind there are; a resample has as many.</param>
/// <param name="Counts">What each unit counts, up to four things.</param>
/// <param name="Figure">Of the sums.</param>
public sealed record Measured(ImmutableArray<string> Units, ImmutableArray<int> Kinds, ImmutableArray<ImmutableArray<double>> Counts, Func<double[], double> Figure)
{
    private const int MostCounts = 4;

    public double Value => At([.. Enumerable.Range(0, Units.Length)], 0);

    /// <summary>F1 of a judge at one size of vote: solutions with a wrong step, then those without.</summary>
    public static Measured F1(JudgeReport report, Index size)
    {
        ArgumentNullException.ThrowIfNull(report);
        var rows = JudgeEvaluation.Predictions(report.Solutions, size.GetOffset(report.Scores.Length)).Zip(report.Solutions, (row, solution) => (solution.Id, row.Hit, Clean: solution.Label is null))
            .OrderBy(row => row.Clean).ToList();
        var clean = rows.Count(row => row.Clean);
        return new(
            [.. rows.Select(row => row.Id)], [rows.Count - clean, clean],
            [.. rows.Select(row => row.Clean ? ImmutableArray.Create(0, 0, row.Hit, 1) : [row.Hit, 1, 0, 0])],
            sums => Harmonic(Ratio(sums[0], sums[1]), Ratio(sums[2], sums[3])));
    }

    /// <summary>A mean of shares, one a problem.</summary>
    public static Measured Share(ImmutableArray<(string Problem, double Share)> rows) => new(
        [.. rows.Select(row => row.Problem)], [rows.Length], [.. rows.Select(row => ImmutableArray.Create(row.Share, 1))], sums => Ratio(sums[0], sums[1]));

    /// <summary>The mean of the seeds' figures, with its 95 % interval.</summary>
    public static (double Value, Interval Interval) Mean(IReadOnlyList<Measured> seeds) =>
        Bootstrap(seeds, (sample, seed, first) => seeds[seed].At(sample, first));

    /// <summary>The mean of the seeds' differences, with its 95 % interval: in each seed both sides are resampled together. Null where the sides are not of the same units.</summary>
    public static (double Value, Interval Interval)? Difference(IReadOnlyList<(Measured More, Measured Less)> seeds)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        return seeds.Count == 0 || seeds.Any(seed => !seed.More.Units.SequenceEqual(seed.Less.Units) || !seed.More.Kinds.SequenceEqual(seed.Less.Kinds))
            ? null
            : Bootstrap([.. seeds.Select(seed => seed.More)], (sample, seed, first) => seeds[seed].More.At(sample, first) - seeds[seed].Less.At(sample, first));
    }

    internal static double Ratio(double count, double of) => of == 0 ? 0 : count / of;

    internal static double Harmonic(double a, double b) => a + b == 0 ? 0 : 2 * a * b / (a + b);

    private static (double, Interval) Bootstrap(IReadOnlyList<Measured> seeds, Func<int[], int, int, double> figure)
    {
        double Mean(int[] sample)
        {
            var (sum, first) = (0.0, 0);
            for (var seed = 0; seed < seeds.Count; first += seeds[seed++].Units.Length)
                sum += figure(sample, seed, first);
            return sum / seeds.Count;
        }

        int[] kinds = [.. seeds.SelectMany(seed => seed.Kinds)];
        return (Mean([.. Enumerable.Range(0, kinds.Sum())]), Interval.Bootstrap(kinds, Mean));
    }

    /// <summary>The figure of a sample's units.</summary>
    /// <param name="sample">Places among the units of all seeds.</param>
    /// <param name="first">The place of this seed's first.</param>
    private double At(int[] sample, int first)
    {
        var sums = new double[MostCounts];
        for (var i = first; i < first + Units.Length; i++)
        {
            var counts = Counts[sample[i] - first];
            for (var j = 0; j < counts.Length; j++)
                sums[j] += counts[j];
        }

        return Figure(sums);
    }
}
