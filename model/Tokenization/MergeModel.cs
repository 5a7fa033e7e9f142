using System.Collections.Concurrent;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace GenPrm.Model.Tokenization;

/// <summary>Byte-level byte-pair encoding of single pieces: Microsoft.ML.Tokenizers merges, this remembers what it gave.</summary>
/// <remarks>Pieces are handed to it in the byte alphabet, one character a byte, so that a piece's bytes and nothing else decide. A byte that
/// the vocabulary lacks is left out before merging, as Hugging Face tokenizers do where there is no unknown token. Safe for concurrent calls.
/// It takes time by the square of a piece's length, 186 s for a million letters without a break; <see cref="LongPieceMerger"/> does long pieces.</remarks>
internal sealed class MergeModel
{
    private const int MostRemembered = 1 << 17;
    private const int LongestRemembered = 64;
    private const int Long = 512;

    private readonly BpeTokenizer merger;
    private readonly Lazy<LongPieceMerger> longMerger;
    private readonly Dictionary<string, int>? whole;
    private readonly ConcurrentDictionary<string, int[]> remembered = new(StringComparer.Ordinal);
    private int count;

    /// <param name="vocabulary">Tokens in the byte alphabet, and their ids.</param>
    /// <param name="merges">Pairs as <c>left right</c>, the first one first; of a pair that stands twice the last counts.</param>
    /// <param name="ignoreMerges">Whether a piece that is a token is that token, whatever the merges say.</param>
    public MergeModel(Dictionary<string, int> vocabulary, IReadOnlyList<string> merges, bool ignoreMerges)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var last = merges.Reverse().Where(seen.Add).Reverse().ToList();
        merger = BpeTokenizer.Create(new BpeOptions(vocabulary) { Merges = last });
        longMerger = new(() => new LongPieceMerger(vocabulary, last));
        whole = ignoreMerges ? vocabulary : null;
    }

    public void Encode(string piece, List<int> ids)
    {
        if (!remembered.TryGetValue(piece, out var found))
        {
            found = Merge(piece);
            if (piece.Length <= LongestRemembered && Volatile.Read(ref count) < MostRemembered && remembered.TryAdd(piece, found))
                Interlocked.Increment(ref count);
        }

        ids.AddRange(found);
    }

    private int[] Merge(string piece)
    {
        var letters = string.Create(Encoding.UTF8.GetByteCount(piece), piece, static (span, text) =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            for (var index = 0; index < bytes.Length; index++)
                span[index] = ByteAlphabet.LetterOf(bytes[index]);
        });
        return whole is not null && whole.TryGetValue(letters, out var id)
            ? [id]
            : letters.Length >= Long ? longMerger.Value.Merge(letters)
            : [.. merger.EncodeToIds(letters, considerPreTokenization: false, considerNormalization: false)];
    }
}
