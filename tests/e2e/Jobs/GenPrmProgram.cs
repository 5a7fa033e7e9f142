using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GenPrm.Silo.Store;

namespace GenPrm.Tests.EndToEnd.Jobs;

/// <summary>The real <c>genprm</c> program on a store of its own, as a user types it.</summary>
internal sealed class GenPrmProgram : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly List<Process> _processes = [];

    public static string ExampleJob => Path.Combine(TestMaterial.RepositoryRoot, "examples", "example.yaml");

    /// <summary>A folder for what a test writes.</summary>
    public string Folder => _home.Path;

    /// <summary>Set for every command that is started.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public StoreFolder Store => new(Path.Combine(_home.Path, "store"));

    /// <summary>Starts a command; the test ends it, or waits for it with <see cref="EndAsync"/>.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "genprm"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["GENPRM_HOME"] = Store.Path;
        foreach ((string name, string value) in Variables)
            start.Environment[name] = value;
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        _processes.Add(process);
        return process;
    }

    /// <summary>Types Ctrl-C; a process whose parents ignore that, as a shell's background jobs do, gets a termination signal, which means the same.</summary>
    public static void Interrupt(Process process)
    {
        const ulong InterruptBit = 1UL << 1;
        string ignored = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim();
        string signal = (ulong.Parse(ignored, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & InterruptBit) == 0 ? "-INT" : "-TERM";
        using Process kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for a command's end.</summary>
    public static async Task<(int Code, string Output, string Errors)> EndAsync(Process process)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a command that must end with a code, and gives what it printed.</summary>
    public async Task<string> RunAsync(int code, params string[] arguments)
    {
        (int found, string output, string errors) = await EndAsync(Start(arguments));
        Assert.True(found == code, $"genprm {string.Join(' ', arguments)} ended with {found}, not {code}:\n{output}\n{errors}");
        return output;
    }

    /// <summary>Runs a command that must succeed, and gives the JSON that it printed.</summary>
    public async Task<JsonElement> JsonAsync(params string[] arguments) =>
        JsonDocument.Parse(await RunAsync(0, [.. arguments, "--json"])).RootElement;

    /// <summary>Looks at a job from other processes until something holds.</summary>
    /// <param name="where">Options that say where the job is; none for the local store.</param>
    public async Task<JsonElement> UntilAsync(string job, Func<JsonElement, bool> holds, Process worker, params string[] where)
    {
        while (true)
        {
            (int code, string output, _) = await EndAsync(Start(["status", job, "--json", .. where]));
            if (code == 0 && JsonDocument.Parse(output).RootElement is var summary && holds(summary))
                return summary;
            Assert.False(worker.HasExited, "The worker ended before it was seen at work.");
        }
    }

    /// <summary>Waits until a process hosts a store: a command that looks before there is a host would host it itself.</summary>
    public static async Task HostedAsync(StoreFolder store, Process worker)
    {
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (StoreEndpoint.Read(store) is null)
        {
            Assert.False(worker.HasExited, "The worker ended before its store was seen.");
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }

        _home.Dispose();
    }
}

/// <summary>What tests read in a job's summary.</summary>
internal static class Summaries
{
    public static string State(this JsonElement summary) => summary.GetProperty("state").GetString()!;

    public static long Total(this JsonElement summary, string unit) => summary.GetProperty(unit).GetProperty("total").GetInt64();

    public static long Count(this JsonElement summary, string unit, string name) =>
        summary.GetProperty(unit).GetProperty("classes").TryGetProperty(name, out JsonElement count) ? count.GetInt64() : 0;

    /// <summary>Whether every kind of unit has classes that add up to its total.</summary>
    public static void AssertAddsUp(this JsonElement summary)
    {
        foreach (string unit in new[] { "problems", "rollouts", "steps", "rationales", "samples" })
            Assert.Equal(summary.Total(unit), summary.GetProperty(unit).GetProperty("classes").EnumerateObject().Sum(one => one.Value.GetInt64()));
    }

    public static IEnumerable<JsonElement> Lines(string path) => File.ReadLines(path, Encoding.UTF8).Select(line => JsonDocument.Parse(line).RootElement);
}
