using System.Diagnostics;
using System.Runtime.CompilerServices;
using GenPrm.Model.Torch;
using TorchSharp;

namespace GenPrm.Bench;

/// <summary>What this process's matrix products reach at best: the yardstick of every model benchmark.</summary>
internal static class GemmPeak
{
    /// <summary>The products measured, by their edge.</summary>
    public static readonly int[] Sizes = [1024, 2048, 4096];

    /// <summary>The best median over the square products of <see cref="Sizes"/>.</summary>
    /// <returns>GFLOP/s, counting a multiplication and an addition as two.</returns>
    public static double Measure(torch.ScalarType dtype) => Sizes.Max(size => Median(dtype, size));

    /// <summary>The median rate of one square product, in GFLOP/s.</summary>
    public static double Median(torch.ScalarType dtype, int size)
    {
        NativeTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var left = torch.randn(size, size, torch.ScalarType.Float32).to_type(dtype);
        var right = torch.randn(size, size, torch.ScalarType.Float32).to_type(dtype);
        var flops = 2.0 * size * size * size;
        var repetitions = (int)Math.Clamp(4e11 / flops, 5, 41);
        torch.matmul(left, right).Dispose();
        var seconds = new double[repetitions];
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var start = Stopwatch.GetTimestamp();
            torch.matmul(left, right).Dispose();
            seconds[repetition] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        Array.Sort(seconds);
        return flops / seconds[repetitions / 2] / 1e9;
    }
}

/// <summary>The GEMM peak by itself, size by size.</summary>
internal static class GemmBenchmark
{
    public static async IAsyncEnumerable<Figure> Run(string only, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (label, dtype) in new[] { ("bf16", torch.ScalarType.BFloat16), ("f32", torch.ScalarType.Float32) })
        {
            foreach (var size in GemmPeak.Sizes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var name = $"gemm/{label}/{size}";
                if (name.Contains(only, StringComparison.Ordinal))
                    yield return new Figure(name, GemmPeak.Median(dtype, size), "GFLOP/s");
            }
        }
        await Task.CompletedTask;
    }
}
