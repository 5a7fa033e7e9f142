using System.Text.Json;
using GenPrm.Core.Generation;
using GenPrm.Model.Chat;
using GenPrm.Model.Tokenization;

namespace GenPrm.Model.Checking;

/// <summary>Compares with <c>golden_chat.jsonl</c>: messages to text, and to ids where they are given. A line's <c>template</c> names a file
/// beside it, for folders of templates alone.</summary>
internal static class ChatCheck
{
    public const string File = "golden_chat.jsonl";

    /// <summary>What a line says about itself; every other field is a variable of the template.</summary>
    private static readonly string[] OwnFields = ["template", "id", "category", "messages", "bos_token", "add_generation_prompt", "continue_final_message", "text", "ids"];

    public static CheckFinding Run(string folder, Tokenizer? tokenizer)
    {
        var finding = new FindingBuilder("chat");
        GoldenLines.ForEach(Path.Combine(folder, File), (line, golden) =>
        {
            var wanted = golden.GetProperty("text").GetString()!;
            string text;
            try
            {
                text = Render(TemplateOf(folder, golden), golden);
            }
            catch (GenerationException error)
            {
                finding.Require(false, () => $"{File}, line {line}: {error.Message}");
                return;
            }

            finding.Require(text == wanted, () => $"{File}, line {line}: differs from place {Common(text, wanted)} on: {Around(text, wanted)}, the reference has {Around(wanted, text)}");
            if (tokenizer is not null && golden.TryGetProperty("ids", out var list))
            {
                var (found, ids) = (tokenizer.Encode(text, addSpecial: false), GoldenLines.Ids(list));
                finding.Require(found.AsSpan().SequenceEqual(ids), () => $"{File}, line {line}: the text gives [{EncodingCheck.Shown(found)}], the reference has [{EncodingCheck.Shown(ids)}]");
            }
        });
        return finding.Build();
    }

    private static ChatTemplate TemplateOf(string folder, JsonElement golden)
    {
        if (!golden.TryGetProperty("template", out var name))
            return ChatTemplate.Load(folder);
        var file = Path.Combine(folder, Path.GetFileName(name.GetString()!) + ".jinja");
        var tokens = new Dictionary<string, string>();
        if (golden.TryGetProperty("bos_token", out var begin))
            tokens["bos_token"] = begin.GetString()!;
        return ChatTemplate.Parse(System.IO.File.ReadAllText(file), tokens, file);
    }

    private static string Render(ChatTemplate template, JsonElement golden)
    {
        var messages = golden.GetProperty("messages");
        if (golden.TryGetProperty("continue_final_message", out var open) && open.GetBoolean())
        {
            var turns = messages.EnumerateArray().Select(turn => new ChatMessage(turn.GetProperty("role").GetString()!, turn.GetProperty("content").GetString()!)).ToList();
            return template.RenderOpen(turns[..^1], turns[^1].Content);
        }

        var variables = golden.EnumerateObject().Where(field => !OwnFields.Contains(field.Name)).Select(field => KeyValuePair.Create(field.Name, field.Value));
        return template.Render(messages, golden.TryGetProperty("add_generation_prompt", out var add) && add.GetBoolean(), variables);
    }

    private static int Common(string one, string other) => one.AsSpan().CommonPrefixLength(other);

    private static string Around(string text, string other) => EncodingCheck.Shown(text[Common(text, other)..]);
}
