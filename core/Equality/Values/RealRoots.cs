namespace GenPrm.Core.Equality.Values;

/// <summary>Where a polynomial with real coefficients, the constant one first, turns or vanishes; in doubles, as its places only say where to look.</summary>
internal static class RealRoots
{
    private const int Bisections = 80;

    /// <summary>Its real roots and those of its derivatives, in order: between two neighbours it neither changes its sign nor turns.</summary>
    public static List<double> Of(ReadOnlySpan<double> coefficients)
    {
        while (coefficients.Length > 0 && coefficients[^1] == 0)
            coefficients = coefficients[..^1];
        if (coefficients.Length < 2)
            return [];
        if (coefficients.Length == 2)
            return [-coefficients[0] / coefficients[1]];
        var slopes = new double[coefficients.Length - 1];
        var bound = 1.0;
        for (var i = 0; i < slopes.Length; i++)
        {
            slopes[i] = coefficients[i + 1] * (i + 1);
            bound = Math.Max(bound, 1 + Math.Abs(coefficients[i] / coefficients[^1]));
        }
        var places = Of(slopes);
        var (roots, low) = (new List<double>(), -bound);
        foreach (var high in places.Append(bound))
        {
            if (high > low && Value(coefficients, low) < 0 != Value(coefficients, high) < 0)
                roots.Add(Bisected(coefficients, low, high));
            low = high;
        }
        return [.. places.Concat(roots).Where(double.IsFinite).Order()];
    }

    private static double Bisected(ReadOnlySpan<double> coefficients, double low, double high)
    {
        var isLowNegative = Value(coefficients, low) < 0;
        for (var n = 0; n < Bisections; n++)
        {
            var middle = (low + high) / 2;
            if (Value(coefficients, middle) < 0 == isLowNegative)
                low = middle;
            else
                high = middle;
        }
        return (low + high) / 2;
    }

    private static double Value(ReadOnlySpan<double> coefficients, double x)
    {
        var value = 0.0;
        for (var i = coefficients.Length - 1; i >= 0; i--)
            value = (value * x) + coefficients[i];
        return value;
    }
}
