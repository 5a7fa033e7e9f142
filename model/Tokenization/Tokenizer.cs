using System.Collections.Immutable;
using System.Text;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization.PreTokenization;

namespace GenPrm.Model.Tokenization;

/// <summary>Text to token ids and back, as <c>tokenizer.json</c> says: byte-level byte-pair encoding of the Llama 3, Qwen and GPT-2 kinds.</summary>
/// <remarks>Safe for concurrent calls.</remarks>
public sealed class Tokenizer
{
    private readonly byte[]?[] bytes;
    private readonly Dictionary<string, int> ids;
    private readonly AddedTokenFinder raw;
    private readonly AddedTokenFinder normalized;
    private readonly Func<string, string> normalize;
    private readonly IPreTokenizer preTokenizer;
    private readonly MergeModel merges;
    private readonly ImmutableArray<int> before;
    private readonly ImmutableArray<int> after;

    internal Tokenizer(TokenizerParts parts)
    {
        bytes = parts.TokenBytes;
        ids = parts.Ids;
        LongestToken = bytes.Max(token => token?.Length ?? 0);
        normalize = parts.Normalize;
        preTokenizer = parts.PreTokenizer;
        merges = parts.Merges;
        (before, after) = (parts.Before, parts.After);
        AddedTokens = parts.AddedTokens;
        (BeginToken, EndToken) = (parts.BeginToken, parts.EndToken);
        SpecialTokens = [.. AddedTokens.Where(token => token.Special).Select(token => token.Content)];
        raw = new AddedTokenFinder(AddedTokens.Where(token => !token.Normalized).Select(token => (token.Content, token)));
        normalized = new AddedTokenFinder(AddedTokens.Where(token => token.Normalized).Select(token => (normalize(token.Content), token)));
    }

    /// <summary>One more than the largest id.</summary>
    public int VocabularySize => bytes.Length;

    /// <summary>The most bytes of text that one token stands for.</summary>
    public int LongestToken { get; }

    /// <summary>The tokens that are found before merging, by id.</summary>
    public ImmutableArray<AddedToken> AddedTokens { get; }

    /// <summary>The strings that steer a model and are no text: what a user's text must not contain.</summary>
    public ImmutableArray<string> SpecialTokens { get; }

    /// <summary><c>bos_token</c> of <c>tokenizer_config.json</c>, for chat templates; null for none.</summary>
    public string? BeginToken { get; }

    /// <summary><c>eos_token</c> of <c>tokenizer_config.json</c>, for chat templates; null for none.</summary>
    public string? EndToken { get; }

    /// <summary>Reads <c>tokenizer.json</c> and <c>tokenizer_config.json</c>.</summary>
    /// <exception cref="CheckpointException">A file is missing or broken, or has a part that is unknown, by name.</exception>
    public static Tokenizer Load(string folder) => new(TokenizerReader.Read(folder));

    /// <summary>The ids of a text, in which the strings of added tokens stand for these tokens.</summary>
    /// <param name="addSpecial">Whether tokens that belong round every text, such as a begin token, are added. Not for a rendered chat, which
    /// has its own.</param>
    public int[] Encode(string text, bool addSpecial) => Encode(text, addSpecial, int.MaxValue, CancellationToken.None);

    /// <summary>As the other, for texts of strangers.</summary>
    /// <param name="most">With more ids than that nobody is served: encoding ends soon behind them.</param>
    public int[] Encode(string text, bool addSpecial, int most, CancellationToken cancellationToken)
    {
        var found = new List<int>((text.Length / 3) + 8);
        if (addSpecial)
            found.AddRange(before);
        foreach (var (piece, token) in raw.Cut(Valid(text)))
        {
            if (token is not null)
                found.Add(token.Id);
            else
                EncodeNormalized(normalize(piece), found, most, cancellationToken);
            if (found.Count > most)
                break;
        }

        if (addSpecial)
            found.AddRange(after);
        return [.. found];
    }

    /// <summary>The ids of a text that is to be continued: with the tokens that belong before every text, unless it begins with them already, and without those
    /// that would end it.</summary>
    public int[] EncodeOpening(string text) => EncodeOpening(text, int.MaxValue, CancellationToken.None);

    /// <summary>As the other, for texts of strangers, as <see cref="Encode(string, bool, int, CancellationToken)"/>.</summary>
    public int[] EncodeOpening(string text, int most, CancellationToken cancellationToken)
    {
        var own = Encode(text, addSpecial: false, most, cancellationToken);
        return own.AsSpan().StartsWith(before.AsSpan()) ? own : [.. before, .. own];
    }

    /// <summary>The text of ids, special tokens written out; bytes that are not UTF-8 become U+FFFD.</summary>
    public string Decode(IEnumerable<int> ids)
    {
        var decoder = StartDecoding();
        var text = new StringBuilder();
        foreach (var id in ids)
            text.Append(decoder.Add(id));
        return text.Append(decoder.Finish()).ToString();
    }

    /// <summary>Decoding token by token.</summary>
    public TokenDecoder StartDecoding() => new(this);

    /// <summary>The bytes that a token adds to the text. An id that no token has adds none: models have rows to spare.</summary>
    public ReadOnlySpan<byte> BytesOf(int id) => (uint)id < (uint)bytes.Length ? bytes[id] : [];

    /// <summary>The id of a token as the vocabulary writes it, or of an added token; null if there is none.</summary>
    public int? Find(string token) => ids.TryGetValue(token, out var id) ? id : null;

    /// <summary>The first special-token string that a text contains, or null.</summary>
    public string? FirstSpecialIn(string text) => SpecialTokens.FirstOrDefault(token => text.Contains(token, StringComparison.Ordinal));

    private void EncodeNormalized(string text, List<int> found, int most, CancellationToken cancellationToken)
    {
        foreach (var (piece, token) in normalized.Cut(text))
        {
            if (token is not null)
            {
                found.Add(token.Id);
                continue;
            }

            foreach (var word in preTokenizer.Split(piece))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (found.Count > most)
                    return;
                merges.Encode(word, found);
            }
        }
    }

    /// <summary>Surrogates that are not in pairs are no text; they become U+FFFD, as UTF-8 has them.</summary>
    private static string Valid(string text)
    {
        for (var place = 0; place < text.Length; place++)
        {
            if (!char.IsSurrogate(text[place]))
                continue;
            if (place + 1 >= text.Length || !char.IsSurrogatePair(text[place], text[place + 1]))
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            place++;
        }

        return text;
    }
}
