using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization.PreTokenization;

namespace GenPrm.Model.Tokenization;

/// <summary>Reads <c>tokenizer.json</c> and the tokens of <c>tokenizer_config.json</c>; refuses parts that are not known, by name.</summary>
internal static class TokenizerReader
{
    private const int LargestId = 1 << 22;

    public static TokenizerParts Read(string folder)
    {
        var path = Path.Combine(folder, "tokenizer.json");
        if (!File.Exists(path))
            throw new CheckpointException($"{path}: is missing; a tokenizer is read from tokenizer.json, other forms are not known");
        var root = ConfigObject.Read(path);
        var config = TokenizerConfig.Read(folder);
        var model = root.Object("model") ?? throw root.Refuse("model", "is missing");
        var vocabulary = ReadVocabulary(model);
        RefuseUnknownParts(model, vocabulary);
        var added = ReadAddedTokens(root, config, vocabulary);
        var ids = new Dictionary<string, int>(vocabulary, StringComparer.Ordinal);
        foreach (var token in added)
            ids[token.Content] = token.Id;
        RefuseUnknownDecoder(root);
        var (before, after) = PostProcessorReader.Read(root, config, ids);
        return new TokenizerParts(
            TokenBytes(path, ids),
            ids,
            added,
            PreTokenizationReader.ReadNormalizer(root.Object("normalizer")),
            PreTokenizationReader.ReadPreTokenizer(root),
            ReadMerges(path, model, vocabulary),
            before,
            after,
            config.BeginToken,
            config.EndToken);
    }

    private static Dictionary<string, int> ReadVocabulary(ConfigObject model)
    {
        var listed = model.Object("vocab") ?? throw model.Refuse("vocab", "is missing");
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var field in listed.Fields)
        {
            if (field.Value.ValueKind != JsonValueKind.Number || !field.Value.TryGetInt32(out var id) || id is < 0 or > LargestId)
                throw listed.Refuse(field.Name, $"{field.Value.GetRawText()} is not a token id from 0 to {LargestId}");
            vocabulary.Add(field.Name, id);
        }

        return vocabulary;
    }

    private static void RefuseUnknownParts(ConfigObject model, Dictionary<string, int> vocabulary)
    {
        if ((model.Text("type") ?? "BPE") is not "BPE" and var type)
            throw model.Refuse("type", $"tokenizer model '{type}' is not known; only byte-level BPE is");
        if (model.Find("dropout") is not null)
            throw model.Refuse("dropout", "merging at random is not known");
        foreach (var field in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (model.Text(field) is { Length: > 0 } value)
                throw model.Refuse(field, $"'{value}' is not known; only byte-level BPE without affixes is");
        }

        var everyByte = Enumerable.Range(0, 256).All(value => vocabulary.ContainsKey(ByteAlphabet.LetterOf((byte)value).ToString()));
        if (!everyByte && (model.Text("unk_token") ?? (model.Flag("byte_fallback", false) ? "byte_fallback" : null)) is { } unknown)
            throw model.Refuse("unk_token", $"'{unknown}' is not known; only vocabularies in which bytes need no stand-in are");
    }

    private static void RefuseUnknownDecoder(ConfigObject root)
    {
        var decoder = root.Object("decoder") ?? throw root.Refuse("decoder", "is missing; only ByteLevel is known");
        if (decoder.Text("type") is not "ByteLevel" and var type)
            throw decoder.Refuse("type", $"decoder '{type}' is not known; only ByteLevel is");
    }

    private static MergeModel ReadMerges(string path, ConfigObject model, Dictionary<string, int> vocabulary)
    {
        var merges = new List<string>();
        foreach (var item in model.List("merges"))
        {
            var (left, right) = item.ValueKind switch
            {
                JsonValueKind.String when item.GetString()!.Split(' ') is [var one, var two] => (one, two),
                JsonValueKind.Array when item.GetArrayLength() == 2 && item.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String) => (item[0].GetString()!, item[1].GetString()!),
                _ => throw model.Refuse($"merges[{merges.Count}]", $"{item.GetRawText()} is not a pair of tokens"),
            };
            foreach (var token in new[] { left, right, left + right })
            {
                if (!vocabulary.ContainsKey(token) || token.Contains(' ', StringComparison.Ordinal))
                    throw model.Refuse($"merges[{merges.Count}]", $"'{token}' is not a token of the vocabulary");
            }

            merges.Add(left + " " + right);
        }

        try
        {
            return new MergeModel(vocabulary, merges, model.Flag("ignore_merges", false));
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            throw new CheckpointException($"{path}: model: the vocabulary and merges do not fit each other: {error.Message}", error);
        }
    }

    /// <summary>The tokens of <c>tokenizer.json</c>, with the flags that <c>tokenizer_config.json</c> gives them where it names them too.</summary>
    private static ImmutableArray<AddedToken> ReadAddedTokens(ConfigObject root, TokenizerConfig config, Dictionary<string, int> vocabulary)
    {
        var tokens = new SortedDictionary<int, AddedToken>();
        foreach (var item in root.Objects("added_tokens"))
        {
            var token = TokenizerConfig.ReadToken(item, item.Size("id", most: LargestId, least: 0));
            tokens[token.Id] = token;
        }

        foreach (var token in config.AddedTokens)
        {
            if (tokens.TryGetValue(token.Id, out var other) && other.Content != token.Content)
                throw root.Refuse("added_tokens", $"id {token.Id} is '{other.Content}', in tokenizer_config.json '{token.Content}'");
            tokens[token.Id] = token;
        }

        foreach (var token in tokens.Values)
        {
            if (vocabulary.TryGetValue(token.Content, out var id) && id != token.Id)
                throw root.Refuse("added_tokens", $"'{token.Content}' has id {token.Id}, in the vocabulary {id}");
        }

        if (tokens.Values.GroupBy(token => token.Content, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw root.Refuse("added_tokens", $"'{twice.Key}' has the ids {string.Join(" and ", twice.Select(token => token.Id))}");
        return [.. tokens.Values.Select(token => config.IsNamedSpecial(token.Content) ? token with { Special = true } : token)];
    }

    private static byte[]?[] TokenBytes(string path, Dictionary<string, int> ids)
    {
        var bytes = new byte[]?[ids.Count == 0 ? 0 : ids.Values.Max() + 1];
        foreach (var (token, id) in ids)
        {
            if (bytes[id] is not null)
                throw new CheckpointException($"{path}: the id {id} belongs to '{token}' and to another token");
            bytes[id] = ByteAlphabet.BytesOf(token) ?? Encoding.UTF8.GetBytes(token);
        }

        return bytes;
    }
}
