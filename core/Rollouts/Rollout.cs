using GenPrm.Core.Generation;

namespace GenPrm.Core.Rollouts;

/// <summary>What a sampled rollout is. Only the first two can be kept (and, where the parameters say so, the unanswered and unknown).</summary>
public enum RolloutClass
{
    /// <summary>Valid, and its final answer equals the gold answer.</summary>
    Correct,

    /// <summary>Valid, and its final answer does not.</summary>
    Incorrect,

    /// <summary>Cut by the length limit.</summary>
    Cut,

    /// <summary>It says something before step 1.</summary>
    TextBeforeStepOne,

    /// <summary>It has fewer than two steps.</summary>
    OneStep,

    /// <summary>One of its steps says nothing, so that nothing could be judged.</summary>
    EmptyStep,

    /// <summary>Its text holds one of a model's special-token strings, which would end a turn where no turn ends.</summary>
    SpecialToken,

    /// <summary>It ended without a final answer.</summary>
    NoAnswer,

    /// <summary>The checker could not decide whether its answer equals the gold answer.</summary>
    UnknownAnswer,
}

/// <summary>What is remembered of every sampled rollout, its text apart.</summary>
/// <param name="Index">Its number in the problem, from 0.</param>
/// <param name="Class">What it is.</param>
/// <param name="Answer">Its final answer as written, or null.</param>
/// <param name="CheckerVersion">The answer checker that decided.</param>
/// <param name="Tokens">Tokens generated.</param>
[GenerateSerializer, Immutable, Alias("genprm.rollout-fact")]
public sealed record RolloutFact(
    [property: Id(0)] int Index,
    [property: Id(1)] RolloutClass Class,
    [property: Id(2)] string? Answer,
    [property: Id(3)] int CheckerVersion,
    [property: Id(4)] int Tokens);

/// <summary>A sampled solution with its text.</summary>
/// <param name="Fact">What it is.</param>
/// <param name="Raw">The assistant's whole turn, the forced <c>Step 1:</c> included, as it was written.</param>
[GenerateSerializer, Immutable, Alias("genprm.rollout")]
public sealed record Rollout([property: Id(0)] RolloutFact Fact, [property: Id(1)] string Raw)
{
    public int Index => Fact.Index;

    /// <summary>Its steps, cut anew from the text.</summary>
    public SplitRollout Split() => StepSplitter.Split(Raw);
}
