using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using GenPrm.Model.Checkpoints;

namespace GenPrm.Model.Tokenization;

/// <summary>What <c>tokenizer_config.json</c> adds to <c>tokenizer.json</c>. The file may be missing.</summary>
/// <param name="AddBeginToken">Whether every text begins with the begin token; null leaves that to <c>tokenizer.json</c>.</param>
/// <param name="AddEndToken">Whether every text ends with the end token; null leaves that to <c>tokenizer.json</c>.</param>
internal sealed record TokenizerConfig(
    ImmutableArray<AddedToken> AddedTokens,
    string? BeginToken,
    string? EndToken,
    ImmutableHashSet<string> NamedSpecials,
    bool? AddBeginToken,
    bool? AddEndToken)
{
    /// <summary>The fields that name a token by what it is for.</summary>
    public static readonly string[] Roles = ["bos_token", "eos_token", "pad_token", "unk_token", "cls_token", "sep_token", "mask_token"];

    public static TokenizerConfig Read(string folder)
    {
        var path = Path.Combine(folder, "tokenizer_config.json");
        if (!File.Exists(path))
            return new TokenizerConfig([], null, null, [], null, null);
        var root = ConfigObject.Read(path);
        var decoder = root.Object("added_tokens_decoder");
        var added = decoder?.Fields.Select(field => ReadToken(
            decoder.Object(field.Name) ?? throw decoder.Refuse(field.Name, "is null"),
            int.TryParse(field.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw decoder.Refuse(field.Name, "is not a token id")));
        var specials = Roles.Select(role => TokenText(root, role)).OfType<string>()
            .Concat(TokenTexts(root, "additional_special_tokens"))
            .Concat(TokenTexts(root, "extra_special_tokens"));

        // Where the file says either, transformers puts these tokens there itself, whatever tokenizer.json says.
        var explicitly = root.Has("add_bos_token") || root.Has("add_eos_token");
        return new TokenizerConfig(
            [.. added ?? []],
            TokenText(root, "bos_token"),
            TokenText(root, "eos_token"),
            specials.ToImmutableHashSet(StringComparer.Ordinal),
            explicitly ? root.Flag("add_bos_token", false) : null,
            explicitly ? root.Flag("add_eos_token", false) : null);
    }

    public static AddedToken ReadToken(ConfigObject item, int id)
    {
        var special = item.Flag("special", false);
        return new AddedToken(
            id,
            item.Text("content") is { Length: > 0 } content ? content : throw item.Refuse("content", "is missing"),
            special,
            item.Flag("lstrip", false),
            item.Flag("rstrip", false),
            item.Flag("single_word", false),
            item.Flag("normalized", !special));
    }

    public bool IsNamedSpecial(string content) => NamedSpecials.Contains(content);

    /// <summary>A token's text, written as text or as an object with <c>content</c>.</summary>
    public static string? TokenText(ConfigObject root, string field) => root.Find(field) is { } value ? TokenText(value) : null;

    /// <summary>The tokens of a list, or of an object whose keys are roles.</summary>
    private static IEnumerable<string> TokenTexts(ConfigObject root, string field) => root.Find(field) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Select(TokenText).OfType<string>(),
        { ValueKind: JsonValueKind.Object } roles => roles.EnumerateObject().Select(role => TokenText(role.Value)).OfType<string>(),
        _ => [],
    };

    private static string? TokenText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object when value.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String => content.GetString(),
        _ => null,
    };
}
