namespace GenPrm.Core.Equality.Values;

/// <summary>Tells whether a difference vanishes, to as many bits as the numbers in it ask for.</summary>
internal static class ZeroTest
{
    private const int HighestPrecision = 2_048;

    // What a constant's digits must agree in beyond those that its parts explain; less for one of many points.
    private const int Margin = 128;
    private const int MarginAtPoint = 64;

    // A value so far below 1 or its terms may be what rounding left: then it shrinks, by more than so many bits, as the precision grows.
    private const int Small = 64;
    private const int Shrunk = 32;

    /// <summary>The value of <paramref name="difference"/> at <paramref name="point"/>, and whether it is zero as far as can be told.</summary>
    /// <exception cref="TooCloseException">It vanishes to the highest precision, and numbers of these sizes could differ by less.</exception>
    /// <exception cref="UndefinedException">It has no value there.</exception>
    public static (bool Vanishes, Complex Value) Of(Polynomial difference, Point point, Budget budget)
    {
        var wanted = point.IsNone ? Margin + difference.LongestCoefficient : MarginAtPoint;
        var last = long.MinValue / 2;
        for (var precision = Real.LeastPrecision; ; precision *= 2)
        {
            var evaluation = new Evaluation(point, precision, budget);
            var (value, size) = evaluation.Value(difference);
            var (vanishes, needed) = (value.Size.Vanishes(size), wanted + evaluation.Weight);
            var isPlain = !vanishes && !evaluation.IsSnapped && value.Size.Magnitude > Math.Max(size.Magnitude, 0) - Small;
            // No precision that is tried would be enough: what differs plainly differs.
            if (isPlain && (needed <= Seen(precision) || needed > Seen(HighestPrecision)))
                return (false, value);
            if (needed > Seen(HighestPrecision))
                throw new TooCloseException();
            if (needed <= Seen(precision) && (vanishes || precision > Real.LeastPrecision))
                return (vanishes || value.Size.Magnitude < last - Shrunk, value);
            last = vanishes ? long.MinValue / 2 : value.Size.Magnitude;
        }
    }

    // Bits in which a difference must be nothing.
    private static int Seen(int precision) => precision * 3 / 4;
}
