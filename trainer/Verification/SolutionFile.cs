using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Scoring;

namespace GenPrm.Trainer.Verification;

/// <summary>Reads solutions to judge: JSON Lines, or a JSON array, with <c>problem</c> and either <c>steps</c> (texts, taken as they are; ProcessBench's own form) or
/// <c>solution</c>, a text that is cut at <c>Step k:</c>; <c>id</c> where there is one.</summary>
public static class SolutionFile
{
    /// <exception cref="FormatException">A row is no solution; the message says which and what it lacks.</exception>
    public static ImmutableArray<Solution> Read(string text)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. JsonRows.Read(text).Select(one => Solution(one.Row, one.Number, seen))];
    }

    /// <summary>The row's id, else its number; a repeated one gets its number as well.</summary>
    internal static string IdOf(JsonElement row, int number, HashSet<string> seen)
    {
        var id = row.TryGetProperty("id", out var field) && field.ValueKind is JsonValueKind.String or JsonValueKind.Number ? field.ToString() : number.ToString(CultureInfo.InvariantCulture);
        if (seen.Add(id))
            return id;
        // Another row may be called so already.
        var own = id;
        do
            own = string.Create(CultureInfo.InvariantCulture, $"{own}#{number}");
        while (!seen.Add(own));
        return own;
    }

    /// <summary>The steps of a solution's text.</summary>
    /// <exception cref="FormatException">It shows none, or says something before the first.</exception>
    internal static ImmutableArray<string> Split(string solution, string place)
    {
        var split = StepSplitter.Split(solution);
        if (split.Steps.IsEmpty)
            throw new FormatException($"{place}: no line of the solution begins 'Step 1:'; give its parts as 'steps' instead");
        return string.IsNullOrWhiteSpace(split.Preamble)
            ? [.. split.Steps.Select(step => step.Text)]
            : throw new FormatException($"{place}: the solution says something before 'Step 1:', which would go unjudged; give its parts as 'steps' instead");
    }

    private static Solution Solution(JsonElement row, int number, HashSet<string> seen)
    {
        var problem = JsonRows.Field(row, number, "problem", JsonValueKind.String).GetString()!;
        ImmutableArray<string> steps = row.TryGetProperty("steps", out _)
            ? [.. JsonRows.Texts(row, number, "steps")]
            : row.TryGetProperty("solution", out var solution) && solution.ValueKind == JsonValueKind.String
                ? Split(solution.GetString()!, $"row {number}")
                : throw new FormatException($"row {number}: neither 'steps', an array of texts, nor 'solution', a text with lines that begin 'Step k:'");
        return steps.IsEmpty ? throw new FormatException($"row {number}: it has no steps") : new(IdOf(row, number, seen), problem, steps);
    }
}
