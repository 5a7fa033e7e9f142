using System.Numerics;

namespace GenPrm.Core.Equality.Values;

/// <summary>Factors integers as far as small primes go.</summary>
internal static class Primes
{
    /// <summary>Every factor below this bound's square is known to be a prime.</summary>
    public const int Bound = 1_009;

    // Roots of longer numbers cost more than they are worth: such a number is taken as it is.
    private const int LongestPower = 2_000;

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
        // Beyond the bound a square or cube would have a factor of ten bits at least.
        for (var index = value.GetBitLength() > LongestPower ? 0 : (int)Math.Min(value.GetBitLength() / 10, 64); index >= 2; index--)
        {
            var root = Root(value, index);
            if (BigInteger.Pow(root, index) == value)
            {
                factors.Add((root, index));
                return factors;
            }
            budget.Spend(1 + (value.GetBitLength() / 32));
        }
        factors.Add((value, 1));
        return factors;
    }

    private static BigInteger Root(BigInteger value, int index)
    {
        var root = BigInteger.One << (int)((value.GetBitLength() / index) + 1);
        while (true)
        {
            var next = (((index - 1) * root) + (value / BigInteger.Pow(root, index - 1))) / index;
            if (next >= root)
                return root;
            root = next;
        }
    }
}
