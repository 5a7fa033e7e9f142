using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Grains.Queues;

namespace GenPrm.Grains.Jobs;

/// <summary>A job as a user sees it.</summary>
/// <param name="Id">The job's name.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="CreatedAt">When it was first handed in.</param>
/// <param name="EndedAt">When it was done or cancelled; <c>null</c> before.</param>
/// <param name="Problems">Each problem in one of: queued, sampling, estimating, done, too_hard, too_easy, failed, cancelled.</param>
/// <param name="Rollouts">Each sampled rollout by what it is: correct, incorrect, cut, one_step and so on.</param>
/// <param name="Steps">Each step of a kept rollout: pending, sampling, completions (estimated by them), own_answer (the last step), after_zero.</param>
/// <param name="Rationales">Each rationale of a kept rollout: writing, or how it ended.</param>
/// <param name="Samples">Of the newest labelling: each rationale as pending, accepted, or why it was discarded.</param>
/// <param name="Work">What generation and execution took so far.</param>
/// <param name="Rates">Units a minute, over the last minute or two.</param>
/// <param name="Labellings">The labellings, oldest first, each with its own samples.</param>
/// <param name="WaitingFor">What the job can not go on without, in words, such as <c>a generate silo that serves policy-7b</c>; empty if it goes on.</param>
/// <param name="Failures">Reasons of failed problems, the first few of them.</param>
/// <param name="Kept">The kept rollouts: estimating, done.</param>
/// <param name="Input">The input's lines by class, as they were handed in.</param>
/// <param name="Queues">The queues that the job's work goes through; other jobs' work is in them too.</param>
[GenerateSerializer, Immutable, Alias("genprm.job-summary")]
public sealed record JobSummary(
    [property: Id(0)] string Id,
    [property: Id(1)] JobState State,
    [property: Id(2)] DateTimeOffset CreatedAt,
    [property: Id(3)] DateTimeOffset? EndedAt,
    [property: Id(4)] ClassCounts Problems,
    [property: Id(5)] ClassCounts Rollouts,
    [property: Id(6)] ClassCounts Steps,
    [property: Id(7)] ClassCounts Rationales,
    [property: Id(8)] ClassCounts Samples,
    [property: Id(9)] WorkCounts Work,
    [property: Id(10)] WorkRates Rates,
    [property: Id(11)] ImmutableArray<LabellingView> Labellings,
    [property: Id(12)] ImmutableArray<string> WaitingFor,
    [property: Id(13)] ImmutableArray<FailureView> Failures,
    [property: Id(14)] ClassCounts Kept,
    [property: Id(15)] ClassCounts Input,
    [property: Id(16)] ImmutableArray<QueueView> Queues);

/// <summary>What was generated and executed, counted once each.</summary>
/// <param name="Continuations">Texts that were generated and taken.</param>
/// <param name="Tokens">Tokens of them.</param>
/// <param name="Blocks">Code blocks that ran.</param>
[GenerateSerializer, Immutable, Alias("genprm.work-counts")]
public sealed record WorkCounts(
    [property: Id(0)] long Continuations,
    [property: Id(1)] long Tokens,
    [property: Id(2)] long Blocks)
{
    public static WorkCounts None { get; } = new(0, 0, 0);

    public WorkCounts Plus(WorkCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(Continuations + other.Continuations, Tokens + other.Tokens, Blocks + other.Blocks);
    }
}

/// <summary>Speeds. Zero until there are two looks at the job to compare.</summary>
/// <param name="Problems">Problems ended a minute.</param>
/// <param name="Continuations">Continuations taken a minute.</param>
/// <param name="Tokens">Tokens generated a second.</param>
/// <param name="Blocks">Code blocks a minute.</param>
/// <param name="Remaining">The time left at this speed; <c>null</c> if it can not be told.</param>
[GenerateSerializer, Immutable, Alias("genprm.work-rates")]
public sealed record WorkRates(
    [property: Id(0)] double Problems,
    [property: Id(1)] double Continuations,
    [property: Id(2)] double Tokens,
    [property: Id(3)] double Blocks,
    [property: Id(4)] TimeSpan? Remaining)
{
    public static WorkRates None { get; } = new(0, 0, 0, 0, null);
}

/// <summary>A problem that failed, and why.</summary>
/// <param name="Problem">Its ordinal, from 0.</param>
[GenerateSerializer, Immutable, Alias("genprm.failure-view")]
public sealed record FailureView([property: Id(0)] int Problem, [property: Id(1)] string Reason);
