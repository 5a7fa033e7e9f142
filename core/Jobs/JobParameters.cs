using GenPrm.Core.Generation;
using GenPrm.Core.Labels;

namespace GenPrm.Core.Jobs;

/// <summary>Every number of the method that a job may choose: sections 2 to 7 of docs/method.md. The defaults are the paper's; where
/// it is silent, its reference code's. A job keeps the ones that it ran with.</summary>
/// <remarks>Names, allowed values and meanings for users: <see cref="ParameterTable"/>. Ready-made sets: <see cref="Profiles"/>.</remarks>
[GenerateSerializer, Immutable, Alias("genprm.job-parameters")]
public sealed record JobParameters
{
    /// <summary>The profile that these parameters started from.</summary>
    [Id(0)] public string Profile { get; init; } = "paper";

    /// <summary>All random streams of the job come from this and a unit's identity.</summary>
    [Id(1)] public ulong Seed { get; init; } = 1;

    [Id(2)] public RolloutParameters Rollouts { get; init; } = new();

    [Id(3)] public CompletionParameters Completions { get; init; } = new();

    [Id(4)] public LabelParameters Labels { get; init; } = new();

    [Id(5)] public RationaleParameters Rationales { get; init; } = new();

    /// <summary>Whether "the answer is 5" counts as an answer where there is no <c>\boxed{}</c>. The method asks for the box.</summary>
    [Id(6)] public bool StatedAnswers { get; init; }
}

/// <summary>How solutions are sampled and which are kept (section 2).</summary>
[GenerateSerializer, Immutable, Alias("genprm.rollout-parameters")]
public sealed record RolloutParameters
{
    [Id(0)] public Sampling Sampling { get; init; } = new() { Temperature = 0.7, TopP = 1, TopK = 0, MaxNewTokens = 2048 };

    /// <summary>Rollouts of the first round.</summary>
    [Id(1)] public int FirstRound { get; init; } = 32;

    /// <summary>Rollouts of each later round.</summary>
    [Id(2)] public int Round { get; init; } = 16;

    /// <summary>The most rollouts a problem.</summary>
    [Id(3)] public int Max { get; init; } = 2048;

    /// <summary>Rollouts kept a problem: half correct, half incorrect, topped up from the larger group.</summary>
    [Id(4)] public int Kept { get; init; } = 16;

    /// <summary>Whether the forced <c>Step k:</c> is sent with a blank behind it, as the reference code does. Without one the model writes
    /// the blank itself, as part of its next word.</summary>
    [Id(5)] public bool PrefixBlank { get; init; }

    /// <summary>What the system turn asks of the policy and the completer.</summary>
    [Id(6)]
    public string Instruction { get; init; } =
        "Solve the math problem step by step. Begin every step on a new line with `Step k: `, k counting from 1, and put the final answer within \\boxed{}.";

    /// <summary>Whether a finished rollout that gives no answer may be kept as an incorrect one, or is left out.</summary>
    [Id(7)] public UndecidedRollouts Unanswered { get; init; } = UndecidedRollouts.LeaveOut;

    /// <summary>Whether a rollout whose answer's equality is unknown may be kept as an incorrect one, or is left out.</summary>
    [Id(8)] public UndecidedRollouts Unknown { get; init; } = UndecidedRollouts.LeaveOut;
}

/// <summary>What becomes of a rollout that is neither known to be right nor known to be wrong. It counts as wrong in <c>MC(s_1)</c> either way.</summary>
public enum UndecidedRollouts
{
    /// <summary>It is never kept: a label on its last step would be a guess.</summary>
    LeaveOut,

    /// <summary>It is an incorrect rollout like any other, as in the reference code.</summary>
    Incorrect,
}

/// <summary>How states are finished for Monte Carlo estimation (section 3).</summary>
[GenerateSerializer, Immutable, Alias("genprm.completion-parameters")]
public sealed record CompletionParameters
{
    [Id(0)] public Sampling Sampling { get; init; } = new() { Temperature = 0.7, TopP = 1, TopK = 0, MaxNewTokens = 2048 };

    /// <summary>Completions a step, by the problem's estimated Pass@1.</summary>
    [Id(1)] public KTable K { get; init; } = KTable.Paper;

    /// <summary>Whether the completer also finishes <c>s_1</c>, the bare problem: the second estimate of Pass@1.</summary>
    [Id(2)] public bool ScoreStart { get; init; } = true;

    /// <summary>How many further steps of an incorrect rollout are sampled before it is known whether the one before came to 0. At 0 nothing is
    /// sampled in vain; more shortens the wait when the engines have room.</summary>
    [Id(3)] public int Ahead { get; init; }
}

/// <summary>How counts become labels (section 4). These make a job's first labelling; <c>relabel</c> makes others.</summary>
[GenerateSerializer, Immutable, Alias("genprm.label-parameters")]
public sealed record LabelParameters
{
    [Id(0)] public Estimator Estimator { get; init; } = Estimator.Ratio;

    /// <summary>The threshold, an exact decimal. Not used by <see cref="Estimator.Hard"/>.</summary>
    [Id(1)] public decimal Epsilon { get; init; } = 0.8m;

    /// <summary>Which estimate of <c>MC(s_1)</c> step 1 is compared with.</summary>
    [Id(2)] public StartEstimate Start { get; init; } = StartEstimate.Policy;
}

/// <summary>How critiques are written (section 5).</summary>
[GenerateSerializer, Immutable, Alias("genprm.rationale-parameters")]
public sealed record RationaleParameters
{
    /// <summary><see cref="Sampling.MaxNewTokens"/> is the limit of a whole rationale, over all the times it is continued.</summary>
    [Id(0)] public Sampling Sampling { get; init; } = new() { Temperature = 0.6, TopP = 0.95, TopK = 40, MaxNewTokens = 16384 };

    /// <summary>Rationales a kept rollout.</summary>
    [Id(1)] public int PerRollout { get; init; } = 1;

    /// <summary>The most code blocks a rationale may run.</summary>
    [Id(2)] public int MaxBlocks { get; init; } = 64;

    /// <summary>The time a block may take.</summary>
    [Id(3)] public TimeSpan BlockTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most characters that a block's printed output may bring into the rationale; more becomes an error text.</summary>
    [Id(4)] public int OutputCharacters { get; init; } = 8192;

    /// <summary>Whether the judge is a reasoning model: its turn then begins inside <c>&lt;think&gt;</c>.</summary>
    [Id(5)] public bool Reasoning { get; init; } = true;

    /// <summary>Whether a judge that ended without naming an index is made to name one.</summary>
    [Id(6)] public bool ForceConclusion { get; init; } = true;
}
