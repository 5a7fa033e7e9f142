using GenPrm.Grains.Hosting;
using GenPrm.Grains.Jobs;
using GenPrm.Tests.Cluster.Support;

namespace GenPrm.Tests.Cluster.Jobs;

public sealed class MissingRoleTests
{
    [Fact]
    public async Task Job_WithoutAGenerateSilo_SaysWhatItWaitsForAndGoesOnWhenOneJoins()
    {
        await using var store = await RedisStore.StartAsync();
        await using var cluster = await RoleCluster.StartAsync(store, [SiloRole.Coordinate, SiloRole.Sandbox]);
        var job = await cluster.RunAsync("waiting", ScriptedJobs.Problems(2));
        var waiting = await cluster.UntilAsync(job, seen => !seen.WaitingFor.IsEmpty, "it says what it waits for");
        Assert.StartsWith("a generate silo that serves policy", Assert.Single(waiting.WaitingFor), StringComparison.Ordinal);
        Assert.Equal(JobState.Running, waiting.State);

        await cluster.JoinAsync(SiloRole.Generate);
        var done = await cluster.UntilDoneAsync(job);
        Assert.Empty(done.WaitingFor);
        SummaryAssert.AddsUp(done, ScriptedJobs.Parameters);
    }

    [Fact]
    public async Task Job_WithQueuesOfTwoUnits_IsPushedBackAndEnds()
    {
        await using var store = await RedisStore.StartAsync();
        await using var cluster = await RoleCluster.StartAsync(store, RoleCluster.FiveRoles, configure: options => options.Queue.Capacity = 2);
        var job = await cluster.RunAsync("full", ScriptedJobs.Problems(4));
        var done = await cluster.UntilDoneAsync(job);
        SummaryAssert.AddsUp(done, ScriptedJobs.Parameters);
    }
}
