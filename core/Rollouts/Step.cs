using System.Collections.Immutable;

namespace GenPrm.Core.Rollouts;

/// <summary>One step <c>a_t</c> of a rollout.</summary>
/// <param name="Number">t, from 1.</param>
/// <param name="Raw">Its part of the rollout as it was written: <c>Step t:</c>, text and the blanks up to the next step.</param>
/// <param name="Text">What it says: without <c>Step t:</c>, blanks at both ends trimmed.</param>
[GenerateSerializer, Immutable, Alias("genprm.step")]
public sealed record Step([property: Id(0)] int Number, [property: Id(1)] string Raw, [property: Id(2)] string Text)
{
    /// <summary>The blanks and line breaks between this step's text and what follows, as written.</summary>
    public string Gap => Raw[Raw.TrimEnd().Length..];
}

/// <summary>A rollout cut into steps. <see cref="Preamble"/> and the steps' raw parts, joined, are the rollout.</summary>
/// <param name="Preamble">What stands before step 1; anything but blanks makes the rollout invalid.</param>
/// <param name="Steps">The steps, numbered from 1 without a gap.</param>
public sealed record SplitRollout(string Preamble, ImmutableArray<Step> Steps);
