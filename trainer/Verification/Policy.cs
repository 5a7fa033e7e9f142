using System.Collections.Immutable;
using GenPrm.Core.Equality;
using GenPrm.Core.Generation;
using GenPrm.Core.Identity;
using GenPrm.Core.Jobs;
using GenPrm.Core.Problems;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Scoring;

namespace GenPrm.Trainer.Verification;

/// <summary>What a candidate solution is, before anybody judges it.</summary>
public enum CandidateClass
{
    /// <summary>It has steps; it can be judged.</summary>
    Usable,

    /// <summary>Cut by the length limit.</summary>
    Cut,

    /// <summary>It shows no steps, says something before the first, or a step says nothing.</summary>
    NoSteps,

    /// <summary>The policy could not be asked: its context is too short, or the problem holds one of its special tokens.</summary>
    Refused,
}

/// <summary>A solution to choose or to rewrite.</summary>
/// <param name="Text">The whole text; empty where it was refused.</param>
/// <param name="Class">What it is.</param>
/// <param name="Answer">Its final answer as written; null where there is none, or it was cut.</param>
/// <param name="Right">Whether the answer equals the gold answer; null where there is no gold answer.</param>
/// <param name="Reason">Why it was refused.</param>
public sealed record Candidate(string Text, CandidateClass Class, string? Answer, bool? Right, string? Reason)
{
    /// <summary>Its steps; none unless it is usable.</summary>
    internal ImmutableArray<string> Steps => Class == CandidateClass.Usable ? [.. StepSplitter.Split(Text).Steps.Select(step => step.Text)] : [];

    /// <param name="text">A whole solution.</param>
    /// <param name="cut">Whether it was cut by the length limit.</param>
    /// <param name="gold">The gold answer, or null.</param>
    public static Candidate Of(string text, bool cut, string? gold)
    {
        var split = StepSplitter.Split(text);
        var @class = cut ? CandidateClass.Cut
            : split.Steps.IsEmpty || !string.IsNullOrWhiteSpace(split.Preamble) || split.Steps.Any(step => step.Text.Length == 0) ? CandidateClass.NoSteps
            : CandidateClass.Usable;
        var answer = cut ? null : FinalAnswer.Find(text, allowStated: false)?.Text;
        bool? right = gold is null ? null : answer is not null && Answers.Compare(gold, answer).Verdict == Verdict.Equal;
        return new(text, @class, answer, right, null);
    }
}

/// <summary>The model that writes solutions: asked as a job's policy is, from <c>Step 1:</c> on.</summary>
/// <param name="generator">Where it runs.</param>
/// <param name="model">Its name there.</param>
/// <param name="parameters">Instruction and sampling.</param>
/// <param name="examples">Worked examples as earlier turns.</param>
/// <param name="specialTokens">Its special-token strings.</param>
public sealed class Policy(
    IGenerator generator, string model, RolloutParameters parameters, ImmutableArray<WorkedExample> examples, ImmutableArray<string> specialTokens)
{
    /// <summary>Several solutions of a problem, each from its own random stream.</summary>
    /// <param name="problem">What to solve.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ImmutableArray<Candidate>> SolveAsync(PolicyProblem problem, int count, ulong seed, CancellationToken cancellationToken) =>
        WriteAsync(problem, SolvingPrompt.ForRollout(problem.Text, examples, parameters), [.. Enumerable.Range(0, count).Select(i => RandomStream.SeedOf(seed, $"{problem.Id}/r{i}"))], cancellationToken);

    /// <summary>A solution written again after a critique of one of its steps.</summary>
    /// <param name="round">From 1; names the random stream.</param>
    public async Task<Candidate> RewriteAsync(PolicyProblem problem, string solution, string step, string? analysis, int round, ulong seed, CancellationToken cancellationToken)
    {
        var first = SolvingPrompt.ForRollout(problem.Text, examples, parameters);
        var prompt = first with { Messages = Critic.Messages(first.Messages, solution, step, analysis) };
        return (await WriteAsync(problem, prompt, [RandomStream.SeedOf(seed, $"{problem.Id}/t{round}")], cancellationToken))[0];
    }

    private async Task<ImmutableArray<Candidate>> WriteAsync(PolicyProblem problem, Prompt.Chat prompt, ImmutableArray<ulong> seeds, CancellationToken cancellationToken)
    {
        if (specialTokens.FirstOrDefault(token => problem.Text.Contains(token, StringComparison.Ordinal)) is { } special)
            return Refused($"the problem holds the model's special token {special}");
        try
        {
            var written = await generator.GenerateAsync(new(model, prompt, seeds, parameters.Sampling), cancellationToken);
            return [.. written.Completions.Select(one => Candidate.Of(prompt.Prefill + one.Text, one.Finish == FinishReason.Length, problem.Answer))];
        }
        catch (GenerationException refused)
        {
            return Refused(refused.Message);
        }

        ImmutableArray<Candidate> Refused(string reason) =>
            [.. seeds.Select(_ => new Candidate("", CandidateClass.Refused, null, problem.Answer is null ? null : false, reason))];
    }
}
