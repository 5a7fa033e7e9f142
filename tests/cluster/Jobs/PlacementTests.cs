using GenPrm.Grains.Hosting;
using GenPrm.Tests.Cluster.Support;
using Orleans.Runtime;

namespace GenPrm.Tests.Cluster.Jobs;

public sealed class PlacementTests
{
    [Fact]
    public async Task Grains_OfAJob_LiveOnCoordinateSilosOnly()
    {
        await using var store = await RedisStore.StartAsync();
        await using var cluster = await RoleCluster.StartAsync(store, RoleCluster.FiveRoles);
        cluster.Model.Hold();
        var job = await cluster.RunAsync("placed", ScriptedJobs.Problems(40), window: 40);
        await cluster.UntilAsync(job, seen => seen.Problems["sampling"] == 40, "all problems are awake");

        var grains = await cluster.Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(null, null, TestContext.Current.CancellationToken);
        var ours = grains.Where(grain => grain.GrainId.Type.ToString()!.StartsWith("genprm.", StringComparison.Ordinal)).ToArray();
        Assert.True(ours.Length > 40, $"{ours.Length} grains are awake");
        var coordinates = cluster.SilosOf(SiloRole.Coordinate);
        Assert.All(ours, grain => Assert.Contains(grain.SiloAddress, coordinates));
    }
}
