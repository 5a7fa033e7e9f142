using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Core.Scoring;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.Runs;

namespace GenPrm.Lab.Reports;

/// <summary>What the job did, by its own counts.</summary>
/// <param name="Judge">The model that was trained on its log, from its first window on.</param>
/// <param name="StepsBeside">The steps of that training that were made before the job had ended; the rest came after.</param>
/// <param name="Seconds">Of work on it, stopped parts included, until the judge was trained.</param>
public sealed record JobFacts(
    TrainedModel Judge,
    long StepsBeside,
    ImmutableSortedDictionary<string, long> Problems,
    ImmutableSortedDictionary<string, long> Rollouts,
    ImmutableSortedDictionary<string, long> Steps,
    ImmutableSortedDictionary<string, long> Rationales,
    ImmutableSortedDictionary<string, long> Samples,
    long Continuations, long Tokens, long Blocks, double Seconds)
{
    public long Accepted => Samples.GetValueOrDefault("accepted");

    /// <summary>Problems that could not be done; they are left out.</summary>
    public long Failed => Problems.GetValueOrDefault("failed");
}

/// <summary>All that a demo's report says.</summary>
/// <param name="Labels">The job's labels against the truth: the product's rule, then hard labels.</param>
/// <param name="Gain">In F1 at Pass@1.</param>
public sealed record DemoResult(
    ulong Seed, TrainedModel Policy, TrainedModel Teacher, JobFacts Job, ImmutableArray<LabelScore> Labels, JudgeReport Before, JudgeReport After, double Gain, Interval GainInterval)
{
    /// <summary>Whether it is of <c>--quick</c>, whose figures mean less.</summary>
    public bool Quick { get; init; }

    /// <summary>Where the job can be looked at: the folder of its store.</summary>
    public required string Store { get; init; }

    /// <summary>The command that it is of.</summary>
    internal string Title => string.Create(CultureInfo.InvariantCulture, $"genprm demo{(Quick ? " --quick" : "")}, seed {Seed}");
}
