using GenPrm.Core.Jobs;
using GenPrm.Grains.Jobs;

namespace GenPrm.Tests.Cluster.Support;

public static class SummaryAssert
{
    /// <summary>Every class of a finished job adds up to what went in.</summary>
    public static void AddsUp(JobSummary summary, JobParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(parameters);
        var done = summary.Problems["done"];
        Assert.Equal(summary.Input["taken"], summary.Problems.Total);
        Assert.Equal(done * parameters.Rollouts.Kept, summary.Kept.Total);
        Assert.Equal(summary.Kept.Total, summary.Kept["done"]);
        Assert.Equal(summary.Kept.Total * parameters.Rationales.PerRollout, summary.Rationales.Total);
        Assert.Equal(summary.Rationales.Total, summary.Samples.Total);
        Assert.Equal(0, summary.Samples["pending"]);
        // The scripted model writes four steps a rollout.
        Assert.Equal(summary.Kept.Total * 4, summary.Steps.Total);
        Assert.Equal(0, summary.Steps["pending"] + summary.Steps["sampling"]);
    }
}
