using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenPrm.Lab.Runs;

/// <summary>The lab's notebook: each finished result in a JSON file of its own. What is there is not worked out again, so that whatever was stopped goes on.</summary>
/// <remarks>A result is written aside and renamed into place. Its file's name says all that it depends on.</remarks>
public sealed class Notebook(string folder)
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>Where a result is, or will be.</summary>
    public string FileOf(string name) => Path.Combine(Folder, name + ".json");

    public bool Has(string name) => File.Exists(FileOf(name));

    /// <summary>The result, worked out if it is not there.</summary>
    /// <exception cref="InvalidDataException">The file can not be read; the message says what to do.</exception>
    public async Task<T> OnceAsync<T>(string name, Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (Has(name))
            return Read<T>(name);
        var result = await work();
        var file = FileOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file + ".new", JsonSerializer.Serialize(result, Json) + "\n");
        File.Move(file + ".new", file, overwrite: true);
        return result;
    }

    private T Read<T>(string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(FileOf(name)), Json) ?? throw new JsonException("it is empty");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{FileOf(name)} can not be read: {broken.Message} Remove it, and it is worked out again.", broken);
        }
    }
}
