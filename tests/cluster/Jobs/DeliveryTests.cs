using GenPrm.Core.Generation;
using GenPrm.Core.Identity;
using GenPrm.Grains.Queues;
using GenPrm.Tests.Cluster.Support;

namespace GenPrm.Tests.Cluster.Jobs;

/// <summary>Results that come twice, or too late.</summary>
public sealed class DeliveryTests(FiveSilos silos) : IClassFixture<FiveSilos>
{
    [Theory]
    [InlineData("genprm.problem", "late/0", "0/r0..15")]
    [InlineData("genprm.step", "late/0/s0", "0/s0/c0..3")]
    [InlineData("genprm.rationale", "late/0/r{0}/v0", "0/r{0}/v0/g0")]
    public async Task Deliver_AResultThatIsThere_IsDroppedAndCountsNothing(string type, string key, string unit)
    {
        var cluster = silos.Cluster;
        var job = await cluster.RunAsync("late", ScriptedJobs.Problems(1));
        var before = await cluster.UntilAsync(job, seen => seen.State == GenPrm.Grains.Jobs.JobState.Done, "the job is done");
        var problem = await cluster.Grains.GetGrain<GenPrm.Grains.Problems.IProblemViews>("late/0").View();
        var rollout = problem!.Rollouts.First(row => row.Kept).Index;
        var (owner, id) = (string.Format(null, key, rollout), string.Format(null, unit, rollout));

        var written = new Completion("Step 1: something else. \\boxed{1}", FinishReason.EndToken, 5, []);
        var late = new WorkOutcome.Generated(new GenerationResult(1, [written, written]), [0, 1]);
        var receipt = await cluster.Grains.GetGrain(GrainId.Create(type, owner)).AsReference<IUnitOwner>().Deliver($"late/{id}", late);

        Assert.Equal(Receipt.Dropped, receipt);
        var after = await job.Summary();
        Assert.Equal(before.Work, after.Work);
        Assert.Equal(before.Rollouts, after.Rollouts);
        Assert.Equal(before.Samples, after.Samples);
    }
}
