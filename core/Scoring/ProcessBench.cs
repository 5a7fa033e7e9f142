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
    public static ImmutableArray<ProcessBenchRow> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rows = text.TrimStart().StartsWith('[') ? Elements(text) : text.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)).Select(Element);
        return [.. rows.Select((row, i) => Row(row, i + 1))];
    }

    private static IEnumerable<JsonElement> Elements(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(row => row.Clone())];
        }
        catch (JsonException error)
        {
            throw new FormatException($"no JSON array: {error.Message}", error);
        }
    }

    private static JsonElement Element(string line, int index)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new FormatException($"row {index + 1} is no JSON: {error.Message}", error);
        }
    }

    private static ProcessBenchRow Row(JsonElement row, int number)
    {
        var steps = Field("steps", JsonValueKind.Array).EnumerateArray().Select(step => step.GetString() ?? "").ToImmutableArray();
        var label = Field("label", JsonValueKind.Number).GetInt32();
        if (label < AllRight || label >= steps.Length)
            throw new FormatException($"row {number}: label {label} is no step of {steps.Length}, counted from 0, and not -1");
        return new(
            Field("id", JsonValueKind.String).GetString()!,
            row.TryGetProperty("generator", out var generator) ? generator.ToString() : "",
            Field("problem", JsonValueKind.String).GetString()!,
            steps,
            row.TryGetProperty("final_answer_correct", out var correct) && correct.ValueKind == JsonValueKind.True,
            label);

        JsonElement Field(string name, JsonValueKind kind) =>
            row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var field) && field.ValueKind == kind
                ? field
                : throw new FormatException($"row {number}: no field '{name}' that is {kind}");
    }
}
