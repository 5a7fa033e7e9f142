using System.Text.Json;
using GenPrm.Model.Tokenization;

namespace GenPrm.Tests.Unit.Model.Tokenization;

public sealed class GoldenEncodingTests
{
    public static TheoryData<string> Folders() => TestMaterial.SharedModelsWith("golden_encodings.jsonl");

    public static TheoryData<string> References() => TestMaterial.ModelsWith("reference.json");

    [Theory]
    [MemberData(nameof(Folders))]
    public void Encode_GoldenTexts_GiveTheirIdsAndTextAgain(string row)
    {
        var folder = TestMaterial.ModelFolder(row);
        var tokenizer = Tokenizer.Load(folder);
        var wrong = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(folder, "golden_encodings.jsonl")))
        {
            using var golden = JsonDocument.Parse(line);
            var text = golden.RootElement.GetProperty("text").GetString()!;
            var ids = golden.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            var found = tokenizer.Encode(text, addSpecial: true);
            if (!ids.AsSpan().SequenceEqual(found))
                wrong.Add($"{JsonSerializer.Serialize(text)}: [{string.Join(",", found)}], not [{string.Join(",", ids)}]");
            if (golden.RootElement.TryGetProperty("decoded", out var decoded) && decoded.GetString() != tokenizer.Decode(ids))
                wrong.Add($"{JsonSerializer.Serialize(decoded.GetString())} is decoded as {JsonSerializer.Serialize(tokenizer.Decode(ids))}");
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(References))]
    public void Encode_ReferencePrompts_GiveTheirIds(string row)
    {
        var folder = TestMaterial.ModelFolder(row);
        var tokenizer = Tokenizer.Load(folder);
        using var reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "reference.json")));
        foreach (var item in reference.RootElement.GetProperty("cases").EnumerateArray())
        {
            var ids = item.GetProperty("input_ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            if (item.TryGetProperty("text", out var text))
                Assert.Equal(ids, tokenizer.Encode(text.GetString()!, addSpecial: true));
            if (item.TryGetProperty("prompt", out var prompt))
                Assert.Equal(ids, tokenizer.Encode(prompt.GetString()!, addSpecial: false));
            if (item.TryGetProperty("greedy_text", out var greedy))
                Assert.StartsWith(greedy.GetString()!, tokenizer.Decode(item.GetProperty("greedy_ids").EnumerateArray().Select(id => id.GetInt32())), StringComparison.Ordinal);
        }
    }
}
