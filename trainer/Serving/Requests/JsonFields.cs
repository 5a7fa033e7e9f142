using System.Globalization;
using System.Text.Json;

namespace GenPrm.Trainer.Serving.Requests;

/// <summary>Reads the fields of one JSON object. A field that is missing and one that is <c>null</c> are the same; one that will not do is
/// refused with its name, its value and what it takes.</summary>
internal sealed class JsonFields
{
    private const int LongestShown = 60;

    private readonly JsonElement value;
    private readonly string path;

    /// <param name="value">The object.</param>
    /// <param name="path">Where it stands, such as <c>messages[1]</c>; empty for the whole body.</param>
    public JsonFields(JsonElement value, string path = "")
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw ApiException.Bad($"{(path.Length == 0 ? "The body" : path)} is {Shown(value)}; it takes a JSON object.", path.Length == 0 ? null : path);
        (this.value, this.path) = (value, path);
    }

    /// <summary>The whole name of a field, as errors give it.</summary>
    public string Name(string field) => path.Length == 0 ? field : $"{path}.{field}";

    public bool Has(string field, out JsonElement found) => value.TryGetProperty(field, out found) && found.ValueKind != JsonValueKind.Null;

    public string? Text(string field) => Has(field, out var found) ? AsText(found, Name(field)) : null;

    public string RequiredText(string field) => Text(field) ?? throw Missing(field, "a string");

    public bool Flag(string field, bool otherwise = false)
    {
        if (!Has(field, out var found))
            return otherwise;
        return found.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? found.GetBoolean()
            : throw Wrong(field, found, "true or false");
    }

    public int? Whole(string field, int least, int most)
    {
        if (!Has(field, out var found))
            return null;
        return found.ValueKind == JsonValueKind.Number && found.TryGetInt32(out var number) && number >= least && number <= most
            ? number
            : throw Wrong(field, found, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
    }

    /// <summary>A 64-bit number, signed or not.</summary>
    public ulong? Word(string field)
    {
        if (!Has(field, out var found))
            return null;
        if (found.ValueKind == JsonValueKind.Number && found.TryGetUInt64(out var number))
            return number;
        return found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out var signed)
            ? unchecked((ulong)signed)
            : throw Wrong(field, found, "a whole number of at most 64 bits");
    }

    public double? Number(string field, double least, double most, bool aboveLeast = false)
    {
        if (!Has(field, out var found))
            return null;
        return found.ValueKind == JsonValueKind.Number && found.TryGetDouble(out var number) && number <= most && (aboveLeast ? number > least : number >= least)
            ? number
            : throw Wrong(field, found, string.Create(CultureInfo.InvariantCulture, $"a number {(aboveLeast ? "above" : "from")} {least} {(aboveLeast ? "and at most" : "to")} {most}"));
    }

    /// <summary>The elements of an array, each with its path; none if the field is missing.</summary>
    public IEnumerable<(JsonElement Element, string Path)> List(string field)
    {
        if (!Has(field, out var found))
            return [];
        return found.ValueKind == JsonValueKind.Array
            ? found.EnumerateArray().Select((element, index) => (element, $"{Name(field)}[{index}]"))
            : throw Wrong(field, found, "an array");
    }

    public IEnumerable<string> Fields() => value.EnumerateObject().Select(property => property.Name);

    public static string AsText(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.String)
            throw ApiException.Bad($"{path} is {Shown(element)}; it takes a string.", path);
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.Bad($"{path} has half of a surrogate pair (\\uD800 to \\uDFFF alone), which is no text.", path);
        }
    }

    private ApiException Missing(string field, string takes) => ApiException.Bad($"{Name(field)} is missing; it takes {takes}.", Name(field));

    public ApiException Wrong(string field, JsonElement found, string takes) => ApiException.Bad($"{Name(field)} is {Shown(found)}; it takes {takes}.", Name(field));

    /// <summary>A value as it was written, cut to a length that fits into a message.</summary>
    public static string Shown(JsonElement element)
    {
        var written = element.GetRawText();
        return written.Length <= LongestShown ? written : written[..LongestShown] + " …";
    }
}
