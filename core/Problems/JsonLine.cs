using System.Text.Json;
using GenPrm.Core.Scoring;

namespace GenPrm.Core.Problems;

/// <summary>One line of JSON Lines, and what can be wrong with it in words.</summary>
internal static class JsonLine
{
    /// <summary>Null, and the object's fields; else what is wrong.</summary>
    public static string? Parse(string line, out JsonElement fields)
    {
        fields = default;
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return $"no JSON object, but {Name(document.RootElement.ValueKind)}";
            if (JsonTexts.NoTextIn(document.RootElement) is { IsName: true })
                return $"a field's name holds half a surrogate pair, which is no character: {Excerpt(line)}";
            fields = document.RootElement.Clone();
            return null;
        }
        catch (JsonException error)
        {
            return $"no JSON at character {error.BytePositionInLine}: {Excerpt(line)}";
        }
    }

    /// <summary>A field that is a string (trimmed) or a number (as written); null for anything else.</summary>
    public static string? Text(JsonElement fields, string name) => !fields.TryGetProperty(name, out var field)
        ? null
        : field.ValueKind switch
        {
            JsonValueKind.String => Decoded(field)?.Trim(),
            JsonValueKind.Number => field.GetRawText(),
            _ => null,
        };

    /// <summary>Why a field gave no text.</summary>
    public static string Lacks(JsonElement fields, string name)
    {
        if (!fields.TryGetProperty(name, out var field))
            return $"no field '{name}'; there are {string.Join(", ", fields.EnumerateObject().Select(one => $"'{one.Name}'"))}";
        return field.ValueKind == JsonValueKind.String ? Decoded(field) is null ? $"'{name}' holds half a surrogate pair, which is no character: {Excerpt(field.GetRawText())}" : $"'{name}' is empty" : $"'{name}' is {Name(field.ValueKind)}, not a text";
    }

    // Half a surrogate pair may be escaped in JSON and is no text.
    private static string? Decoded(JsonElement field)
    {
        try
        {
            return field.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Number => "a number",
        _ => "a string",
    };

    private static string Excerpt(string line) => line.Length <= 60 ? line : $"{line[..60]}…";
}
