using System.Diagnostics;
using System.Runtime.CompilerServices;
using GenPrm.Model.Torch;

namespace GenPrm.Bench;

/// <summary>Prefill: one prompt of 1,024 tokens in parts of 256, as a share of the process's GEMM peak, counting 2 FLOP a token and
/// parameter but those of the output layer, which prompts do not run.</summary>
internal static class PrefillBenchmark
{
    private const int PromptTokens = 1024;
    private const int PartTokens = 256;

    public static async IAsyncEnumerable<Figure> Run(string only, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var dtype in new[] { "bf16", "f32" })
        {
            var names = ModelShape.All.Select(shape => Name(shape.Name, dtype)).ToList();
            if (!names.Exists(name => name.Contains(only, StringComparison.Ordinal)))
                continue;
            var target = TorchTarget.Parse("cpu", dtype);
            var peak = GemmPeak.Measure(target.Dtype);
            yield return new Figure($"gemm-peak/{dtype}", peak, "GFLOP/s");
            foreach (var (shape, config) in ModelShape.All.Where(shape => Name(shape.Name, dtype).Contains(only, StringComparison.Ordinal)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var model = new ModelRun(config, target);
                var rate = Enumerable.Range(0, 3).Max(_ => TokensPerSecond(model));
                var parameters = config.ParameterCount - ((long)config.VocabularySize * config.HiddenSize);
                yield return new Figure(
                    Name(shape, dtype), rate, "tokens/s", $"gemm-peak/{dtype} {peak:0} GFLOP/s", 2.0 * parameters * rate / 1e9 / peak);
            }
        }
        await Task.CompletedTask;
    }

    private static double TokensPerSecond(ModelRun model)
    {
        var start = Stopwatch.GetTimestamp();
        var seconds = 0.0;
        model.Generate(PromptTokens + 1, 1, 1, PartTokens, (decodes, _) =>
        {
            if (decodes == 1)
                seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
        return PromptTokens / seconds;
    }

    private static string Name(string shape, string dtype) => $"prefill/{shape}/{dtype}";
}
