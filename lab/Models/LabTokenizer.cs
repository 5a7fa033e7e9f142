using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GenPrm.Lab.Models;

/// <summary>The tokenizer and chat template of the lab's models, as the files of a Hugging Face folder: bytes, a few merged words, and the fixed strings as added
/// tokens.</summary>
internal static class LabTokenizer
{
    public const string Padding = "<|padding|>", End = "<|end|>";

    /// <summary>Turns of two tokens each, and the content.</summary>
    private const string Template =
        "{%- for message in messages %}{{- '<|' + message.role + '|>' + message.content + '<|end|>' }}{%- endfor %}{%- if add_generation_prompt %}{{- '<|assistant|>' }}{%- endif %}";

    /// <summary>A judgement is one token of the ordinary vocabulary, and so is an operation: what is copied and looked up together is learnt sooner as one.</summary>
    private static readonly (string Left, string Right)[] Merges =
        [("Y", "e"), ("Ye", "s"), ("N", "o"), .. Enumerable.Range(1, 9).SelectMany(size => new[] { ("+", $"{size}"), ("-", $"{size}") })];

    private static readonly string[] Special = [Padding, "<|system|>", "<|user|>", "<|assistant|>", End];

    private static readonly ImmutableArray<string> Vocabulary = [.. Enumerable.Range(0, 256).Select(Letter), .. Merges.Select(merge => merge.Left + merge.Right)];

    /// <summary>Tokens in all.</summary>
    public static int Size => Vocabulary.Length + FixedStrings.All.Length + Special.Length;

    public static int EndId => Size - 1;

    public static int PaddingId => Size - Special.Length;

    /// <summary>The files by name.</summary>
    public static Dictionary<string, byte[]> Files() => new()
    {
        ["tokenizer.json"] = JsonSerializer.SerializeToUtf8Bytes(Tokenizer()),
        ["tokenizer_config.json"] = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["bos_token"] = null,
            ["eos_token"] = End,
            ["pad_token"] = Padding,
            ["clean_up_tokenization_spaces"] = false,
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["chat_template"] = Template,
        }),
        ["chat_template.jinja"] = Encoding.UTF8.GetBytes(Template),
        ["generation_config.json"] = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["eos_token_id"] = EndId, ["pad_token_id"] = PaddingId }),
    };

    private static JsonObject Tokenizer() => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. FixedStrings.All.Select((text, i) => Added(Vocabulary.Length + i, text, special: false)), .. Special.Select((text, i) => Added(PaddingId + i, text, special: true))]),
        ["normalizer"] = null,
        ["pre_tokenizer"] = ByteLevel(),
        ["post_processor"] = null,
        ["decoder"] = ByteLevel(),
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = false,
            ["vocab"] = new JsonObject(Vocabulary.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))),
            ["merges"] = new JsonArray([.. Merges.Select(merge => new JsonArray(merge.Left, merge.Right))]),
        },
    };

    private static JsonObject Added(int id, string content, bool special) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = special,
    };

    private static JsonObject ByteLevel() => new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = false };

    /// <summary>GPT-2's letter for a byte: itself where it can be seen, else the next free one from U+0100 on.</summary>
    private static string Letter(int value)
    {
        var hidden = Enumerable.Range(0, value).Count(IsHidden);
        return (IsHidden(value) ? (char)(0x100 + hidden) : (char)value).ToString();

        static bool IsHidden(int one) => one is not (>= 0x21 and <= 0x7E or >= 0xA1 and <= 0xAC or >= 0xAE);
    }
}
