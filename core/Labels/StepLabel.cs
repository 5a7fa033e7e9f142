using System.Collections.Immutable;

namespace GenPrm.Core.Labels;

/// <summary>Where a step's score comes from.</summary>
public enum ScoreSource
{
    /// <summary>Counted completions.</summary>
    Completions,

    /// <summary>The last step: its own answer is right or wrong.</summary>
    OwnAnswer,

    /// <summary>A step before it came to 0, so this is 0 too.</summary>
    AfterZero,
}

/// <summary>A step's score and label under one labelling.</summary>
/// <param name="Step">t, from 1.</param>
/// <param name="Before"><c>MC(s_t)</c>.</param>
/// <param name="After"><c>MC(s_t, a_t)</c>.</param>
/// <param name="Source">Where <paramref name="After"/> comes from.</param>
/// <param name="Label"><c>r_t</c>: whether the step is right.</param>
[GenerateSerializer, Immutable, Alias("genprm.step-label")]
public sealed record StepLabel(
    [property: Id(0)] int Step,
    [property: Id(1)] Share Before,
    [property: Id(2)] Share After,
    [property: Id(3)] ScoreSource Source,
    [property: Id(4)] bool Label)
{
    /// <summary><c>P_t = MC(s_t, a_t) / MC(s_t)</c> for display (eq. 10); null where <c>MC(s_t)</c> is 0.</summary>
    public double? Progress => Before.Count == 0 ? null : After.Value / Before.Value;
}

/// <summary>A rollout's labels under one labelling.</summary>
/// <param name="Labelling">The labelling's number.</param>
/// <param name="Steps">One for each step.</param>
[GenerateSerializer, Immutable, Alias("genprm.rollout-labels")]
public sealed record RolloutLabels([property: Id(0)] int Labelling, [property: Id(1)] ImmutableArray<StepLabel> Steps)
{
    /// <summary>What <see cref="FirstError"/> is when every step is right.</summary>
    public const int AllRight = -1;

    /// <summary>j: the first step labelled wrong, from 1, or <see cref="AllRight"/>.</summary>
    public int FirstError => Steps.FirstOrDefault(step => !step.Label)?.Step ?? AllRight;
}
