using System.Collections.Immutable;

namespace GenPrm.Core.Labels;

/// <summary>Counts to labels: zero propagation (section 3) and the estimators (section 4), in exact arithmetic.</summary>
public static class StepLabeller
{
    /// <summary>The labels of a rollout, or null while a score that they need is missing.</summary>
    /// <param name="labelling">How.</param>
    /// <param name="policyStart"><c>MC(s_1)</c> by the policy; K follows from it.</param>
    /// <param name="completerStart">The completer's completions of the bare problem; used where the labelling says so.</param>
    /// <param name="scores">What each step has, step 1 first; the last one's is not used.</param>
    /// <param name="correct">Whether the rollout's own answer is right.</param>
    public static RolloutLabels? Label(Labelling labelling, Share policyStart, StateScore? completerStart, IReadOnlyList<StateScore> scores, bool correct)
    {
        ArgumentNullException.ThrowIfNull(labelling);
        ArgumentNullException.ThrowIfNull(scores);
        var k = labelling.K.For(policyStart);
        var start = labelling.Start == StartEstimate.Policy ? policyStart : completerStart?.Mc(k);
        if (start is not { } before)
            return null;

        var steps = ImmutableArray.CreateBuilder<StepLabel>(scores.Count);
        var zero = false;
        for (var step = 1; step <= scores.Count; step++)
        {
            var source = zero ? ScoreSource.AfterZero : step == scores.Count ? ScoreSource.OwnAnswer : ScoreSource.Completions;
            var score = source switch
            {
                ScoreSource.AfterZero => new Share(0, k),
                ScoreSource.OwnAnswer => new Share(correct ? 1 : 0, 1),
                _ => scores[step - 1].Mc(k),
            };
            if (score is not { } after)
                return null;
            steps.Add(new(step, before, after, source, IsRight(labelling.Estimator, labelling.Epsilon, before, after)));
            zero |= after.Count == 0;
            before = after;
        }

        return new(labelling.Number, steps.MoveToImmutable());
    }

    /// <summary>One step's label. Both sides are multiplied out: k and n are whole, epsilon is a decimal, nothing is rounded.</summary>
    public static bool IsRight(Estimator estimator, decimal epsilon, Share before, Share after)
    {
        if (estimator == Estimator.Hard)
            return after.Count > 0;
        if (before.Count == 0)
            return false;
        var afterAcross = (decimal)after.Count * before.Of;
        var beforeAcross = (decimal)before.Count * after.Of;
        return estimator == Estimator.Ratio
            ? afterAcross >= epsilon * beforeAcross
            : afterAcross - beforeAcross >= epsilon * after.Of * before.Of;
    }
}
