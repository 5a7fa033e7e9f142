namespace GenPrm.Core.Equality;

/// <summary>What is known about two answers.</summary>
public enum Verdict
{
    /// <summary>They are the same answer.</summary>
    Equal,

    /// <summary>They are not the same answer.</summary>
    Different,

    /// <summary>Neither could be shown within the budget of work, or one of them could not be read.</summary>
    Unknown,
}

/// <summary>A verdict and why.</summary>
/// <param name="Verdict">What is known.</param>
/// <param name="Reason">In a word: <c>same text</c>, <c>same value</c>, <c>same set</c>, <c>numeric evidence</c>, <c>not parsed: …</c>, <c>too large</c>.</param>
[GenerateSerializer, Immutable, Alias("genprm.answer-comparison")]
public sealed record Comparison([property: Id(0)] Verdict Verdict, [property: Id(1)] string Reason);
