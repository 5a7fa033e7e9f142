using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenPrm.Tests.Model;

/// <summary>What a model folder's <c>reference.json</c> says about one prompt.</summary>
internal sealed record ReferenceCase(
    [property: JsonPropertyName("input_ids")] int[] Prompt,
    [property: JsonPropertyName("token_logprobs")] float[] LogProbabilities,
    [property: JsonPropertyName("greedy_ids")] int[] Greedy,
    [property: JsonPropertyName("greedy_logprobs")] float[] GreedyLogProbabilities)
{
    public static IReadOnlyList<ReferenceCase> Load(string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "reference.json")));
        return document.RootElement.GetProperty("cases").Deserialize<List<ReferenceCase>>()!;
    }
}
