using System.Globalization;
using Docker.DotNet;
using GenPrm.Core.Execution;
using Microsoft.Extensions.Logging.Abstractions;

namespace GenPrm.Sandbox.Setup;

/// <summary>How one thing that sandboxes need stands.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Standing">Whether it will do.</param>
/// <param name="Found">What was seen, with its value.</param>
/// <param name="Remedy">What to type or change; null when nothing needs to be done.</param>
public sealed record SandboxCheck(string Name, SandboxStanding Standing, string Found, string? Remedy = null)
{
    /// <summary>Looks at the engine, the image, and what holds code back inside a container that it starts for this. Changes nothing.</summary>
    public static async Task<IReadOnlyList<SandboxCheck>> RunAsync(SandboxOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var docker = DockerEngine.Connect(options);
        var endpoint = DockerEngine.Endpoint(options);
        if (await DockerEngine.FindTroubleAsync(docker, cancellationToken) is { } trouble)
        {
            return [new("Docker engine", DockerEngine.IsOurs(options) ? SandboxStanding.SetUpWhenNeeded : SandboxStanding.Wrong, $"{endpoint} does not answer ({trouble})", DockerEngine.Remedy(trouble))];
        }
        var version = await docker.System.GetVersionAsync(cancellationToken);
        List<SandboxCheck> checks = [new("Docker engine", SandboxStanding.Good, $"{version.Version} at {endpoint}")];
        var image = options.Image ?? SandboxImage.Tag;
        if (!await SandboxImage.ExistsAsync(docker, options, cancellationToken))
        {
            checks.Add(new("sandbox image", SandboxStanding.SetUpWhenNeeded, $"{image} is not there", "`genprm run` makes it (`--yes`: without asking)."));
            return checks;
        }
        checks.Add(new("sandbox image", SandboxStanding.Good, image));
        checks.AddRange(await ProbeAsync(options, time, cancellationToken));
        return checks;
    }

    /// <summary>Asks a container itself: what the engine says that it can do, and what is in force, are two things.</summary>
    private static async Task<IEnumerable<SandboxCheck>> ProbeAsync(SandboxOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await using var sandbox = new DockerSandbox(options with { Containers = 1 }, time, NullLogger<DockerSandbox>.Instance);
            await using var session = await sandbox.OpenAsync(cancellationToken);
            var outcome = await session.RunAsync(Probe, cancellationToken);
            return outcome is SandboxOutcome.Completed completed
                ? Judge(options, completed.Output)
                : [new("sandbox", SandboxStanding.Wrong, $"a probe ended as {outcome}", "Report this: a sandbox must run a plain program.")];
        }
        catch (SandboxUnavailableException exception)
        {
            return [new("sandbox", SandboxStanding.Wrong, exception.Message, "See the engine's log.")];
        }
    }

    /// <summary>Judges the probe's lines, <c>name value</c>.</summary>
    internal static IEnumerable<SandboxCheck> Judge(SandboxOptions options, string lines)
    {
        var seen = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2)).ToDictionary(pair => pair[0], pair => pair[^1]);
        string Seen(string name) => seen.GetValueOrDefault(name, "unknown");
        SandboxCheck Limit(string name, string key, long most, string remedy) =>
            long.TryParse(Seen(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= most
                ? new(name, SandboxStanding.Good, Seen(key))
                : new(name, SandboxStanding.Wrong, $"{Seen(key)}, should be {most}", remedy);
        SandboxCheck Is(string name, string key, string value, string remedy) => Seen(key) == value
            ? new(name, SandboxStanding.Good, value)
            : new(name, SandboxStanding.Wrong, $"{Seen(key)}, should be {value}", remedy);

        const string Groups = "The engine's control groups do not work; see `docker info` for its warnings.";
        return
        [
            Limit("sandbox memory", "memory", options.MemoryBytes, Groups),
            Limit("sandbox processes", "processes", options.Processes, Groups),
            Is("sandbox seccomp", "seccomp", "2", "Start the engine with its default seccomp profile (no `--seccomp-profile=unconfined`), on a kernel with CONFIG_SECCOMP_FILTER."),
            Is("sandbox capabilities", "capabilities", "0000000000000000", "Capabilities are not dropped: is this engine a Docker engine?"),
            Is("sandbox new privileges", "new-privileges", "1", "no-new-privileges is not in force: is this engine a Docker engine?"),
            Is("sandbox network", "network", "lo", "The container has a network: is this engine a Docker engine?"),
        ];
    }

    private const string Probe = """
        import os

        def first(*paths):
            for path in paths:
                if os.path.exists(path):
                    return open(path).read().strip()
            return "unknown"

        status = dict(line.rstrip().split(":\t", 1) for line in open("/proc/self/status") if ":\t" in line)
        print("seccomp", status.get("Seccomp"))
        print("capabilities", status.get("CapEff"))
        print("new-privileges", status.get("NoNewPrivs"))
        print("memory", first("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"))
        print("processes", first("/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/pids/pids.max"))
        print("network", " ".join(line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:]))
        """;
}

public enum SandboxStanding
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Missing, and set up when a command needs it.</summary>
    SetUpWhenNeeded,

    /// <summary>In the way of every sandbox, or of its safety.</summary>
    Wrong,
}
