using System.Diagnostics;
using System.Runtime.CompilerServices;
using GenPrm.Core.Execution;
using GenPrm.Sandbox;
using GenPrm.Sandbox.Setup;
using Microsoft.Extensions.Logging.Abstractions;

namespace GenPrm.Bench;

/// <summary>A block of Python, from request to outcome: the first of a rationale (its session opened, its interpreter forked) and later
/// ones, beside a <c>docker run</c> a block of the same image in the same run.</summary>
internal static class SandboxBenchmark
{
    private const int Rationales = 200;
    private const int LaterBlocks = 1000;
    private const int DockerRuns = 9;
    private const int BlocksOfARationale = 5;
    private const string Block = "print(sum(range(100)))";
    private static readonly int[] AtOnce = [1, 4, 16];

    public static async IAsyncEnumerable<Figure> Run(string only, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await new SandboxSetup(new SandboxOptions(), TimeProvider.System, (_, _) => ValueTask.FromResult(true), Console.Error.WriteLine).EnsureAsync(cancellationToken);
        var run = Sorted(DockerRuns, () => DockerRunAsync(Block, cancellationToken));
        var reference = Percentile(await run, 50);
        if (Wanted("sandbox/docker-run/p50"))
            yield return new("sandbox/docker-run/p50", reference, "ms");
        if (Wanted("sandbox/docker-run-sympy/p50"))
            yield return new("sandbox/docker-run-sympy/p50", Percentile(await Sorted(DockerRuns, () => DockerRunAsync("import sympy\n" + Block, cancellationToken)), 50), "ms");

        await using (var sandbox = Pool(1))
        {
            await sandbox.WarmUpAsync(cancellationToken);
            var first = await Sorted(Rationales, async () =>
            {
                var start = Stopwatch.GetTimestamp();
                await using var session = await sandbox.OpenAsync(cancellationToken);
                Complete(await session.RunAsync(Block, cancellationToken));
                return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            });
            await using var later = await sandbox.OpenAsync(cancellationToken);
            Complete(await later.RunAsync(Block, cancellationToken));
            var rest = await Sorted(LaterBlocks, async () => Complete(await later.RunAsync(Block, cancellationToken)).Elapsed.TotalMilliseconds);
            foreach (var (name, times) in new[] { ("first", first), ("later", rest) })
            {
                foreach (var percent in new[] { 50, 99 })
                {
                    var value = Percentile(times, percent);
                    if (Wanted($"sandbox/{name}/p{percent}"))
                        yield return new($"sandbox/{name}/p{percent}", value, "ms", $"docker run p50 {reference:0} ms", value / reference);
                }
            }
        }
        foreach (var atOnce in AtOnce)
        {
            foreach (var (name, blocks) in new[] { ("one-block-rationales", 1), ("rationales", BlocksOfARationale) })
            {
                if (!Wanted($"sandbox/{name}/{atOnce}"))
                    continue;
                var rate = await RateAsync(atOnce, blocks, cancellationToken);
                yield return new($"sandbox/{name}/{atOnce}", rate, "blocks/s", $"docker run, one after another, {1000 / reference:0.0}/s", rate * reference / 1000);
            }
        }

        bool Wanted(string name) => name.Contains(only, StringComparison.Ordinal);
    }

    /// <summary>Whole rationales, opened, run and swept, as many at once: blocks a second.</summary>
    private static async Task<double> RateAsync(int atOnce, int blocks, CancellationToken cancellationToken)
    {
        await using var sandbox = Pool(atOnce);
        // Until every container is warm.
        var all = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => sandbox.OpenAsync(cancellationToken)));
        foreach (var session in all)
            await session.DisposeAsync();
        var rationales = Math.Max(atOnce * 8, 300 / blocks);
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, rationales, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken }, async (_, cancellation) =>
        {
            await using var session = await sandbox.OpenAsync(cancellation);
            for (var block = 0; block < blocks; block++)
                Complete(await session.RunAsync(Block, cancellation));
        });
        return rationales * blocks / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static DockerSandbox Pool(int containers) =>
        new(new SandboxOptions { Containers = containers }, TimeProvider.System, NullLogger<DockerSandbox>.Instance);

    private static SandboxOutcome.Completed Complete(SandboxOutcome outcome) =>
        outcome as SandboxOutcome.Completed ?? throw new InvalidOperationException($"A benchmark's block ended as {outcome}");

    /// <summary>What a block costs without warm containers, in milliseconds.</summary>
    private static async Task<double> DockerRunAsync(string code, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var arguments = new[] { "run", "--rm", "--network", "none", "--cap-drop", "ALL", "--read-only", "--user", "30000:30000", "--entrypoint", "/usr/bin/python3", SandboxImage.Tag, "-c", code };
        using var process = Process.Start(new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(start).TotalMilliseconds : throw new InvalidOperationException($"docker run ended with {process.ExitCode}");
    }

    private static async Task<double[]> Sorted(int count, Func<Task<double>> measure)
    {
        var times = new double[count];
        for (var index = 0; index < count; index++)
            times[index] = await measure();
        Array.Sort(times);
        return times;
    }

    private static double Percentile(double[] sorted, int percent) => sorted[(sorted.Length - 1) * percent / 100];
}
