using GenPrm.Core.Jobs;
using GenPrm.Grains.Jobs;
using GenPrm.Tests.Cluster.Support;

namespace GenPrm.Tests.Cluster.Jobs;

/// <summary>Whole jobs over five silos of one role each.</summary>
public sealed class WholeJobTests(FiveSilos silos) : IClassFixture<FiveSilos>
{
    private RoleCluster Cluster => silos.Cluster;

    [Fact]
    public async Task Job_FiveSilosOfOneRole_EndsWithSamplesAndTotalsThatAddUp()
    {
        var job = await Cluster.RunAsync("whole", ScriptedJobs.Problems(6, "[hard]", "[easy]"));
        var summary = await Cluster.UntilDoneAsync(job);

        Assert.Equal(6, summary.Problems.Total);
        Assert.Equal((1, 1, 4), (summary.Problems["too_hard"], summary.Problems["too_easy"], summary.Problems["done"]));
        SummaryAssert.AddsUp(summary, ScriptedJobs.Parameters);
        Assert.True(summary.Samples["accepted"] > 0, $"{summary.Samples}");
        Assert.Empty(summary.WaitingFor);

        var log = await Cluster.ReadLogAsync("whole", 1);
        Assert.Equal(summary.Samples["accepted"], log.Length);
        Assert.Equal(Enumerable.Range(1, log.Length).Select(i => (long)i), log.Select(entry => entry.Number));
        Assert.Equal(log.Length, log.Select(entry => entry.Sample.Id).Distinct().Count());
    }
}
