using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;

namespace GenPrm.Core.Rollouts;

/// <summary>What a problem's sampling does next. Closed.</summary>
public abstract record SamplingDecision
{
    private SamplingDecision()
    {
    }

    /// <summary>These rollouts of the running round are missing.</summary>
    public sealed record Sample(ImmutableArray<int> Indices) : SamplingDecision;

    /// <summary>Sampling is over; these are kept.</summary>
    /// <param name="Indices">In rising order.</param>
    /// <param name="PassAtOne"><c>MC(s_1)</c>: correct ones among all that were sampled, invalid ones counted as wrong.</param>
    public sealed record Keep(ImmutableArray<int> Indices, Share PassAtOne) : SamplingDecision;

    /// <summary>After the last allowed rollout one kind is missing: the problem teaches nothing.</summary>
    /// <param name="Class"><see cref="ProblemClass.TooHard"/> or <see cref="ProblemClass.TooEasy"/>.</param>
    /// <param name="Reason">With the counts.</param>
    public sealed record Discard(ProblemClass Class, string Reason) : SamplingDecision;
}

/// <summary>The rounds of section 2: sample until both halves of what is kept are there, or the limit is reached.</summary>
/// <remarks>Decisions fall only at the ends of rounds, so that the order in which a round's rollouts arrive changes nothing. Rollouts are kept in the order of
/// their indices: their texts come from independent streams, so this draws no worse than a shuffle, and what was kept stays kept when the count grows.</remarks>
public static class RoundPlan
{
    public static SamplingDecision Next(ProblemSampling sampling, RolloutParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        ArgumentNullException.ThrowIfNull(parameters);
        var sampled = sampling.Facts.Length;
        var end = RoundEnd(sampled == 0 ? 0 : sampling.Facts[^1].Index, parameters);
        if (sampled < end)
            return new SamplingDecision.Sample(Missing(sampling, end));

        var correct = Of(sampling, true, parameters);
        var incorrect = Of(sampling, false, parameters);
        var half = parameters.Kept / 2;
        if (correct.Length >= half && incorrect.Length >= half && correct.Length + incorrect.Length >= parameters.Kept)
            return Keep(sampling, correct, incorrect, parameters);
        if (end < parameters.Max)
            return new SamplingDecision.Sample(Missing(sampling, RoundEnd(end, parameters)));
        if (correct.Length == 0)
            return new SamplingDecision.Discard(ProblemClass.TooHard, $"no correct rollout among {sampled}");
        if (incorrect.Length == 0)
            return new SamplingDecision.Discard(ProblemClass.TooEasy, $"no incorrect rollout among {sampled}");
        return Keep(sampling, correct, incorrect, parameters);
    }

    /// <summary>The first end of a round beyond an index.</summary>
    private static int RoundEnd(int index, RolloutParameters parameters)
    {
        var later = Math.Max(0, index - parameters.FirstRound + parameters.Round) / parameters.Round;
        return (int)Math.Min(parameters.Max, parameters.FirstRound + (long)later * parameters.Round);
    }

    private static ImmutableArray<int> Missing(ProblemSampling sampling, int end) =>
        [.. Enumerable.Range(0, end).Except(sampling.Facts.Select(fact => fact.Index))];

    private static ImmutableArray<int> Of(ProblemSampling sampling, bool side, RolloutParameters parameters) =>
        [.. sampling.Held.Where(held => ProblemSampling.SideOf(held.Fact.Class, parameters) == side).Select(held => held.Index)];

    private static SamplingDecision.Keep Keep(ProblemSampling sampling, ImmutableArray<int> correct, ImmutableArray<int> incorrect, RolloutParameters parameters)
    {
        var half = parameters.Kept / 2;
        var (smaller, larger) = correct.Length <= incorrect.Length ? (correct, incorrect) : (incorrect, correct);
        var fromSmaller = Math.Min(half, smaller.Length);
        var kept = smaller.Take(fromSmaller).Concat(larger.Take(parameters.Kept - fromSmaller)).Order();
        var passAtOne = sampling.PassAtOne ?? new Share(sampling.Facts.Count(fact => fact.Class == RolloutClass.Correct), sampling.Facts.Length);
        return new([.. kept], passAtOne);
    }
}
