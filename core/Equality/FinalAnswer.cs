namespace GenPrm.Core.Equality;

/// <summary>The rule an answer was found by.</summary>
public enum AnswerRule
{
    /// <summary>It stands in the last <c>\boxed{…}</c>.</summary>
    Boxed,

    /// <summary>It is stated in words, as in "the final answer is …".</summary>
    Stated,
}

/// <summary>An answer as it stands in a solution.</summary>
/// <param name="Text">The answer, without its box and without blanks at its ends.</param>
/// <param name="Rule">How it was found.</param>
[GenerateSerializer, Immutable, Alias("genprm.found-answer")]
public sealed record FoundAnswer([property: Id(0)] string Text, [property: Id(1)] AnswerRule Rule);

/// <summary>Finds the last answer of a solution, as a reader would.</summary>
public static class FinalAnswer
{
    /// <summary>Finds the last answer of <paramref name="solution"/>: what stands in the last closed <c>\boxed{…}</c> that is not empty — boxes that only
    /// commas and "and" part are one list — and else, if allowed, what follows the last "the answer is".</summary>
    /// <param name="solution">A solution's whole text.</param>
    /// <param name="allowStated">Whether a stated answer counts where no box stands.</param>
    /// <returns>The answer and its rule, or null where there is none.</returns>
    public static FoundAnswer? Find(string solution, bool allowStated)
    {
        ArgumentNullException.ThrowIfNull(solution);
        if (Extraction.Boxed(solution) is { } boxed)
            return new FoundAnswer(boxed, AnswerRule.Boxed);
        return allowStated && Extraction.Stated(solution) is { } stated ? new FoundAnswer(stated, AnswerRule.Stated) : null;
    }
}
