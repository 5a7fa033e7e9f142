using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GenPrm.Lab.Runs;

/// <summary>What everything in a lab folder depends on; it lies beside the results, so that those of other settings are never mixed in.</summary>
/// <param name="Form">Of all that the numbers do not say: worlds, lessons, the results' files. Raise <see cref="CurrentForm"/> with a change of these.</param>
/// <param name="Command"><c>demo</c> or <c>lab</c>.</param>
/// <param name="Dtype">In which numbers models generate and judge; all are trained in f32.</param>
/// <param name="Commit">What the program that began the folder was built from. It may differ: what matters of it is the form.</param>
/// <param name="Numbers">The whole recipe, or plan.</param>
public sealed record LabSettings(int Form, string Command, ulong Seed, string Dtype, string Commit, JsonNode Numbers)
{
    public const int CurrentForm = 6;

    private const int MostNamed = 8, MostCharacters = 60;

    /// <param name="numbers">A <see cref="LabRecipe"/> or a <see cref="LabPlan"/>.</param>
    public static LabSettings Of(string command, ulong seed, string dtype, string commit, object numbers) =>
        new(CurrentForm, command, seed, dtype, commit, JsonSerializer.SerializeToNode(numbers, Notebook.Json)!);

    /// <exception cref="LabException">The file can not be read.</exception>
    public static LabSettings Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<LabSettings>(File.ReadAllText(file), Notebook.Json) ?? throw new JsonException("it is empty");
        }
        catch (JsonException broken)
        {
            throw new LabException($"{file} can not be read: {broken.Message} {Remedy(file)}", broken);
        }
    }

    /// <summary>Keeps the settings in a new folder; in one that was begun, holds them against those that are there.</summary>
    /// <returns>Those that the folder was begun with.</returns>
    /// <exception cref="LabException">The folder's results are of other settings, which are named.</exception>
    public LabSettings Keep(string file)
    {
        if (!File.Exists(file))
        {
            WholeFile.Write(file, JsonSerializer.Serialize(this, Notebook.Json) + "\n");
            return this;
        }

        var there = Read(file);
        var differences = there.DifferencesTo(this);
        return differences.IsEmpty
            ? there
            : throw new LabException($"{Path.GetDirectoryName(file)} holds results of other settings: {string.Join("; ", differences.Take(MostNamed))}{(differences.Length > MostNamed ? $"; and {differences.Length - MostNamed} more" : "")}. {Remedy(file)}");
    }

    /// <summary>In words, what is different in other settings. The commit does not count.</summary>
    public ImmutableArray<string> DifferencesTo(LabSettings other) => [.. Differences("", Compared(this), Compared(other))];

    /// <summary>Through the text, so that a number is the same whether it was read or worked out.</summary>
    private static JsonNode Compared(LabSettings settings) => JsonNode.Parse(JsonSerializer.Serialize(settings with { Commit = "" }, Notebook.Json))!;

    private static IEnumerable<string> Differences(string name, JsonNode? was, JsonNode? now)
    {
        if (was is JsonObject before && now is JsonObject after)
            return before.Concat(after).Select(field => field.Key).Distinct().SelectMany(key => Differences(name.Length == 0 ? key : $"{name}.{key}", before[key], after[key]));
        return JsonNode.DeepEquals(was, now) ? [] : [$"{name} was {Text(was)} and is {Text(now)}"];
    }

    private static string Text(JsonNode? value)
    {
        var text = value?.ToJsonString() ?? "not there";
        return text.Length <= MostCharacters ? text : text[..MostCharacters] + "…";
    }

    private static string Remedy(string file) => $"Give another --folder, or remove {Path.GetDirectoryName(file)}.";
}
