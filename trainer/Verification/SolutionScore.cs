using System.Collections.Immutable;
using GenPrm.Core.Rationales;
using GenPrm.Core.Scoring;

namespace GenPrm.Trainer.Verification;

/// <summary>What became of a solution. Closed.</summary>
public abstract record SolutionScore(string Id)
{
    /// <summary>Its steps have rewards, as far as was asked.</summary>
    /// <param name="Paths">Every path, at least one.</param>
    public sealed record Judged(string Id, ImmutableArray<PathScore> Paths) : SolutionScore(Id)
    {
        /// <summary>r_t of the panel of all paths (eq. 7), step 1 first.</summary>
        public ImmutableArray<double> Rewards => Panel.Rewards([.. Paths.Select(path => path.Rewards)]);

        /// <summary>The first wrong step by all paths' vote, from 1; null for none.</summary>
        public int? FirstWrong => Panel.FirstWrong(Rewards);
    }

    /// <summary>It can not be scored, and the reason.</summary>
    public sealed record Failed(string Id, string Reason) : SolutionScore(Id);
}

/// <summary>One path over a solution.</summary>
/// <param name="Steps">What it says of each step that it came to, step 1 first.</param>
public sealed record PathScore(ImmutableArray<StepScore> Steps)
{
    public ImmutableArray<double> Rewards => [.. Steps.Select(step => step.Reward)];
}

/// <summary>How a step's reward came about.</summary>
public enum StepClass
{
    /// <summary>The model came to its judgement.</summary>
    Judged,

    /// <summary>The output section was forced at the limit of rounds or tokens, and the judgement read from it.</summary>
    Forced,

    /// <summary>Asked twice, it gave no judgement; the reward is 0.5.</summary>
    NoJudgement,

    /// <summary>A value head's: there is no text.</summary>
    Scalar,
}

/// <summary>What one path says of one step.</summary>
/// <param name="Step">From 1.</param>
/// <param name="Reward">r_t of this path, in 0 .. 1.</param>
/// <param name="Class">How it came about.</param>
public sealed record StepScore(int Step, double Reward, StepClass Class)
{
    /// <summary>What the model wrote, Yes or No; null where it wrote neither.</summary>
    public bool? Verdict { get; init; }

    /// <summary>The assistant's turn as it stands in the path's conversation.</summary>
    public string Text { get; init; } = "";

    /// <summary>The analysis alone; null where there is none.</summary>
    public string? Analysis { get; init; }

    /// <summary>All code of the step and what became of it, in order, that of dropped parts included.</summary>
    public ImmutableArray<CodeBlock> Code { get; init; } = [];

    /// <summary>Tokens generated.</summary>
    public int Tokens { get; init; }

    /// <summary>1, or 2 where the first time held no judgement.</summary>
    public int Attempts { get; init; } = 1;
}

/// <summary>A code block of a judgement.</summary>
/// <param name="Code">The Python; empty where a block held none.</param>
/// <param name="Class">What became of it.</param>
/// <param name="Output">The text that was fed back.</param>
public sealed record CodeBlock(string Code, BlockClass Class, string Output);
