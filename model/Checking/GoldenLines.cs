using System.Text.Json;
using GenPrm.Model.Checkpoints;

namespace GenPrm.Model.Checking;

/// <summary>Reads the files of expected results beside a model.</summary>
internal static class GoldenLines
{
    private const long LargestFile = 256L << 20;

    /// <summary>Gives each line's object to <paramref name="read"/>, and names file and line where it is not as wanted.</summary>
    public static void ForEach(string file, Action<int, JsonElement> read)
    {
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (line.Length > 0)
                Named($"{file}, line {number}", line, element => read(number, element));
        }
    }

    public static void Whole(string file, Action<JsonElement> read)
    {
        if (new FileInfo(file).Length > LargestFile)
            throw new CheckpointException($"{file}: larger than {LargestFile:N0} bytes");
        Named(file, File.ReadAllText(file), read);
    }

    public static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(id => id.GetInt32())];

    private static void Named(string where, string json, Action<JsonElement> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new CheckpointException($"{where}: is not as expected: {error.Message}", error);
        }
    }
}
