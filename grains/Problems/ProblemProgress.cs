using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rollouts;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Rollouts;

namespace GenPrm.Grains.Problems;

/// <summary>Where a problem stands and what its kept rollouts last reported. A fold; what was sampled is stored apart, since it is larger and
/// changes more seldom.</summary>
[GenerateSerializer, Immutable, Alias("genprm.problem-progress")]
internal sealed record ProblemProgress
{
    /// <summary>The problem; null until it was handed in.</summary>
    [Id(0)] public Problem? Problem { get; init; }

    [Id(1)] public ProblemClass Class { get; init; }

    /// <summary>Why it failed or was discarded.</summary>
    [Id(2)] public string? Reason { get; init; }

    /// <summary>The last pass that it has ended in; -1 for none.</summary>
    [Id(3)] public int EndedPass { get; init; } = -1;

    /// <summary>The indices of the kept rollouts.</summary>
    [Id(4)] public ImmutableArray<int> Kept { get; init; } = [];

    /// <summary>The newest report of each kept rollout.</summary>
    [Id(5)] public ImmutableSortedDictionary<int, RolloutReport> Reports { get; init; } = ImmutableSortedDictionary<int, RolloutReport>.Empty;

    /// <summary>Counts the changes.</summary>
    [Id(6)] public long Version { get; init; }

    public ProblemProgress Put(Problem problem) => Problem is null ? Next() with { Problem = problem } : this;

    /// <summary>Its turn has come, or its sampling goes on.</summary>
    public ProblemProgress Sampling() => Class == ProblemClass.Sampling ? this : Next() with { Class = ProblemClass.Sampling, Reason = null };

    public ProblemProgress Keep(ImmutableArray<int> kept) =>
        Class == ProblemClass.Estimating && Kept.SequenceEqual(kept) ? this : Next() with { Class = ProblemClass.Estimating, Kept = kept, Reason = null };

    /// <summary>Takes a rollout's report, unless a newer one is there.</summary>
    public ProblemProgress Take(RolloutReport report) =>
        Reports.GetValueOrDefault(report.Rollout) is { } known && known.Version >= report.Version
            ? this
            : Next() with { Reports = Reports.SetItem(report.Rollout, report) };

    public ProblemProgress End(ProblemClass @class, string? reason, int pass) => Next() with { Class = @class, Reason = reason, EndedPass = pass };

    /// <summary>Takes back a failure.</summary>
    public ProblemProgress Forgive() =>
        Class == ProblemClass.Failed ? Next() with { Class = ProblemClass.Queued, Reason = null, EndedPass = -1 } : this;

    /// <summary>Whether all kept rollouts have ended in a pass.</summary>
    public bool HaveKeptEnded(int pass) => Kept.All(index => Reports.GetValueOrDefault(index)?.EndedPass >= pass);

    /// <summary>Counts all that is stored of the problem.</summary>
    /// <param name="sampling">What was sampled.</param>
    /// <param name="start">The completer's completions of the bare problem.</param>
    /// <param name="pass">The current pass.</param>
    public ProblemReport Report(ProblemSampling sampling, StateScore start, int pass)
    {
        var reports = Kept.Select(index => Reports.GetValueOrDefault(index)).ToArray();
        var known = reports.OfType<RolloutReport>().ToArray();
        var work = new WorkCounts(sampling.Facts.Length + start.Completions.Length, sampling.Facts.Sum(fact => (long)fact.Tokens) + start.Completions.Sum(fact => (long)fact.Tokens), 0);
        return new(
            Problem!.Ordinal, Problem.Id, Version + sampling.Facts.Length + start.Completions.Length + (sampling.PassAtOne is null ? 0 : 1), Class, Reason,
            sampling.Facts.Count(fact => fact.Class == RolloutClass.Correct),
            sampling.Facts.Aggregate(ClassCounts.Empty, (counts, fact) => counts.Add(fact.Class)),
            reports.Aggregate(ClassCounts.Empty, (counts, report) => counts.Add(report?.EndedPass >= pass ? "done" : "estimating")),
            Sum(known.Select(report => report.Steps)),
            Sum(known.Select(report => report.Rationales)),
            known.SelectMany(report => report.Samples).GroupBy(samples => samples.Key)
                .ToImmutableSortedDictionary(group => group.Key, group => Sum(group.Select(samples => samples.Value))),
            known.Aggregate(work, (sum, report) => sum.Plus(report.Work)));
    }

    private static ClassCounts Sum(IEnumerable<ClassCounts> counts) => counts.Aggregate(ClassCounts.Empty, (sum, one) => sum.Add(one));

    private ProblemProgress Next() => this with { Version = Version + 1 };
}
