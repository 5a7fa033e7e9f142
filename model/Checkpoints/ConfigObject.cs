using System.Text;
using System.Text.Json;

namespace GenPrm.Model.Checkpoints;

/// <summary>A JSON object of a model folder whose fields are read with errors that name file, field and value.</summary>
internal sealed class ConfigObject(string file, string path, JsonElement element)
{
    private const long LargestFile = 64L << 20;

    public static ConfigObject Read(string file) => Parse(file, ReadText(file));

    public static ConfigObject Parse(string file, string json)
    {
        try
        {
            CheckText(json);
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ConfigObject(file, "", document.RootElement.Clone())
                : throw new CheckpointException($"{file}: holds {Kind(document.RootElement)} where a JSON object is wanted");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new CheckpointException($"{file}: is not valid JSON: {error.Message}", error);
        }
    }

    /// <summary>Half a surrogate pair, written as an escape, is valid JSON and no text: it would fail wherever it is read later.</summary>
    private static void CheckText(string json)
    {
        if (!json.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
            return;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                _ = reader.GetString();
        }
    }

    public static string ReadText(string file)
    {
        try
        {
            var length = new FileInfo(file).Length;
            return length <= LargestFile
                ? File.ReadAllText(file)
                : throw new CheckpointException($"{file}: {length:N0} bytes, more than the {LargestFile:N0} that a configuration may have");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{file}: can not be read: {error.Message}", error);
        }
    }

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string field) => Find(field) is not null;

    /// <summary>Whether the field is written, be it as null.</summary>
    public bool Names(string field) => element.TryGetProperty(field, out _);

    public JsonElement? Find(string field) => element.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public IEnumerable<JsonProperty> Fields => element.EnumerateObject();

    public string? Text(string field) => Find(field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { } value => throw Wrong(field, value, "text"),
    };

    public bool Flag(string field, bool otherwise) => Find(field) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Wrong(field, value, "true or false"),
    };

    public double Number(string field, double otherwise) => Find(field) is { } value ? Number(field, value) : otherwise;

    public double PositiveNumber(string field, double? otherwise = null)
    {
        var value = Find(field) is { } found ? Number(field, found) : otherwise ?? throw Absent(field);
        return value > 0 ? value : throw new CheckpointException($"{file}: {path}{field} is {value}, but must be greater than 0");
    }

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public int Size(string field, int? otherwise = null, int most = 1 << 24, int least = 1)
    {
        if (Find(field) is not { } found)
            return otherwise ?? throw Absent(field);
        var value = Number(field, found);
        return value == Math.Floor(value) && value >= least && value <= most
            ? (int)value
            : throw new CheckpointException($"{file}: {path}{field} is {found.GetRawText()}, but must be a whole number from {least} to {most}");
    }

    /// <summary>A token id, a list of them, or nothing.</summary>
    public List<int> TokenIds(string field) => Find(field) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => TokenId(field, item))],
        { } single => [TokenId(field, single)],
    };

    /// <summary>The items of a list, or none where the field is absent.</summary>
    public IEnumerable<JsonElement> List(string field) => Find(field) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        { } value => throw Wrong(field, value, "a list"),
    };

    /// <summary>The items of a list of objects.</summary>
    public IEnumerable<ConfigObject> Objects(string field) => List(field).Select((item, index) => item.ValueKind == JsonValueKind.Object
        ? new ConfigObject(file, $"{path}{field}[{index}].", item)
        : throw Wrong($"{field}[{index}]", item, "an object"));

    public ConfigObject? Object(string field) => Find(field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new ConfigObject(file, $"{path}{field}.", value),
        { } value => throw Wrong(field, value, "an object"),
    };

    public CheckpointException Refuse(string field, string fact) => new($"{file}: {path}{field}: {fact}");

    private int TokenId(string field, JsonElement item) => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var id) && id >= 0
        ? id
        : throw Wrong(field, item, "a token id or a list of them");

    private double Number(string field, JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
        ? number
        : throw Wrong(field, value, "a number");

    private CheckpointException Absent(string field) => new($"{file}: {path}{field} is missing");

    private CheckpointException Wrong(string field, JsonElement value, string wanted) => new($"{file}: {path}{field} is {Shown(value)}, but must be {wanted}");

    private static string Shown(JsonElement value) => value.GetRawText() is { Length: > 60 } raw ? raw[..60] + "…" : value.GetRawText();

    private static string Kind(JsonElement value) => value.ValueKind.ToString().ToLowerInvariant();
}
