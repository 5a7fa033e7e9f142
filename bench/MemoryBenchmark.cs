using System.Globalization;
using System.Runtime.CompilerServices;
using GenPrm.Model.Torch;

namespace GenPrm.Bench;

/// <summary>The most memory this process ever had, with SmolLM2's shape in bf16 and 64 continuations of 256 new tokens.</summary>
internal static class MemoryBenchmark
{
    public static async IAsyncEnumerable<Figure> Run(string only, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (shape, config) = ModelShape.All[0];
        using (var model = new ModelRun(config, TorchTarget.Parse("cpu", "bf16")))
            model.Generate(257, 64, 256, 256, (_, _) => cancellationToken.ThrowIfCancellationRequested());
        var line = (await File.ReadAllLinesAsync("/proc/self/status", cancellationToken)).Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        var mebibytes = long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
        yield return new Figure($"memory/{shape}/bf16/64", mebibytes, "MiB", "2 GiB in all", mebibytes / 2048);
    }
}
