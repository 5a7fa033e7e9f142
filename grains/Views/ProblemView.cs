using System.Collections.Immutable;
using GenPrm.Core.Labels;

namespace GenPrm.Grains.Views;

/// <summary>One problem in a list.</summary>
/// <param name="Ordinal">Its place in the job, from 0.</param>
/// <param name="Id">Its id in the input file.</param>
/// <param name="State">Its class, as in the job's summary.</param>
/// <param name="Reason">Why it failed; <c>null</c> if it did not.</param>
/// <param name="Correct">Correct ones among the sampled rollouts.</param>
/// <param name="Sampled">Sampled rollouts, invalid ones included.</param>
/// <param name="Accepted">Samples accepted by the newest labelling.</param>
[GenerateSerializer, Immutable, Alias("genprm.problem-row")]
public sealed record ProblemRow(
    [property: Id(0)] int Ordinal,
    [property: Id(1)] string Id,
    [property: Id(2)] string State,
    [property: Id(3)] string? Reason,
    [property: Id(4)] int Correct,
    [property: Id(5)] int Sampled,
    [property: Id(6)] int Accepted);

/// <summary>One problem, whole.</summary>
/// <param name="Text">The problem.</param>
/// <param name="Gold">The gold answer.</param>
/// <param name="PassAtOne"><c>MC(s_1)</c> by the policy; <c>null</c> while it is being sampled.</param>
/// <param name="Completions">K of its Monte Carlo estimates; <c>null</c> before it is known, or when the problem is not being worked on.</param>
/// <param name="WaitingFor">What it waits for; <c>null</c> if it has ended.</param>
/// <param name="Rollouts">Every sampled rollout, in order.</param>
[GenerateSerializer, Immutable, Alias("genprm.problem-view")]
public sealed record ProblemView(
    [property: Id(0)] ProblemRow Row,
    [property: Id(1)] string Text,
    [property: Id(2)] string Gold,
    [property: Id(3)] Share? PassAtOne,
    [property: Id(4)] int? Completions,
    [property: Id(5)] string? WaitingFor,
    [property: Id(6)] ImmutableArray<RolloutRow> Rollouts);

/// <summary>One rollout in a list.</summary>
/// <param name="Index">Its place among the problem's rollouts, from 0.</param>
/// <param name="Class">Its class, as in the job's summary.</param>
/// <param name="Answer">Its final answer; <c>null</c> if it has none.</param>
/// <param name="Correct">Whether the answer equals the gold answer; <c>null</c> if that could not be told.</param>
/// <param name="Kept">Whether it is labelled; only kept rollouts can be inspected further.</param>
[GenerateSerializer, Immutable, Alias("genprm.rollout-row")]
public sealed record RolloutRow(
    [property: Id(0)] int Index,
    [property: Id(1)] string Class,
    [property: Id(2)] string? Answer,
    [property: Id(3)] bool? Correct,
    [property: Id(4)] bool Kept);
