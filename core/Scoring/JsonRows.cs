using System.Text.Json;

namespace GenPrm.Core.Scoring;

/// <summary>The rows of a JSON array, or of JSON Lines: benchmarks come as either.</summary>
public static class JsonRows
{
    /// <summary>Every row, an object, with the line that it stands in (of an array: its number), from 1. Blank lines are passed over.</summary>
    /// <exception cref="FormatException">The text is neither; the message says where.</exception>
    public static IReadOnlyList<(JsonElement Row, int Number)> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rows = text.TrimStart().StartsWith('[')
            ? Parse(text, "no JSON array").EnumerateArray().Select((row, i) => (Row: row, Number: i + 1)).ToList()
            : text.Split('\n').Select((line, i) => (Line: line, Number: i + 1)).Where(one => !string.IsNullOrWhiteSpace(one.Line))
                .Select(one => (Row: Parse(one.Line, $"line {one.Number} is no JSON"), one.Number)).ToList();
        foreach (var (row, number) in rows)
        {
            if (JsonTexts.NoTextIn(row) is { } wrong)
                throw new FormatException($"row {number}: {(wrong.Path.Length == 0 ? "it" : $"'{wrong.Path}'")} has {(wrong.IsName ? "a field's name with " : "")}half of a surrogate pair (\\uD800 to \\uDFFF alone), which is no text");
        }

        return rows.Find(row => row.Row.ValueKind != JsonValueKind.Object) is { Row.ValueKind: not JsonValueKind.Undefined } other
            ? throw new FormatException($"row {other.Number} is no JSON object, but {other.Row.ValueKind}")
            : rows;
    }

    /// <summary>A field of a kind.</summary>
    /// <exception cref="FormatException">It is not there, or of another kind.</exception>
    public static JsonElement Field(JsonElement row, int number, string name, JsonValueKind kind) =>
        row.TryGetProperty(name, out var field) && field.ValueKind == kind ? field : throw new FormatException($"row {number}: no field '{name}' that is {kind}");

    /// <summary>An array of texts.</summary>
    /// <exception cref="FormatException">It is not there, or holds something else.</exception>
    public static IEnumerable<string> Texts(JsonElement row, int number, string name) => Field(row, number, name, JsonValueKind.Array).EnumerateArray()
        .Select(one => one.ValueKind == JsonValueKind.String ? one.GetString()! : throw new FormatException($"row {number}: '{name}' holds {one.ValueKind}, not a text"));

    private static JsonElement Parse(string text, string trouble)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new FormatException($"{trouble}: {error.Message}", error);
        }
    }
}
