using System.Text.Json;
using GenPrm.Trainer.Data;

namespace GenPrm.Trainer.Verification;

/// <summary>A small file in the folders that we train, <c>genprm.json</c>: what the weights were trained for, and so how they are to be asked.</summary>
/// <param name="Objective">What was trained.</param>
public sealed record TrainedMark(Objective Objective)
{
    private const string FileName = "genprm.json";

    /// <summary>Puts the mark into a folder.</summary>
    public void Write(string folder) => File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, RowJson.Options) + "\n");

    /// <summary>A folder's mark; null where it has none.</summary>
    /// <exception cref="VerificationException">It can not be read.</exception>
    public static TrainedMark? Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
            return null;
        try
        {
            return JsonSerializer.Deserialize<TrainedMark>(File.ReadAllText(file), RowJson.Options) ?? throw new JsonException("null is no mark.");
        }
        catch (JsonException error)
        {
            throw new VerificationException($"{file} can not be read: {error.Message} Remove it to have the folder taken for any model's.", error);
        }
    }
}
