using System.Diagnostics;
using System.Runtime.CompilerServices;
using GenPrm.Model.Torch;

namespace GenPrm.Bench;

/// <summary>Decoding: continuations of one 256-token prefix, 64 new tokens each, sampling included, as a share of the process's GEMM peak,
/// counting 2 FLOP a parameter and token.</summary>
internal static class DecodeBenchmark
{
    private const int PrefixTokens = 256;
    private const int NewTokens = 64;
    private static readonly int[] Batches = [1, 8, 32, 64];

    public static async IAsyncEnumerable<Figure> Run(string only, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var dtype in new[] { "bf16", "f32" })
        {
            if (!Names(dtype).Any(name => name.Contains(only, StringComparison.Ordinal)))
                continue;
            var target = TorchTarget.Parse("cpu", dtype);
            var peak = GemmPeak.Measure(target.Dtype);
            yield return new Figure($"gemm-peak/{dtype}", peak, "GFLOP/s");
            foreach (var (shape, config) in ModelShape.All)
            {
                if (!Batches.Any(batch => Name(shape, dtype, batch).Contains(only, StringComparison.Ordinal)))
                    continue;
                using var model = new ModelRun(config, target);
                model.Generate(PrefixTokens + 1, 4, NewTokens, PrefixTokens, (_, _) => { }); // until all code is compiled
                foreach (var batch in Batches)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var name = Name(shape, dtype, batch);
                    if (!name.Contains(only, StringComparison.Ordinal))
                        continue;
                    var rate = TokensPerSecond(model, batch);
                    var ratio = 2.0 * config.ParameterCount * rate / 1e9 / peak;
                    yield return new Figure(name, rate, "tokens/s", $"gemm-peak/{dtype} {peak:0} GFLOP/s", ratio);
                }
            }
        }
        await Task.CompletedTask;
    }

    private static double TokensPerSecond(ModelRun model, int batch)
    {
        // The first two steps meet cold memory.
        long start = 0;
        var (steps, tokens, seconds) = (0, 0, 0.0);
        model.Generate(PrefixTokens + 1, batch, NewTokens, PrefixTokens, (decodes, _) =>
        {
            if (decodes > 0 && steps++ == 2)
                start = Stopwatch.GetTimestamp();
            if (steps > 2)
                tokens += decodes;
            if (decodes == 0 && start != 0)
                seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
        return tokens / seconds;
    }

    private static IEnumerable<string> Names(string dtype) =>
        from shape in ModelShape.All from batch in Batches select Name(shape.Name, dtype, batch);

    private static string Name(string shape, string dtype, int batch) => $"decode/{shape}/{dtype}/{batch}";
}
