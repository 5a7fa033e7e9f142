using System.Collections.Immutable;
using GenPrm.Core.Scoring;

namespace GenPrm.Trainer.Verification;

/// <summary>A solution to score.</summary>
/// <param name="Id">Its identity: random streams come from it, so two solutions of one id and seed are judged alike.</param>
/// <param name="Problem">The problem's text.</param>
/// <param name="Steps">Its steps, without <c>Step k:</c>; at least one.</param>
public sealed record Solution(string Id, string Problem, ImmutableArray<string> Steps);

/// <summary>What gives the steps of a solution their rewards: the seam between kinds of process reward model and the commands that use them.</summary>
/// <remarks>
/// A scorer must: give each path <c>r_t</c> in 0 .. 1 for step 1, 2, …, in order and without a gap, as far as the plan asks; draw from nothing but seed and
/// <see cref="Solution.Id"/>, so that the same call gives the same rewards in any company; take many calls at once and bound its own work; and tell a solution that
/// it can not score (too long for the model, say) from trouble of its own: the first is <see cref="SolutionScore.Failed"/>, the second an exception.
/// The generative verifier (<see cref="Verifier"/>) is one; its mode <em>direct</em> is another set of options of it; a value head is a third kind, and gives one
/// path whatever the plan asks, since its paths would all be the same.
/// </remarks>
public interface IStepScorer
{
    /// <summary>Whether paths differ: a deterministic scorer is asked for one.</summary>
    bool IsSampled { get; }

    /// <summary>Scores one solution.</summary>
    /// <param name="solution">What to score.</param>
    /// <param name="plan">How many paths, and how far they go.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="VerificationException">The model or the sandbox can not be used now; nothing was wrong with the solution.</exception>
    Task<SolutionScore> ScoreAsync(Solution solution, PanelPlan plan, ulong seed, CancellationToken cancellationToken);
}

/// <summary>The run can not go on: the model failed again and again, or a file is not what it should be. The message says what, where, and the remedy.</summary>
public sealed class VerificationException : Exception
{
    public VerificationException()
    {
    }

    public VerificationException(string message)
        : base(message)
    {
    }

    public VerificationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
