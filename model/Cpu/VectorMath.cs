using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenPrm.Model.Cpu;

internal static class VectorMath
{
    /// <summary>e to the power of each number, within 2 units in the last place; 0 below -87.3, for numbers up to 88.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // 2^n · e^r with n the nearest whole number of x / ln 2 and r the rest; ln 2 in two parts keeps the rest exact.
        var n = Vector512.Round(x * Vector512.Create(1.44269504f));
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.693359375f), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(2.12194440e-4f), r);
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(1.9875691e-4f), r, Vector512.Create(1.3981999e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(8.3334519e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(4.1665796e-2f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.6666665e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(5.0000001e-1f));
        p = Vector512.FusedMultiplyAdd(p, r * r, r + Vector512<float>.One);
        var scale = Vector512.ShiftLeft(Vector512.ConvertToInt32(n) + Vector512.Create(127), 23).AsSingle();
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-87.3f)), Vector512<float>.Zero, p * scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector512<float> x)
    {
        var half = Vector256.Max(x.GetLower(), x.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        return Math.Max(Math.Max(quarter[0], quarter[1]), Math.Max(quarter[2], quarter[3]));
    }
}
