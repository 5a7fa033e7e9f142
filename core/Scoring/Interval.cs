using GenPrm.Core.Identity;

namespace GenPrm.Core.Scoring;

/// <summary>A 95 % confidence interval.</summary>
public readonly record struct Interval(double Low, double High)
{
    private const double Z = 1.959963984540054;

    /// <summary>Wilson's interval of a share.</summary>
    /// <param name="count">A whole number, or a sum of shares in 0 .. 1: then the interval is too wide rather than too narrow.</param>
    public static Interval Wilson(double count, int of)
    {
        if (of == 0)
            return new(0, 1);
        var p = count / of;
        var spread = 1 + (Z * Z / of);
        var centre = (p + (Z * Z / (2 * of))) / spread;
        var half = Z / spread * Math.Sqrt((p * (1 - p) / of) + (Z * Z / (4.0 * of * of)));
        return new(Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary>The percentile bootstrap of a statistic over rows: the same numbers for the same seed.</summary>
    /// <param name="strata">How many rows each kind has; every resample has as many of each. The rows of a kind stand in a row.</param>
    /// <param name="statistic">Of the indices of a resample.</param>
    public static Interval Bootstrap(IReadOnlyList<int> strata, Func<int[], double> statistic, ulong seed = 1, int resamples = 2000)
    {
        ArgumentNullException.ThrowIfNull(strata);
        ArgumentNullException.ThrowIfNull(statistic);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(strata.Sum());
        var stream = new RandomStream(seed);
        var values = new double[resamples];
        var sample = new int[strata.Sum()];
        for (var i = 0; i < resamples; i++)
        {
            var first = 0;
            foreach (var rows in strata)
            {
                for (var j = 0; j < rows; j++)
                    sample[first + j] = first + stream.NextInt32(rows);
                first += rows;
            }

            values[i] = statistic(sample);
        }

        Array.Sort(values);
        return new(values[(int)(0.025 * (resamples - 1))], values[(int)Math.Ceiling(0.975 * (resamples - 1))]);
    }
}
