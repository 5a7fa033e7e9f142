using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenPrm.Lab.Runs;

/// <summary>The lab's notebook: each finished result in a JSON file of its own. What is there is not worked out again, so that whatever was stopped goes on. Beside them it
/// keeps how long each was worked on.</summary>
/// <remarks>What results depend on beside their names is the folder's <see cref="LabSettings"/>.</remarks>
public sealed class Notebook(string folder, TimeProvider time)
{
    private const string Clock = "seconds";
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(5);

    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>How long each result was worked on, in seconds, parts that were stopped included.</summary>
    public ImmutableSortedDictionary<string, double> Seconds => Has(Clock) ? Read<ImmutableSortedDictionary<string, double>>(Clock) : ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>Where a result is, or will be.</summary>
    public string FileOf(string name) => Path.Combine(Folder, name + ".json");

    public bool Has(string name) => File.Exists(FileOf(name));

    /// <summary>The result, worked out if it is not there.</summary>
    /// <exception cref="LabException">The file can not be read; the message says what to do.</exception>
    public async Task<T> OnceAsync<T>(string name, Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (Has(name))
            return Read<T>(name);
        var result = await TimedAsync(name, work);
        Write(name, result);
        return result;
    }

    /// <summary>Puts a result down; one that is there is replaced.</summary>
    public void Write<T>(string name, T result) => WholeFile.Write(FileOf(name), JsonSerializer.Serialize(result, Json) + "\n");

    /// <exception cref="LabException">The file can not be read; the message says what to do.</exception>
    public T Read<T>(string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(FileOf(name)), Json) ?? throw new JsonException("it is empty");
        }
        catch (JsonException broken)
        {
            throw new LabException($"{FileOf(name)} can not be read: {broken.Message} Remove it, and it is worked out again.", broken);
        }
    }

    /// <summary>The time is noted as it goes, since a kill leaves no moment to do so.</summary>
    private async Task<T> TimedAsync<T>(string name, Func<Task<T>> work)
    {
        var (start, before) = (time.GetTimestamp(), Seconds);
        var working = work();
        while (await Task.WhenAny(working, Task.Delay(Often, time)) != working)
            Note();
        Note();
        return await working;

        void Note()
        {
            try
            {
                Write(Clock, before.SetItem(name, before.GetValueOrDefault(name) + time.GetElapsedTime(start).TotalSeconds));
            }
            catch (IOException)
            {
                // On a full disk the work itself says so, in order.
            }
        }
    }
}
