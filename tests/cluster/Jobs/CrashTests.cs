using GenPrm.Grains.Hosting;
using GenPrm.Grains.Jobs;
using GenPrm.Tests.Cluster.Support;

namespace GenPrm.Tests.Cluster.Jobs;

/// <summary>Silos that come late, leave, or are killed in the middle: the job comes to exactly the same results.</summary>
public sealed class CrashTests
{
    private const int Count = 6;

    [Fact]
    public async Task Job_SilosJoinStopAndAreKilledInTheMiddle_EndsAsIfNothingHadBeen()
    {
        await using var store = await RedisStore.StartAsync();
        var expected = await UndisturbedAsync(store);

        await using var cluster = await RoleCluster.StartAsync(store, RoleCluster.FiveRoles);
        var half = Phase(cluster, requests: 15);
        var job = await cluster.RunAsync("crash", ScriptedJobs.Problems(Count));
        await half;
        await cluster.JoinAsync(SiloRole.Generate);
        await cluster.KillAsync(SiloRole.Generate);
        await cluster.JoinAsync(SiloRole.Coordinate);
        await cluster.KillAsync(SiloRole.Coordinate);
        await cluster.JoinAsync(SiloRole.Sandbox);
        await cluster.StopAsync(SiloRole.Sandbox);
        cluster.Model.Release();

        await AssertSameAsync(expected, cluster, job);
    }

    [Fact]
    public async Task Job_EverySiloKilledInTheMiddle_GoesOnFromTheStore()
    {
        await using var store = await RedisStore.StartAsync();
        var expected = await UndisturbedAsync(store);

        var first = await RoleCluster.StartAsync(store, RoleCluster.FiveRoles);
        var half = Phase(first, requests: 20);
        await first.RunAsync("crash", ScriptedJobs.Problems(Count));
        await half;
        await first.KillAllAsync();
        await first.DisposeAsync();

        await using var second = await RoleCluster.StartAsync(store, RoleCluster.FiveRoles);
        var job = second.Job("crash");
        Assert.Equal(JobState.Running, await job.Run());
        await AssertSameAsync(expected, second, job);
    }

    [Fact]
    public async Task Job_OnGarnet_EndsAsOnRedis()
    {
        await using var store = await RedisStore.StartAsync(garnet: true);
        var outcome = await UndisturbedAsync(store);
        Assert.True(outcome.Summary.Samples["accepted"] > 0);
        SummaryAssert.AddsUp(outcome.Summary, ScriptedJobs.Parameters);
    }

    /// <summary>The model goes on until it was asked so often; then it holds until it is released.</summary>
    private static async Task Phase(RoleCluster cluster, int requests)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        cluster.Model.Asked += _ =>
        {
            if (Interlocked.Increment(ref asked) == requests)
            {
                cluster.Model.Hold();
                reached.TrySetResult();
            }
        };
        await reached.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<(JobSummary Summary, string[] Samples)> UndisturbedAsync(RedisStore store)
    {
        await using var cluster = await RoleCluster.StartAsync(store, RoleCluster.FiveRoles);
        var job = await cluster.RunAsync("calm", ScriptedJobs.Problems(Count));
        return await OutcomeAsync(cluster, job, "calm");
    }

    private static async Task<(JobSummary Summary, string[] Samples)> OutcomeAsync(RoleCluster cluster, IJobGrain job, string name)
    {
        var summary = await cluster.UntilDoneAsync(job);
        var log = await cluster.ReadLogAsync(name, 1);
        Assert.Equal(Enumerable.Range(1, log.Length).Select(i => (long)i), log.Select(entry => entry.Number));
        // Numbers differ between two runs; what was accepted does not.
        return (summary, [.. log.Select(entry => $"{entry.Sample.ProblemId} {(entry.Sample.Id with { Job = "" })} {string.Concat(entry.Sample.Turns.Select(turn => turn.Message.Content))}").Order(StringComparer.Ordinal)]);
    }

    private static async Task AssertSameAsync((JobSummary Summary, string[] Samples) expected, RoleCluster cluster, IJobGrain job)
    {
        var actual = await OutcomeAsync(cluster, job, "crash");
        Assert.Equal(expected.Samples, actual.Samples);
        Assert.Equal(expected.Summary.Problems, actual.Summary.Problems);
        Assert.Equal(expected.Summary.Rollouts, actual.Summary.Rollouts);
        Assert.Equal(expected.Summary.Steps, actual.Summary.Steps);
        Assert.Equal(expected.Summary.Rationales, actual.Summary.Rationales);
        Assert.Equal(expected.Summary.Samples, actual.Summary.Samples);
        Assert.Equal(expected.Summary.Work, actual.Summary.Work);
        SummaryAssert.AddsUp(actual.Summary, ScriptedJobs.Parameters);
    }
}
