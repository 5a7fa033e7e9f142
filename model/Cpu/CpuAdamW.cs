using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Cpu;

/// <summary>What an update multiplies with.</summary>
/// <param name="Scale">Of the gradient, from clipping.</param>
/// <param name="Decay">1 − rate · decay.</param>
/// <param name="Rate">Rate / correction of the first moment.</param>
/// <param name="Deviation">1 / √correction of the second.</param>
internal readonly record struct AdamWFactors(float Scale, float Beta1, float Beta2, float Decay, float Rate, float Deviation, float Epsilon);

/// <summary>AdamW's passes over float32 tensors on a CPU: one for the norm, one for the update and the computing copy.</summary>
/// <remarks>Slices have a fixed size and their sums are added in order: the result does not depend on how many threads there are.</remarks>
internal static unsafe class CpuAdamW
{
    private const long Slice = 1 << 16;

    /// <summary>Whether tensors of this kind are handled here.</summary>
    public static bool Runs(Tensor master, Tensor compute) =>
        master.device_type == DeviceType.CPU && master.dtype == ScalarType.Float32 && master.is_contiguous()
        && compute.dtype is ScalarType.Float32 or ScalarType.BFloat16;

    /// <summary>The sum of squares.</summary>
    public static double SquaredNorm(Tensor gradient)
    {
        var count = gradient.numel();
        var values = (float*)NativeTorch.DataOf(gradient);
        var sums = new double[(count + Slice - 1) / Slice];
        ThreadTeam.For(sums.Length, slice => sums[slice] = SquaredNorm(values + (slice * Slice), Math.Min(Slice, count - (slice * Slice))));
        return sums.Sum();
    }

    /// <summary>Updates master and moments, and the computing copy where it is another tensor.</summary>
    public static void Update(Tensor master, Tensor gradient, Tensor first, Tensor second, Tensor compute, AdamWFactors factors)
    {
        var count = master.numel();
        var copy = ReferenceEquals(master, compute) ? null : (Bf16*)NativeTorch.DataOf(compute);
        float* w = Floats(master), g = Floats(gradient), m = Floats(first), v = Floats(second);
        ThreadTeam.For((int)((count + Slice - 1) / Slice), slice =>
        {
            var start = slice * Slice;
            Update(w + start, g + start, m + start, v + start, copy is null ? null : copy + start, Math.Min(Slice, count - start), factors);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SquaredNorm(float* values, long count)
    {
        var sum = 0.0;
        // Float sums over a few thousand numbers, double ones over those.
        for (long start = 0; start < count; start += 4096)
        {
            var end = Math.Min(count, start + 4096);
            Vector512<float> even = default, odd = default;
            var at = start;
            for (; at + 16 <= end; at += 16)
            {
                var x = Vector512.Load(values + at);
                (even, odd) = (odd, Vector512.FusedMultiplyAdd(x, x, even));
            }

            sum += Vector512.Sum(even + odd);
            for (; at < end; at++)
                sum += (double)values[at] * values[at];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update(float* w, float* g, float* m, float* v, Bf16* copy, long count, AdamWFactors by)
    {
        Vector512<float> scale = Vector512.Create(by.Scale), keep1 = Vector512.Create(by.Beta1), keep2 = Vector512.Create(by.Beta2);
        Vector512<float> new1 = Vector512.Create(1 - by.Beta1), new2 = Vector512.Create(1 - by.Beta2), decay = Vector512.Create(by.Decay);
        Vector512<float> rate = Vector512.Create(by.Rate), deviation = Vector512.Create(by.Deviation), epsilon = Vector512.Create(by.Epsilon);
        long at = 0;
        for (; at + 16 <= count; at += 16)
        {
            var gradient = Vector512.Load(g + at) * scale;
            var first = Vector512.FusedMultiplyAdd(Vector512.Load(m + at), keep1, gradient * new1);
            var second = Vector512.FusedMultiplyAdd(Vector512.Load(v + at), keep2, gradient * gradient * new2);
            var weight = (Vector512.Load(w + at) * decay) - (first / Vector512.FusedMultiplyAdd(Vector512.Sqrt(second), deviation, epsilon) * rate);
            first.Store(m + at);
            second.Store(v + at);
            weight.Store(w + at);
            if (copy is not null)
                Bf16.Store(weight, copy + at);
        }

        for (; at < count; at++)
        {
            var gradient = g[at] * by.Scale;
            m[at] = MathF.FusedMultiplyAdd(m[at], by.Beta1, gradient * (1 - by.Beta1));
            v[at] = MathF.FusedMultiplyAdd(v[at], by.Beta2, gradient * gradient * (1 - by.Beta2));
            w[at] = (w[at] * by.Decay) - (m[at] / MathF.FusedMultiplyAdd(MathF.Sqrt(v[at]), by.Deviation, by.Epsilon) * by.Rate);
            if (copy is not null)
                Bf16.StoreOne(w[at], copy + at);
        }
    }

    private static float* Floats(Tensor tensor) => (float*)NativeTorch.DataOf(tensor);
}
