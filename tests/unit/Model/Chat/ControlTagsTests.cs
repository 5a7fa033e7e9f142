using System.Text.Json.Nodes;
using GenPrm.Lab.Models;
using GenPrm.Model.Chat;
using GenPrm.Model.Tokenization;
using GenPrm.Tests.Unit.Model.TinyCheckpoints;

namespace GenPrm.Tests.Unit.Model.Chat;

public sealed class ControlTagsTests : IDisposable
{
    private const string Template = "{{ bos_token }}{% for m in messages %}{{ '<｜' + m.role + '｜>' + m.content }}{% if m.role == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}{% if add_generation_prompt %}<｜assistant｜>[open]{% endif %}";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_TagsThatTheFilesDoNotCallSpecial_AreControlTokensAndWordsAreNot()
    {
        Write(Template, ("<｜user｜>", false), ("<｜assistant｜>", false), ("[open]", false), ("<think>", false), ("</think>", false), ("<tool_call>", false), ("<|fim_hole|>", false), ("<fim_suffix>", false),
            ("Step 1:", false), ("<analyze>\n", false), ("user", false), ("  ", false), ("\n", true));
        Assert.Equal(
            [.. TinyTokenizer.Special, "<｜user｜>", "<｜assistant｜>", "[open]", "<think>", "</think>", "<tool_call>", "<|fim_hole|>", "<fim_suffix>"],
            ControlTags.Load(_folder.Path));
    }

    [Fact]
    public void Load_TemplateThatRefusesASystemsTurn_IsProbedWithoutOne()
    {
        Write("{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}[{{ m.role }}]{{ m.content }}{% endfor %}", ("[user]", false), ("[system]", false));
        Assert.Equal([.. TinyTokenizer.Special, "[user]"], ControlTags.Load(_folder.Path));
    }

    [Fact]
    public void Of_DeepSeeksOwnTemplate_HasTheTurnsOfTheReleasedWeights()
    {
        var file = TestMaterial.Shared("models", "chat-templates", "deepseek-r1-distill-qwen.jinja");
        Write(File.ReadAllText(file), ("<｜User｜>", false), ("<｜Assistant｜>", false), ("<think>", false), ("</think>", false));
        Assert.Equal([.. TinyTokenizer.Special, "<｜User｜>", "<｜Assistant｜>", "<think>", "</think>"], ControlTags.Load(_folder.Path));
    }

    [Fact]
    public void Load_TheLabsModel_HasItsFixedStringsAsText()
    {
        var model = Path.Combine(_folder.Path, "lab");
        new LabModel().WriteTo(model, seed: 1);
        Assert.Equal(Tokenizer.Load(model).SpecialTokens, ControlTags.Load(model));
    }

    /// <summary>The tiny tokenizer with more added tokens, and another template.</summary>
    private void Write(string template, params (string Content, bool Special)[] tokens)
    {
        foreach (var (name, bytes) in TinyTokenizer.Files())
            File.WriteAllBytes(Path.Combine(_folder.Path, name), bytes);
        var file = Path.Combine(_folder.Path, "tokenizer.json");
        var tokenizer = JsonNode.Parse(File.ReadAllText(file))!;
        foreach (var (content, special) in tokens)
        {
            var added = tokenizer["added_tokens"]!.AsArray();
            var one = added[0]!.DeepClone();
            (one["id"], one["content"], one["special"]) = (TinyTokenizer.VocabularySize - TinyTokenizer.Special.Length + added.Count, content, special);
            added.Add(one);
        }

        File.WriteAllText(file, tokenizer.ToJsonString());
        _folder.Write("chat_template.jinja", template);
    }
}
