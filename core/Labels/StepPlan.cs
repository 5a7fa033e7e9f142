using System.Collections.Immutable;

namespace GenPrm.Core.Labels;

/// <summary>Which steps of a rollout are to be scored next. The last step has its own answer, and nothing after the first score of 0 is sampled.</summary>
/// <remarks>The steps of a correct rollout are asked for at once: the rollout itself shows that the answer can be reached from each of its states, so a zero among
/// them is rare and little is sampled in vain. An incorrect rollout comes to its zero soon, so its steps are asked for one after another,
/// or <c>completions.ahead</c> more at a time. Many rollouts run at once; engines stay busy either way.</remarks>
public static class StepPlan
{
    /// <param name="scores">What each step has so far, step 1 first; one for each of the rollout's steps.</param>
    /// <param name="k">Completions a step.</param>
    /// <param name="correct">Whether the rollout's own answer is right.</param>
    /// <param name="ahead">Steps of an incorrect rollout to sample beyond the first undecided one.</param>
    /// <returns>The steps that need completions now, from 1; empty when all that is needed is there.</returns>
    public static ImmutableArray<int> Next(IReadOnlyList<StateScore> scores, int k, bool correct, int ahead)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var needed = ImmutableArray.CreateBuilder<int>();
        for (var step = 1; step < scores.Count; step++)
        {
            var mc = scores[step - 1].Mc(k);
            if (mc is { Count: 0 })
                break;
            if (mc is null)
                needed.Add(step);
            if (!correct && needed.Count > ahead)
                break;
        }

        return needed.ToImmutable();
    }
}
