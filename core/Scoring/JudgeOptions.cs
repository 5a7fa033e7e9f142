using GenPrm.Core.Generation;
using GenPrm.Core.Samples;

namespace GenPrm.Core.Scoring;

/// <summary>How a step's first user turn is written.</summary>
public enum PromptStyle
{
    /// <summary>As the evaluation script and our own samples: problem, line break, step 1.</summary>
    Evaluation,

    /// <summary>As the released demo: <c>Question:</c>, problem, blank line, step 1.</summary>
    Demo,
}

/// <summary>How a verifier judges a step (section 8). The defaults are the paper's best mode and the reference code's limits.</summary>
[GenerateSerializer, Immutable, Alias("genprm.judge-options")]
public sealed record JudgeOptions
{
    /// <summary>Whether the step is analysed in words.</summary>
    [Id(0)] public bool Analyze { get; init; } = true;

    /// <summary>Whether code is written.</summary>
    [Id(1)] public bool Verify { get; init; } = true;

    /// <summary>Whether that code runs; if not, the verifier writes for itself what it would have printed.</summary>
    [Id(2)] public bool Execute { get; init; } = true;

    /// <summary><see cref="Sampling.MaxNewTokens"/> limits the analysis, and once more all that follows it.</summary>
    [Id(3)] public Sampling Sampling { get; init; } = new() { Temperature = 0.6, TopP = 0.95, TopK = 20, MaxNewTokens = 2048 };

    /// <summary>How often the part behind the analysis may be gone on with before its output is forced.</summary>
    [Id(4)] public int MaxGenerations { get; init; } = 3;

    /// <summary>Tokens of a forced output.</summary>
    [Id(5)] public int ForcedTokens { get; init; } = 20;

    /// <summary>The most characters that a block's printed output may bring in; more becomes an error text.</summary>
    [Id(6)] public int OutputCharacters { get; init; } = 8192;

    [Id(7)] public PromptStyle Style { get; init; } = PromptStyle.Evaluation;

    /// <summary>The judgement alone: a mode of its own, with its own system turn.</summary>
    public bool IsDirect => !Analyze && !Verify;

    /// <summary>The system turn of the mode.</summary>
    public string System => IsDirect ? ConversationForm.DirectSystem : ConversationForm.System;

    /// <summary>The user turn of a step, from 1.</summary>
    public string UserTurn(string problem, string step, int paragraph) => paragraph > 1
        ? step
        : Style == PromptStyle.Demo ? ConversationForm.FirstDemoTurn(problem, step) : ConversationForm.FirstUserTurn(problem, step);
}
