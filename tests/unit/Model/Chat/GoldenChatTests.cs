using System.Text.Json;
using GenPrm.Core.Generation;
using GenPrm.Model.Chat;
using GenPrm.Model.Tokenization;

namespace GenPrm.Tests.Unit.Model.Chat;

public sealed class GoldenChatTests
{
    private static readonly string[] Known = ["template", "id", "messages", "bos_token", "add_generation_prompt", "continue_final_message", "text", "ids"];

    public static TheoryData<string> Folders() => TestMaterial.ModelsWith("golden_chat.jsonl");

    [Theory]
    [MemberData(nameof(Folders))]
    public void Render_GoldenConversations_GiveTheirTextAndIds(string row)
    {
        var folder = TestMaterial.ModelFolder(row);
        var tokenizer = File.Exists(Path.Combine(folder, "tokenizer.json")) ? Tokenizer.Load(folder) : null;
        var wrong = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(folder, "golden_chat.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var golden = document.RootElement;
            var template = golden.TryGetProperty("template", out var name)
                ? ChatTemplate.Parse(File.ReadAllText(Path.Combine(folder, name.GetString() + ".jinja")), new Dictionary<string, string> { ["bos_token"] = golden.GetProperty("bos_token").GetString()! }, name.GetString()!)
                : ChatTemplate.Load(folder);
            var text = Rendered(template, golden);
            if (text != golden.GetProperty("text").GetString())
                wrong.Add($"{line}\n gives {JsonSerializer.Serialize(text)}");
            else if (golden.TryGetProperty("ids", out var ids) && !tokenizer!.Encode(text, addSpecial: false).SequenceEqual(ids.EnumerateArray().Select(id => id.GetInt32())))
                wrong.Add($"{line}\n has other ids");
        }

        Assert.Empty(wrong);
    }

    private static string Rendered(ChatTemplate template, JsonElement golden)
    {
        var messages = golden.GetProperty("messages");
        if (golden.TryGetProperty("continue_final_message", out var open) && open.GetBoolean())
        {
            var turns = messages.EnumerateArray().Select(turn => new ChatMessage(turn.GetProperty("role").GetString()!, turn.GetProperty("content").GetString()!)).ToList();
            return template.RenderOpen(turns[..^1], turns[^1].Content);
        }

        var variables = golden.EnumerateObject().Where(field => !Known.Contains(field.Name)).Select(field => KeyValuePair.Create(field.Name, field.Value));
        return template.Render(messages, golden.GetProperty("add_generation_prompt").GetBoolean(), variables);
    }
}
