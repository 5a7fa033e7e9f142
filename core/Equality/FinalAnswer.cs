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
    private const int LongestStated = 400;

    private static readonly string[] Phrases = ["final answer is", "final answer:", "answer is", "answer:"];

    /// <summary>Finds the last answer of <paramref name="solution"/>.</summary>
    /// <param name="solution">A solution's whole text.</param>
    /// <param name="allowStated">Whether a stated answer counts where no box stands.</param>
    /// <returns>The answer and its rule, or null where there is none.</returns>
    public static FoundAnswer? Find(string solution, bool allowStated)
    {
        ArgumentNullException.ThrowIfNull(solution);
        if (LastBox(solution) is { } boxed)
            return new FoundAnswer(boxed, AnswerRule.Boxed);
        return allowStated && LastStated(solution) is { } stated ? new FoundAnswer(stated, AnswerRule.Stated) : null;
    }

    private static string? LastBox(string solution)
    {
        for (var from = solution.Length; from > 0;)
        {
            var at = solution.LastIndexOf(@"\boxed", from - 1, StringComparison.Ordinal);
            if (at < 0)
                return null;
            if (BoxAt(solution, at + @"\boxed".Length) is { } content)
                return content;
            from = at;
        }
        return null;
    }

    private static string? BoxAt(string solution, int open)
    {
        while (open < solution.Length && char.IsWhiteSpace(solution[open]))
            open++;
        if (open >= solution.Length || solution[open] != '{')
            return null;
        var depth = 0;
        for (var i = open; i < solution.Length; i++)
        {
            if (solution[i] == '\\')
                i++;
            else if (solution[i] == '{')
                depth++;
            else if (solution[i] == '}' && --depth == 0)
                return solution[(open + 1)..i].Trim();
        }
        return null;
    }

    private static string? LastStated(string solution)
    {
        foreach (var phrase in Phrases)
        {
            var at = solution.LastIndexOf(phrase, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                continue;
            var start = at + phrase.Length;
            var end = solution.IndexOf('\n', start);
            var text = (end < 0 ? solution[start..] : solution[start..end]).Trim().TrimStart(':').TrimEnd('.').Trim();
            if (text.Length is > 0 and <= LongestStated)
                return text;
        }
        return null;
    }
}
