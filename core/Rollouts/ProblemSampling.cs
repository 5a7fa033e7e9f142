using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;

namespace GenPrm.Core.Rollouts;

/// <summary>All that a problem's sampling has come to. A fold over arriving rollouts; <see cref="RoundPlan"/> says what comes next.</summary>
[GenerateSerializer, Immutable, Alias("genprm.problem-sampling")]
public sealed record ProblemSampling
{
    public static readonly ProblemSampling Empty = new();

    /// <summary>Every sampled rollout, by index.</summary>
    [Id(0)] public ImmutableArray<RolloutFact> Facts { get; init; } = [];

    /// <summary>The texts of those that may be kept, by index: the first <see cref="RolloutParameters.Kept"/> of either kind.</summary>
    [Id(1)] public ImmutableArray<Rollout> Held { get; init; } = [];

    /// <summary><c>MC(s_1)</c>, fixed when sampling ended for the first time; K follows from it and so stays too.</summary>
    [Id(2)] public Share? PassAtOne { get; init; }

    /// <summary>Takes a rollout in. One whose index is known already changes nothing: a result that arrives twice counts once.</summary>
    public ProblemSampling Apply(Rollout rollout, RolloutParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var place = Facts.BinarySearch(rollout.Fact, ByIndex);
        if (place >= 0)
            return this;

        var facts = Facts.Insert(~place, rollout.Fact);
        var side = SideOf(rollout.Fact.Class, parameters);
        if (side is null)
            return this with { Facts = facts };

        // Texts beyond what can be kept are let go, so that 2048 rollouts do not weigh 2048 texts.
        var same = Held.Add(rollout).Where(held => SideOf(held.Fact.Class, parameters) == side).OrderBy(held => held.Index).Take(parameters.Kept);
        var other = Held.Where(held => SideOf(held.Fact.Class, parameters) != side);
        return this with { Facts = facts, Held = [.. same.Concat(other).OrderBy(held => held.Index)] };
    }

    /// <summary>Remembers what sampling ended with; the first time counts.</summary>
    public ProblemSampling End(SamplingDecision.Keep kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        return PassAtOne is null ? this with { PassAtOne = kept.PassAtOne } : this;
    }

    /// <summary>True for the correct side, false for the incorrect one, null for what is not kept.</summary>
    internal static bool? SideOf(RolloutClass @class, RolloutParameters parameters) => @class switch
    {
        RolloutClass.Correct => true,
        RolloutClass.Incorrect => false,
        RolloutClass.NoAnswer when parameters.Unanswered == UndecidedRollouts.Incorrect => false,
        RolloutClass.UnknownAnswer when parameters.Unknown == UndecidedRollouts.Incorrect => false,
        _ => null,
    };

    private static readonly Comparer<RolloutFact> ByIndex = Comparer<RolloutFact>.Create((left, right) => left.Index.CompareTo(right.Index));
}
