using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Core.Rollouts;
using GenPrm.Grains.Problems;

namespace GenPrm.Grains.Jobs;

/// <summary>Sums over problems. They are made anew from the problems' newest reports each time, never counted up, so nothing can be counted twice.</summary>
[GenerateSerializer, Immutable, Alias("genprm.job-totals")]
internal sealed record JobTotals(
    [property: Id(0)] ClassCounts Problems,
    [property: Id(1)] ClassCounts Rollouts,
    [property: Id(2)] ClassCounts Kept,
    [property: Id(3)] ClassCounts Steps,
    [property: Id(4)] ClassCounts Rationales,
    [property: Id(5)] ImmutableSortedDictionary<int, ClassCounts> Samples,
    [property: Id(6)] WorkCounts Work,
    [property: Id(7)] ImmutableArray<FailureView> Failures)
{
    /// <summary>How many reasons of failure are carried along.</summary>
    private const int MaxFailures = 10;

    public static JobTotals None { get; } = new(
        ClassCounts.Empty, ClassCounts.Empty, ClassCounts.Empty, ClassCounts.Empty, ClassCounts.Empty, ImmutableSortedDictionary<int, ClassCounts>.Empty,
        WorkCounts.None, []);

    public JobTotals Plus(ProblemReport report) => Plus(new JobTotals(
        ClassCounts.Empty.Add(report.Class), report.Rollouts, report.Kept, report.Steps, report.Rationales, report.Samples, report.Work,
        report.Class == ProblemClass.Failed ? [new(report.Ordinal, report.Reason ?? "")] : []));

    public JobTotals Plus(JobTotals other) => new(
        Problems.Add(other.Problems),
        Rollouts.Add(other.Rollouts),
        Kept.Add(other.Kept),
        Steps.Add(other.Steps),
        Rationales.Add(other.Rationales),
        other.Samples.Aggregate(Samples, (sum, one) => sum.SetItem(one.Key, one.Value.Add(sum.GetValueOrDefault(one.Key) ?? ClassCounts.Empty))),
        Work.Plus(other.Work),
        [.. Failures.Concat(other.Failures).Take(MaxFailures)]);
}
