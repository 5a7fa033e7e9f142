using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Identity;
using GenPrm.Core.Problems;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;

namespace GenPrm.Core.Jobs;

/// <summary>What the engines are asked for each unit of work. A request follows from the job, the unit's name and what is known of it, so that asking twice
/// is asking for the same.</summary>
public static class UnitRequests
{
    /// <summary>Rollouts of a problem.</summary>
    /// <param name="indices">As <see cref="RoundPlan"/> names them; the result's completions are in their order.</param>
    public static GenerationRequest Rollouts(JobSpec job, Problem problem, ImmutableArray<int> indices)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(problem);
        return new(job.Models.Policy, SolvingPrompt.ForRollout(problem.Text, job.Examples, job.Parameters.Rollouts),
            Seeds(job, indices, index => UnitName.Rollout(problem.Ordinal, index)), job.Parameters.Rollouts.Sampling);
    }

    /// <summary>Completions of the bare problem, by the completer.</summary>
    public static GenerationRequest Start(JobSpec job, Problem problem, ImmutableArray<int> indices)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return Completions(job, problem, [], 0, UnitName.Start(problem.Ordinal), indices);
    }

    /// <summary>Completions of a rollout's state behind a step.</summary>
    /// <param name="rollout">The rollout's index.</param>
    /// <param name="steps">The rollout's steps.</param>
    /// <param name="step">The step to be scored, from 1: it and those before it are given.</param>
    /// <param name="indices">As <see cref="Labels.StateScore.Missing"/> names them.</param>
    public static GenerationRequest Step(JobSpec job, Problem problem, int rollout, ImmutableArray<Step> steps, int step, ImmutableArray<int> indices)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return Completions(job, problem, steps, step, UnitName.Step(problem.Ordinal, rollout, step), indices);
    }

    /// <summary>The next stretch of a rationale.</summary>
    public static GenerationRequest Rationale(JobSpec job, Problem problem, int rollout, ImmutableArray<Step> steps, int rationale, RationaleAction.Generate go)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(go);
        var name = UnitName.Continuation(UnitName.Rationale(problem.Ordinal, rollout, rationale), go.Continuation);
        return new(job.Models.Judge, new Prompt.Chat(JudgePrompt.Messages(problem.Text, steps), go.Prefill), [RandomStream.SeedOf(job.Parameters.Seed, name)], go.Sampling);
    }

    private static GenerationRequest Completions(JobSpec job, Problem problem, ImmutableArray<Step> steps, int given, string state, ImmutableArray<int> indices) =>
        new(job.Models.Completer, SolvingPrompt.ForState(problem.Text, steps, given, job.Examples, job.Parameters.Rollouts),
            Seeds(job, indices, index => UnitName.Completion(state, index)), job.Parameters.Completions.Sampling);

    private static ImmutableArray<ulong> Seeds(JobSpec job, ImmutableArray<int> indices, Func<int, string> name) =>
        [.. indices.Select(index => RandomStream.SeedOf(job.Parameters.Seed, name(index)))];
}
