using GenPrm.Grains.Jobs;
using GenPrm.Tests.Cluster.Support;

namespace GenPrm.Tests.Cluster.Jobs;

/// <summary>What workers need is away for longer than any unit's tries would last.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Job_SandboxAwayForLongerThanTheTries_SaysSoAndLosesNothing()
    {
        await using var store = await RedisStore.StartAsync();
        await using var cluster = await RoleCluster.StartAsync(store, RoleCluster.FiveRoles);
        cluster.Sandbox.Away = "The Docker engine does not answer.";
        var job = await cluster.RunAsync("away", ScriptedJobs.Problems(4));
        // Three tries are all that a unit has here; four sandboxes' first units meet the outage at once, and then one at a time does.
        var waiting = await cluster.UntilAsync(
            job,
            seen => cluster.Sandbox.Refused > 4 + (3 * 4) && seen.WaitingFor.Any(what => what.Contains("The Docker engine does not answer.", StringComparison.Ordinal)),
            "it says what it waits for");
        Assert.Equal(JobState.Running, waiting.State);
        Assert.Equal(0, waiting.Queues.Sum(queue => queue.Failed + queue.Retried));

        cluster.Sandbox.Away = null;
        var done = await cluster.UntilDoneAsync(job);
        Assert.Empty(done.Failures);
        Assert.Empty(done.WaitingFor);
        Assert.All(done.Queues, queue => Assert.Null(queue.Trouble));
        SummaryAssert.AddsUp(done, ScriptedJobs.Parameters);
    }

    [Fact]
    public async Task Job_ModelAwayForLongerThanTheTries_SaysSoAndLosesNothing()
    {
        await using var store = await RedisStore.StartAsync();
        await using var cluster = await RoleCluster.StartAsync(store, RoleCluster.FiveRoles, new() { Away = "model.safetensors is not there." });
        var job = await cluster.RunAsync("unloaded", ScriptedJobs.Problems(4));
        await cluster.UntilAsync(
            job,
            seen => cluster.Model.Refused > 4 + (3 * 4) && seen.WaitingFor.Any(what => what.Contains("policy", StringComparison.Ordinal) && what.Contains("model.safetensors is not there.", StringComparison.Ordinal)),
            "it says what it waits for");

        cluster.Model.Away = null;
        var done = await cluster.UntilDoneAsync(job);
        Assert.Empty(done.Failures);
        SummaryAssert.AddsUp(done, ScriptedJobs.Parameters);
    }

    [Fact]
    public async Task Job_PausedWhileTheSandboxIsAway_IsNotTriedUntilItGoesOn()
    {
        await using var store = await RedisStore.StartAsync();
        await using var cluster = await RoleCluster.StartAsync(store, RoleCluster.FiveRoles);
        cluster.Sandbox.Away = "The Docker engine does not answer.";
        var job = await cluster.RunAsync("held", ScriptedJobs.Problems(4));
        await cluster.UntilAsync(job, _ => cluster.Sandbox.Refused > 4, "the outage was met");
        await job.Pause();
        await cluster.UntilAsync(job, seen => seen.Queues.Sum(queue => queue.Waiting + queue.Leased) == 0, "nothing of the paused job is in a queue");
        var refused = cluster.Sandbox.Refused;

        cluster.Sandbox.Away = null;
        await job.Run();
        var done = await cluster.UntilDoneAsync(job);
        Assert.Equal(refused, cluster.Sandbox.Refused);
        SummaryAssert.AddsUp(done, ScriptedJobs.Parameters);
    }
}
