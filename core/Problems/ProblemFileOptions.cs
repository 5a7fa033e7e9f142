using System.Collections.Immutable;

namespace GenPrm.Core.Problems;

/// <summary>How a file of problems is read: JSON Lines, one object a line.</summary>
public sealed record ProblemFileOptions
{
    /// <summary>The field with the problem's text.</summary>
    public string ProblemField { get; init; } = "problem";

    /// <summary>The field with the gold answer: a string, or a number that is taken as written.</summary>
    public string AnswerField { get; init; } = "answer";

    /// <summary>The field with the problem's id; a line without one goes by its number.</summary>
    public string IdField { get; init; } = "id";

    /// <summary>Special-token strings of the job's models, which no problem may hold.</summary>
    public ImmutableArray<string> SpecialTokens { get; init; } = [];

    /// <summary>The longest problem text, in characters.</summary>
    public int MaxCharacters { get; init; } = 20_000;

    /// <summary>How many problems to take; what follows them is not read. Null takes all.</summary>
    public int? Limit { get; init; }
}
