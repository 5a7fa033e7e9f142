using System.Text.Json;
using GenPrm.Model.Tokenization;

namespace GenPrm.Model.Checking;

/// <summary>Compares with <c>golden_encodings.jsonl</c>: text to ids, and ids to text where <c>decoded</c> is given.</summary>
internal static class EncodingCheck
{
    public const string File = "golden_encodings.jsonl";

    public static CheckFinding Run(string folder, Tokenizer tokenizer)
    {
        var finding = new FindingBuilder("encodings");
        GoldenLines.ForEach(Path.Combine(folder, File), (line, golden) =>
        {
            var (text, ids) = (golden.GetProperty("text").GetString()!, GoldenLines.Ids(golden.GetProperty("ids")));
            var addSpecial = !golden.TryGetProperty("add_special_tokens", out var given) || given.GetBoolean();
            var found = tokenizer.Encode(text, addSpecial);
            finding.Require(found.AsSpan().SequenceEqual(ids), () => $"{File}, line {line}: {Shown(text)} gives [{Shown(found)}], the reference has [{Shown(ids)}]");
            if (golden.TryGetProperty("decoded", out var decoded))
                finding.Require(tokenizer.Decode(ids) == decoded.GetString(), () => $"{File}, line {line}: the ids give {Shown(tokenizer.Decode(ids))}, the reference has {Shown(decoded.GetString()!)}");
        });
        return finding.Build();
    }

    internal static string Shown(string text) => JsonSerializer.Serialize(text.Length > 60 ? text[..60] + "…" : text);

    internal static string Shown(int[] ids) => string.Join(", ", ids.Take(24)) + (ids.Length > 24 ? ", …" : "");
}
