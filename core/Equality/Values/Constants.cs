using System.Collections.Concurrent;
using System.Numerics;

namespace GenPrm.Core.Equality.Values;

/// <summary>π and ln 2 as integers in units of <c>2^-shift</c>, computed once for each of the few precisions that are in use.</summary>
internal static class Constants
{
    // Bits that the series lose at their ends.
    private const int Guard = 32;

    private static readonly ConcurrentDictionary<int, BigInteger> Pis = new();
    private static readonly ConcurrentDictionary<int, BigInteger> Ln2s = new();

    /// <summary>π · 2^shift.</summary>
    public static BigInteger Pi(int shift) => Pis.GetOrAdd(shift, static s => ComputePi(s + Guard) >> Guard);

    /// <summary>ln 2 · 2^shift.</summary>
    public static BigInteger Ln2(int shift) => Ln2s.GetOrAdd(shift, static s => ComputeLn2(s + Guard) >> Guard);

    // Machin's formula.
    private static BigInteger ComputePi(int shift) => (16 * ArctanOfInverse(5, shift)) - (4 * ArctanOfInverse(239, shift));

    private static BigInteger ArctanOfInverse(int x, int shift)
    {
        BigInteger power = (BigInteger.One << shift) / x, sum = power;
        for (var n = 3; !power.IsZero; n += 2)
        {
            power /= -(x * x);
            sum += power / n;
        }
        return sum;
    }

    // ln 2 = 2 artanh(1/3).
    private static BigInteger ComputeLn2(int shift)
    {
        BigInteger power = (BigInteger.One << shift) / 3, sum = power;
        for (var n = 3; !power.IsZero; n += 2)
        {
            power /= 9;
            sum += power / n;
        }
        return 2 * sum;
    }
}
