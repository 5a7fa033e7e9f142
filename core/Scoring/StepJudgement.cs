using System.Collections.Immutable;
using GenPrm.Core.Rationales;

namespace GenPrm.Core.Scoring;

/// <summary>Where the judging of a step stands.</summary>
public enum JudgingPhase
{
    /// <summary>The analysis is being written.</summary>
    Analyzing,

    /// <summary>Code, its discussion and the output are being written.</summary>
    Verifying,

    /// <summary>The output was forced and is being written.</summary>
    Forced,

    /// <summary>A judgement stands; the probabilities of Yes and No at its place are wanted.</summary>
    Scoring,

    Ended,
}

/// <summary>One path's judging of one step, in the making or done. <see cref="StepJudge"/> moves it on.</summary>
[GenerateSerializer, Immutable, Alias("genprm.step-judgement")]
public sealed record StepJudgement
{
    /// <summary>The step, from 1.</summary>
    [Id(0)] public required int Paragraph { get; init; }

    [Id(1)] public JudgingPhase Phase { get; init; }

    /// <summary>The assistant's turn so far.</summary>
    [Id(2)] public ImmutableArray<RationalePart> Parts { get; init; } = [];

    /// <summary>Code that was written and has not run.</summary>
    [Id(3)] public string? PendingCode { get; init; }

    /// <summary>All code of this step that has run, that of dropped parts included: a fresh interpreter that runs the path's code stands where the path's
    /// stood.</summary>
    [Id(4)] public ImmutableArray<string> RunCode { get; init; } = [];

    /// <summary>How often the part behind the analysis was gone on with.</summary>
    [Id(5)] public int Generations { get; init; }

    /// <summary>Tokens generated behind the analysis.</summary>
    [Id(6)] public int Tokens { get; init; }

    /// <summary>How often the model was asked, over all attempts; numbers the next random stream.</summary>
    [Id(7)] public int Continuations { get; init; }

    /// <summary>0, or 1 when the step is asked again because the first attempt held no judgement.</summary>
    [Id(8)] public int Attempt { get; init; }

    /// <summary>Tokens generated in all, for the bill.</summary>
    [Id(9)] public int AllTokens { get; init; }

    /// <summary>r_t of this path, in 0 .. 1; null until it has ended. 0.5 without a judgement.</summary>
    [Id(10)] public double? Reward { get; init; }

    /// <summary>What the model wrote, Yes or No; null where there is no judgement.</summary>
    [Id(11)] public bool? Verdict { get; init; }

    /// <summary>The assistant's turn as one text.</summary>
    public string Text => string.Concat(Parts.Select(part => part.Text));
}

/// <summary>What the judging of a step needs next. Closed.</summary>
public abstract record JudgeAction
{
    private JudgeAction()
    {
    }

    /// <summary>The verifier is to go on with its turn from here.</summary>
    public sealed record Generate(string Turn, Generation.Sampling Sampling, int Continuation) : JudgeAction;

    /// <summary>Code is to run in the path's interpreter, behind all that the path has run before.</summary>
    public sealed record Run(string Code) : JudgeAction;

    /// <summary>The log probabilities of <see cref="StepJudge.Yes"/> and <see cref="StepJudge.No"/>, in this order, behind this beginning of the turn are wanted.</summary>
    public sealed record Score(string Turn) : JudgeAction;

    /// <summary>Nothing: the step is judged.</summary>
    public sealed record Nothing : JudgeAction;
}
