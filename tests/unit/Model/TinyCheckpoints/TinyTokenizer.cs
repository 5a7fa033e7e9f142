using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GenPrm.Tests.Unit.Model.TinyCheckpoints;

/// <summary>The tokenizer of the tiny checkpoints: bytes, merges learnt from a few lines, and ChatML's three special tokens.</summary>
internal static class TinyTokenizer
{
    public const int VocabularySize = 384;
    private const string Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Lesson = """
        Step 1: We add the numbers. Step 2: The sum is the answer. Step 3: So the answer is \boxed{12}.
        How many apples are there in all? There are two times as many. What is the value of x? Let x be the number of them.
        Please reason step by step, and put your final answer within \boxed{}. You are a math teacher. Your task is to review and critique
        the paragraphs in solution step by step. <analyze> Let's analyze the Paragraph step by step: </analyze> <verify> Let's use python code
        to find any potential error: ```python print() ``` [Code Output] </verify> <output> **Judgement**: $\boxed{Yes}$ </output> No
        """;

    public static string[] Special { get; } = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];

    private const string Template = """
        {%- for message in messages %}
        {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}
        {{- '<|im_start|>assistant\n' }}
        {%- endif %}
        """;

    /// <summary>The tokenizer's files, by name.</summary>
    public static Dictionary<string, byte[]> Files()
    {
        var (vocabulary, merges) = Learn(VocabularySize - Special.Length);
        var tokenizer = new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([.. Special.Select((content, index) => new JsonObject
            {
                ["id"] = VocabularySize - Special.Length + index,
                ["content"] = content,
                ["single_word"] = false,
                ["lstrip"] = false,
                ["rstrip"] = false,
                ["normalized"] = false,
                ["special"] = true,
            })]),
            ["normalizer"] = new JsonObject { ["type"] = "NFC" },
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray(
                    new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = Pattern }, ["behavior"] = "Isolated", ["invert"] = false },
                    ByteLevel()),
            },
            ["post_processor"] = null,
            ["decoder"] = ByteLevel(),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = new JsonObject(vocabulary.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))),
                ["merges"] = new JsonArray([.. merges.Select(pair => new JsonArray(pair.Left, pair.Right))]),
            },
        };
        var config = new JsonObject
        {
            ["bos_token"] = null,
            ["eos_token"] = "<|im_end|>",
            ["pad_token"] = "<|endoftext|>",
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
        };
        return new Dictionary<string, byte[]>
        {
            ["tokenizer.json"] = JsonSerializer.SerializeToUtf8Bytes(tokenizer),
            ["tokenizer_config.json"] = JsonSerializer.SerializeToUtf8Bytes(config),
            ["chat_template.jinja"] = Encoding.UTF8.GetBytes(Template),
            ["generation_config.json"] = Encoding.UTF8.GetBytes($$"""{ "eos_token_id": [{{VocabularySize - 1}}, {{VocabularySize - 3}}] }"""),
        };
    }

    private static JsonObject ByteLevel() => new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = false };

    /// <summary>Byte-pair encoding's lesson: the most frequent pair, the first in order of ordinals where several are, until enough.</summary>
    private static (List<string> Vocabulary, List<(string Left, string Right)> Merges) Learn(int size)
    {
        var vocabulary = Enumerable.Range(0, 256).Select(value => Letter(value).ToString()).ToList();
        var merges = new List<(string, string)>();
        var words = Regex.Matches(Lesson, Pattern).Select(match => Encoding.UTF8.GetBytes(match.Value).Select(value => Letter(value).ToString()).ToList()).ToList();
        while (vocabulary.Count < size)
        {
            var (left, right) = words.SelectMany(word => word.Zip(word.Skip(1))).GroupBy(pair => pair)
                .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.First + " " + group.Key.Second, StringComparer.Ordinal).First().Key;
            merges.Add((left, right));
            vocabulary.Add(left + right);
            foreach (var word in words)
            {
                for (var place = 0; place + 1 < word.Count; place++)
                {
                    if (word[place] == left && word[place + 1] == right)
                    {
                        word[place] = left + right;
                        word.RemoveAt(place + 1);
                    }
                }
            }
        }

        return (vocabulary, merges);
    }

    /// <summary>GPT-2's stand-ins, said once more so that the product's own table is tested against another.</summary>
    private static char Letter(int value) => value switch
    {
        >= 0x21 and <= 0x7E or >= 0xA1 and <= 0xAC or >= 0xAE => (char)value,
        <= 0x20 => (char)(0x100 + value),
        <= 0xA0 => (char)(0x121 + value - 0x7F),
        _ => '\u0143',
    };
}
