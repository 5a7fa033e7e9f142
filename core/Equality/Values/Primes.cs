using System.Numerics;

namespace GenPrm.Core.Equality.Values;

/// <summary>Factors integers as far as small primes go.</summary>
internal static class Primes
{
    /// <summary>Every factor below this bound's square is known to be a prime.</summary>
    public const int Bound = 1_009;

    // Roots of longer numbers cost more than they are worth: such a number is taken as it is.
    private const int LongestPower = 2_000;

    // Higher roots than this are not tried.
    private const int HighestRoot = 64;

    private const int RootCost = 20;

    // What a double's logarithm of so long a number may be wrong by.
    private const double Slack = 1e-10;

    private static readonly int[] Small = [.. Enumerable.Range(2, Bound - 2).Where(n => Enumerable.Range(2, (int)Math.Sqrt(n)).TakeWhile(d => d * d <= n).All(d => n % d != 0))];

    /// <summary>The prime powers of <paramref name="value"/>, a positive integer. What small primes leave is one factor, a perfect power being taken apart.</summary>
    public static List<(BigInteger Prime, int Exponent)> Of(BigInteger value, Budget budget)
    {
        var factors = new List<(BigInteger, int)>();
        budget.Spend(1 + (value.GetBitLength() / 8));
        foreach (var prime in Small)
        {
            if (value.IsOne)
                break;
            if (value < (BigInteger)prime * prime)
                break;
            var exponent = 0;
            while (value % prime is { IsZero: true })
            {
                value /= prime;
                exponent++;
                budget.Spend(1 + (value.GetBitLength() / 256));
            }
            if (exponent > 0)
                factors.Add((prime, exponent));
        }
        if (value.IsOne)
            return factors;
        var (root, power) = Powerless(value, budget);
        factors.Add((root, power));
        return factors;
    }

    // The number and the exponent that a perfect power is made of. Beyond the bound its base has ten bits at least.
    private static (BigInteger Root, int Exponent) Powerless(BigInteger value, Budget budget)
    {
        var exponent = 1;
        foreach (var index in Small)
        {
            while (value.GetBitLength() is var bits && bits <= LongestPower && index * 10L <= bits && Root(value, index, budget) is { } root)
                (value, exponent) = (root, exponent * index);
            if (index > HighestRoot)
                break;
        }
        return (value, exponent);
    }

    // The exact root, or null: Newton's steps from above, beginning with a double's digits.
    private static BigInteger? Root(BigInteger value, int index, Budget budget)
    {
        var bits = value.GetBitLength();
        budget.Spend(RootCost + (bits * bits >> 12));
        var logarithm = BigInteger.Log(value, 2) / index;
        var shift = Math.Max(0, (int)logarithm - 60);
        var root = (new BigInteger(Math.Pow(2, logarithm - shift) * (1 + Slack)) + 1) << shift;
        while (true)
        {
            var next = (((index - 1) * root) + (value / BigInteger.Pow(root, index - 1))) / index;
            if (next >= root)
                return BigInteger.Pow(root, index) == value ? root : null;
            root = next;
        }
    }
}
