using Docker.DotNet;
using Docker.DotNet.Models;
using GenPrm.Core.Execution;
using GenPrm.Sandbox;
using GenPrm.Tests.Cluster.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace GenPrm.Tests.Cluster.Jobs;

/// <summary>Real containers of a real Docker engine, which goes away in the middle of a job and comes back without them.</summary>
public sealed class EngineRestartTests
{
    [Fact]
    public async Task Job_EngineGoneInTheMiddle_WaitsForItAndLosesNothing()
    {
        await using var line = new EngineLine();
        // As many as the workers of these clusters take on.
        var options = new SandboxOptions { Containers = 4, Engine = line.Address };
        await DockerMachine.RequireAsync(options);
        await using var store = await RedisStore.StartAsync();
        await using var sandbox = new CountedSandbox(new DockerSandbox(options, TimeProvider.System, NullLogger<DockerSandbox>.Instance));
        await using var cluster = await RoleCluster.StartAsync(store, RoleCluster.FiveRoles, sandbox: sandbox);
        var job = await cluster.RunAsync("engine", ScriptedJobs.Problems(6));
        await cluster.UntilAsync(job, seen => seen.Work.Blocks >= 5, "blocks ran");

        await line.CutAsync();
        // A unit has three tries here, a second of them in all.
        await cluster.UntilAsync(
            job,
            seen => sandbox.Refused > 4 + (3 * 4) && seen.WaitingFor.Any(what => what.Contains("Docker engine", StringComparison.Ordinal)),
            "it says that it waits for the engine");
        line.Restore();

        var done = await cluster.UntilDoneAsync(job);
        Assert.Empty(done.Failures);
        Assert.Empty(done.WaitingFor);
        Assert.Equal(0, done.Queues.Sum(queue => queue.Failed));
        Assert.True(done.Samples["accepted"] > 0, $"{done.Samples}");
        SummaryAssert.AddsUp(done, ScriptedJobs.Parameters);
        Assert.Equal(done.Samples["accepted"], (await cluster.ReadLogAsync("engine", 1)).Length);

        // Those that ended with the engine could not be removed then.
        await sandbox.DisposeAsync();
        Assert.Empty(await OwnContainersAsync(line));
    }

    private static async Task<IEnumerable<string>> OwnContainersAsync(EngineLine line)
    {
        using var configuration = new DockerClientConfiguration(line.Address);
        using var docker = configuration.CreateClient();
        var all = await docker.Containers.ListContainersAsync(new ContainersListParameters { All = true }, TestContext.Current.CancellationToken);
        return all.Where(container => container.Labels.Values.Any(label => label.Contains($"/{Environment.ProcessId}/", StringComparison.Ordinal))).Select(container => container.ID);
    }

    /// <summary>Counts how often a sandbox was asked for in vain.</summary>
    private sealed class CountedSandbox(DockerSandbox inner) : ISandbox, IAsyncDisposable
    {
        private int _refused;

        public int Refused => _refused;

        public async Task<ISandboxSession> OpenAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await inner.OpenAsync(cancellationToken);
            }
            catch (SandboxUnavailableException)
            {
                Interlocked.Increment(ref _refused);
                throw;
            }
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
