namespace GenPrm.Bench;

/// <summary>One benchmark: a name on the command line and the figures that it measures, written as they come.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Run">Measures. The text is a filter: only figures whose name contains it need be measured.</param>
internal sealed record Benchmark(string Name, Func<string, CancellationToken, IAsyncEnumerable<Figure>> Run);

/// <summary>A benchmark registers itself by a line here.</summary>
internal static class Benchmarks
{
    public static readonly Benchmark[] All =
    [
        new("gemm", GemmBenchmark.Run),
        new("decode", DecodeBenchmark.Run),
        new("prefill", PrefillBenchmark.Run),
        new("memory", MemoryBenchmark.Run),
        new("sft", SftBenchmark.Run),
        new("sandbox", SandboxBenchmark.Run),
        new("answers", AnswersBenchmark.Run),
    ];
}
