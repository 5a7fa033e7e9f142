using System.Collections.Immutable;
using System.Text.Json;

namespace GenPrm.Core.Scoring;

/// <summary>A row of ProcessBench.</summary>
/// <param name="Label">The first wrong step, counted from <b>0</b> as the benchmark does, or -1.</param>
public sealed record ProcessBenchRow(string Id, string Generator, string Problem, ImmutableArray<string> Steps, bool FinalAnswerCorrect, int Label);

/// <summary>Reading ProcessBench files and scoring predictions of the first wrong step. Indices count from 0 here, from 1 elsewhere in the project:
/// <see cref="FromStep"/>.</summary>
public static class ProcessBench
{
    /// <summary>No wrong step.</summary>
    public const int AllRight = -1;

    /// <summary>A step counted from 1 (null for none) in the benchmark's numbers.</summary>
    public static int FromStep(int? step) => step is { } one ? one - 1 : AllRight;

    /// <summary>Rows of a file: a JSON array, or one object a line.</summary>
    /// <exception cref="FormatException">The text is neither, or a row lacks a field; the message says which.</exception>
    public static ImmutableArray<ProcessBenchRow> Read(string text) => [.. JsonRows.Read(text).Select(one => Row(one.Row, one.Number))];

    private static ProcessBenchRow Row(JsonElement row, int number)
    {
        var steps = JsonRows.Texts(row, number, "steps").ToImmutableArray();
        if (!JsonRows.Field(row, number, "label", JsonValueKind.Number).TryGetInt32(out var label) || label < AllRight || label >= steps.Length)
            throw new FormatException($"row {number}: label {row.GetProperty("label")} is no step of {steps.Length}, counted from 0, and not -1");
        if (steps.IsEmpty)
            throw new FormatException($"row {number}: it has no steps");
        return new(
            JsonRows.Field(row, number, "id", JsonValueKind.String).GetString()!,
            row.TryGetProperty("generator", out var generator) ? generator.ToString() : "",
            JsonRows.Field(row, number, "problem", JsonValueKind.String).GetString()!,
            steps,
            row.TryGetProperty("final_answer_correct", out var correct) && correct.ValueKind == JsonValueKind.True,
            label);
    }
}
