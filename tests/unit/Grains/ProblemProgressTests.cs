using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rollouts;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Problems;
using GenPrm.Grains.Rollouts;

namespace GenPrm.Tests.Unit.Grains;

public sealed class ProblemProgressTests
{
    private static readonly ProblemProgress Kept = new ProblemProgress().Put(new Problem(4, "p4", "What?", "7", 5)).Sampling().Keep([0, 3]);

    [Fact]
    public void Put_Again_ChangesNothing() => Assert.Same(Kept, Kept.Put(new Problem(4, "other", "What?", "8", 5)));

    [Fact]
    public void Take_OlderReport_IsNotTaken()
    {
        var newer = Kept.Take(Report(3, version: 5, tokens: 50));
        Assert.Same(newer, newer.Take(Report(3, version: 5, tokens: 50)));
        Assert.Same(newer, newer.Take(Report(3, version: 4, tokens: 40)));
        Assert.Equal(50, newer.Report(ProblemSampling.Empty, StateScore.Empty, 0).Work.Tokens);
    }

    [Fact]
    public void Take_NewerReportOfTheSameRollout_ReplacesAndDoesNotAdd()
    {
        var progress = Kept.Take(Report(3, version: 5, tokens: 50)).Take(Report(3, version: 6, tokens: 60)).Take(Report(0, version: 1, tokens: 7));
        var report = progress.Report(ProblemSampling.Empty, StateScore.Empty, 0);
        Assert.Equal(67, report.Work.Tokens);
        Assert.Equal(2, report.Samples[1].Total);
        Assert.Equal(2, report.Kept["estimating"]);
    }

    [Fact]
    public void HaveKeptEnded_OneOfAnOlderPass_IsFalse()
    {
        var progress = Kept.Take(Report(0, 1, 1, endedPass: 1)).Take(Report(3, 1, 1, endedPass: 0));
        Assert.True(progress.HaveKeptEnded(0));
        Assert.False(progress.HaveKeptEnded(1));
    }

    [Fact]
    public void Forgive_FailedProblem_WaitsForItsTurnAgain()
    {
        var failed = Kept.End(ProblemClass.Failed, "no sandbox", 0);
        var forgiven = failed.Forgive();
        Assert.Equal((ProblemClass.Queued, null, -1), (forgiven.Class, forgiven.Reason, forgiven.EndedPass));
        Assert.True(forgiven.Version > failed.Version);
        Assert.Same(Kept, Kept.Forgive());
    }

    [Fact]
    public void Totals_OfReports_AddUpInAnyGrouping()
    {
        var reports = Enumerable.Range(0, 5).Select(i => Kept.Take(Report(0, 1, i)).Report(ProblemSampling.Empty, StateScore.Empty, 0)).ToArray();
        var together = reports.Aggregate(JobTotals.None, (sum, report) => sum.Plus(report));
        var apart = reports[..2].Aggregate(JobTotals.None, (sum, report) => sum.Plus(report)).Plus(reports[2..].Aggregate(JobTotals.None, (sum, report) => sum.Plus(report)));
        Assert.Equal(together.Work, apart.Work);
        Assert.Equal(together.Problems, apart.Problems);
        Assert.Equal(together.Samples[1], apart.Samples[1]);
        Assert.Equal(5, apart.Problems["estimating"]);
    }

    private static RolloutReport Report(int rollout, long version, long tokens, int endedPass = -1) => new(
        rollout, version, endedPass, ClassCounts.Empty.Add("pending"), ClassCounts.Empty.Add("writing"),
        ImmutableSortedDictionary<int, ClassCounts>.Empty.Add(1, ClassCounts.Empty.Add("pending")), new WorkCounts(1, tokens, 0));
}
