using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization;
using GenPrm.Tests.Unit.Model.TinyCheckpoints;

namespace GenPrm.Tests.Unit.Model.Tokenization;

/// <summary>The tiny checkpoints' tokenizer, with parts of it changed.</summary>
public sealed class TokenizerTests
{
    private const int End = 383;
    private static readonly Tokenizer Tiny = Load(_ => { });

    /// <summary>Any text, with what is hard in it: marks, surrogates, special tokens, runs of blanks.</summary>
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String,
        Gen.OneOf([.. new[] { "Step ", "<|im_end|>", "🧮", "é", "한", "\u0301", "  ", "\n", "'s", "12", "\uD800", "\0" }.Select(Gen.Const)]).Array[0, 12].Select(string.Concat));

    [Fact]
    public void Decode_OfAnyEncodedText_IsItsComposedForm() => Texts.Sample(text =>
        Tiny.Decode(Tiny.Encode(text, addSpecial: true)) == string.Concat(SplitAtSpecial(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)))
            .Select(part => Tiny.SpecialTokens.Contains(part) ? part : GenPrm.Model.Tokenization.Normalization.CanonicalForm.Compose(part))));

    [Fact]
    public void TokenDecoder_OverAnyIds_GivesWhatDecodeGives() => Gen.Int[0, End + 20].Array[0, 60].Sample(ids =>
    {
        var decoder = Tiny.StartDecoding();
        var text = string.Concat(ids.Select(decoder.Add)) + decoder.Finish();
        return text == Tiny.Decode(ids) && text == Encoding.UTF8.GetString([.. ids.SelectMany(id => Tiny.BytesOf(id).ToArray())]);
    });

    [Fact]
    public void TokenDecoder_CharacterOverSeveralTokens_ComesWithItsLast()
    {
        var ids = Tiny.Encode("🧮", addSpecial: false);
        var decoder = Tiny.StartDecoding();
        Assert.Equal(["", "", "", "🧮"], ids.Select(decoder.Add));
        Assert.Equal("", decoder.Finish());
    }

    [Fact]
    public void Encode_IsTheSameFromManyThreads()
    {
        var tokenizer = Load(_ => { });
        var text = string.Concat(Enumerable.Range(0, 500).Select(index => $"Step {index}: the answer is \\boxed{{{index * 7}}} 🧮\n"));
        var expected = tokenizer.Encode(text, addSpecial: false);
        Parallel.For(0, 16, _ => Assert.Equal(expected, tokenizer.Encode(text, addSpecial: false)));
    }

    [Fact]
    public void Encode_MergesInBothSpellings_AreTheSame()
    {
        var older = Load(root => root["model"]!["merges"] = new JsonArray([.. root["model"]!["merges"]!.AsArray().Select(pair => JsonValue.Create($"{pair![0]} {pair[1]}"))]));
        Assert.Equal(Tiny.Encode("Step 1: the answer", addSpecial: true), older.Encode("Step 1: the answer", addSpecial: true));
    }

    [Fact]
    public void Encode_IgnoringMerges_TakesAPieceThatIsAToken()
    {
        var merging = Load(root => root["model"]!["vocab"]!["zq"] = 400);
        var ignoring = Load(root => (root["model"]!["vocab"]!["zq"], root["model"]!["ignore_merges"]) = (400, true));
        Assert.Equal(2, merging.Encode("zq", addSpecial: false).Length);
        Assert.Equal([400], ignoring.Encode("zq", addSpecial: false));
    }

    [Fact]
    public void Encode_ByteThatTheVocabularyLacks_IsLeftOut()
    {
        var lacking = Load(root => root["model"]!["vocab"]!.AsObject().Remove("Q"));
        Assert.Equal(lacking.Encode("Step", addSpecial: false), lacking.Encode("SQtep", addSpecial: false));
    }

    [Theory]
    [InlineData("lstrip", "a  <|im_end|> b", new[] { "a", "<|im_end|>", " b" })]
    [InlineData("rstrip", "a <|im_end|> \n b", new[] { "a ", "<|im_end|>", "b" })]
    [InlineData("single_word", "a<|im_end|> <|im_end|>", new[] { "a<|im_end|> ", "<|im_end|>" })]
    public void Encode_AddedTokensFlag_IsKept(string flag, string text, string[] pieces)
    {
        var tokenizer = Load(root => root["added_tokens"]![2]![flag] = true);
        var plain = Load(root => root["added_tokens"]!.AsArray().Clear());
        int[] expected = [.. pieces.SelectMany(piece => piece == "<|im_end|>" ? [End] : plain.Encode(piece, addSpecial: false))];
        Assert.Equal(expected, tokenizer.Encode(text, addSpecial: false));
    }

    [Fact]
    public void Encode_NormalizedAddedToken_IsFoundInNormalizedText()
    {
        void Named(JsonNode root, bool normalized) => (root["added_tokens"]![2]!["content"], root["added_tokens"]![2]!["normalized"]) = ("<\u00E9>", normalized);
        Assert.Equal([End], Load(root => Named(root, true)).Encode("<e\u0301>", addSpecial: false));
        Assert.NotEqual([End], Load(root => Named(root, false)).Encode("<e\u0301>", addSpecial: false));
    }

    [Fact]
    public void Encode_LongestAddedTokenAtAPlace_Wins()
    {
        var tokenizer = Load(root => root["added_tokens"]![1]!["content"] = "<|im_end|>>");
        Assert.Equal([End - 1, End], tokenizer.Encode("<|im_end|>><|im_end|>", addSpecial: false));
    }

    [Fact]
    public void Encode_BeginToken_IsAddedWhereAskedAndNeverElse()
    {
        const string Template = """
            { "type": "TemplateProcessing", "single": [{ "SpecialToken": { "id": "b", "type_id": 0 } }, { "Sequence": { "id": "A", "type_id": 0 } }],
              "special_tokens": { "b": { "id": "b", "ids": [381], "tokens": ["b"] } } }
            """;
        var byTemplate = Load(root => root["post_processor"] = JsonNode.Parse($$"""{ "type": "Sequence", "processors": [{ "type": "ByteLevel" }, {{Template}}] }"""));
        var byFlag = Load(_ => { }, config => (config["bos_token"], config["add_bos_token"]) = ("<|endoftext|>", true));
        var againstTemplate = Load(root => root["post_processor"] = JsonNode.Parse(Template), config => config["add_bos_token"] = false);
        Assert.Equal([381, .. Tiny.Encode("Step", addSpecial: false)], byTemplate.Encode("Step", addSpecial: true));
        Assert.Equal([381, .. Tiny.Encode("Step", addSpecial: false)], byFlag.Encode("Step", addSpecial: true));
        Assert.Equal(Tiny.Encode("Step", addSpecial: false), byTemplate.Encode("Step", addSpecial: false));
        Assert.Equal(Tiny.Encode("Step", addSpecial: false), againstTemplate.Encode("Step", addSpecial: true));
    }

    [Fact]
    public void EncodeOpening_TokenizerThatAddsTokens_BeginsTheTextOnceAndDoesNotEndIt()
    {
        var adding = Load(_ => { }, config =>
            (config["bos_token"], config["add_bos_token"], config["add_eos_token"]) = ("<|endoftext|>", true, true));
        int[] step = Tiny.Encode("Step", addSpecial: false);
        Assert.Equal([381, .. step, End], adding.Encode("Step", addSpecial: true));
        Assert.Equal([381, .. step], adding.EncodeOpening("Step"));
        Assert.Equal([381, .. step], adding.EncodeOpening("<|endoftext|>Step"));
        Assert.Equal(step, Tiny.EncodeOpening("Step"));
    }

    [Fact]
    public void FirstSpecialIn_Text_NamesWhatAUserMayNotWrite()
    {
        Assert.Equal("<|im_end|>", Tiny.FirstSpecialIn("What is <|im_end|>?"));
        Assert.Null(Tiny.FirstSpecialIn("What is <im_end>?"));
    }

    [Theory]
    [InlineData("model.type", "\"Unigram\"", "Unigram")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "</w>")]
    [InlineData("model.dropout", "0.1", "dropout")]
    [InlineData("model.merges", "[\"a b c\"]", "merges[0]")]
    [InlineData("model.merges", "[\"S qq\"]", "qq")]
    [InlineData("model.merges", "7", "merges")]
    [InlineData("model.vocab", "{ \"a\": -1 }", "-1")]
    [InlineData("model.vocab", "{ \"a\": 1, \"b\": 1 }", "id 1")]
    [InlineData("model.vocab", "{ \"a\": 2000000000 }", "2000000000")]
    [InlineData("normalizer", "{ \"type\": \"NFKC\" }", "NFKC")]
    [InlineData("pre_tokenizer", "{ \"type\": \"Metaspace\" }", "ByteLevel")]
    [InlineData("pre_tokenizer", "null", "pre_tokenizer")]
    [InlineData("pre_tokenizer.pretokenizers", "[{ \"type\": \"Whitespace\" }, { \"type\": \"ByteLevel\" }]", "Whitespace")]
    [InlineData("pre_tokenizer.pretokenizers", "[{ \"type\": \"Split\", \"pattern\": { \"Regex\": \"(?<=a)b\" }, \"behavior\": \"Isolated\" }, { \"type\": \"ByteLevel\" }]", "(?<=")]
    [InlineData("pre_tokenizer.pretokenizers", "[{ \"type\": \"Split\", \"pattern\": { \"String\": \"b\" }, \"behavior\": \"Odd\" }, { \"type\": \"ByteLevel\" }]", "Odd")]
    [InlineData("post_processor", "{ \"type\": \"BertProcessing\" }", "BertProcessing")]
    [InlineData("decoder", "{ \"type\": \"WordPiece\" }", "WordPiece")]
    [InlineData("decoder", "null", "decoder")]
    [InlineData("added_tokens", "[{ \"id\": 0, \"content\": \"<x>\" }]", "id 0")]
    [InlineData("added_tokens", "[{ \"id\": 5, \"content\": \"Step\" }]", "Step")]
    [InlineData("added_tokens", "[{ \"id\": 5 }]", "content")]
    public void Load_WhatIsNotKnown_IsRefusedByName(string path, string json, string named)
    {
        var error = Assert.Throws<CheckpointException>(() => Load(root =>
        {
            var parts = path.Split('.');
            (parts.Length == 1 ? root : root[parts[0]]!)[parts[^1]] = JsonNode.Parse(json);
        }));
        Assert.Contains("tokenizer.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private static string[] SplitAtSpecial(string text) => System.Text.RegularExpressions.Regex.Split(text, @"(<\|endoftext\|>|<\|im_start\|>|<\|im_end\|>)");

    private static Tokenizer Load(Action<JsonNode> change, Action<JsonNode>? changeConfig = null)
    {
        using var folder = new TemporaryFolder();
        var files = TinyTokenizer.Files();
        var (root, config) = (JsonNode.Parse(files["tokenizer.json"])!, JsonNode.Parse(files["tokenizer_config.json"])!);
        change(root);
        changeConfig?.Invoke(config);
        folder.Write("tokenizer.json", root.ToJsonString());
        folder.Write("tokenizer_config.json", config.ToJsonString());
        return Tokenizer.Load(folder.Path);
    }

    [Fact]
    public void Encode_OfAStrangersText_EndsAtTheLimitAndWhenItIsGivenUp()
    {
        var text = string.Concat(Enumerable.Repeat("one two ", 100_000));
        var whole = Tiny.Encode(text[..800], addSpecial: false);
        var cut = Tiny.Encode(text, addSpecial: false, 50, CancellationToken.None);
        Assert.InRange(cut.Length, 51, 60);
        Assert.Equal(whole[..cut.Length], cut);
        Assert.Throws<OperationCanceledException>(() => Tiny.Encode(text, addSpecial: false, int.MaxValue, new CancellationToken(canceled: true)));
    }
}
