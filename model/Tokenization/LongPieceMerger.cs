namespace GenPrm.Model.Tokenization;

/// <summary>Byte-pair merging in time n log n: for pieces that are long, as a caller may send them on purpose.</summary>
/// <param name="vocabulary">Tokens in the byte alphabet, and their ids.</param>
/// <param name="merges">Pairs as <c>left right</c>, each once, the first one first.</param>
internal sealed class LongPieceMerger(Dictionary<string, int> vocabulary, IReadOnlyList<string> merges)
{
    private readonly Dictionary<(int Left, int Right), (int Rank, int Merged)> pairs = Pairs(vocabulary, merges);

    /// <summary>The ids of a piece in the byte alphabet; letters that the vocabulary lacks are left out.</summary>
    public int[] Merge(string letters)
    {
        int[] ids = [.. letters.Select(letter => vocabulary.GetValueOrDefault(letter.ToString(), -1)).Where(id => id >= 0)];
        int[] before = [.. Enumerable.Range(-1, ids.Length)], after = [.. Enumerable.Range(1, ids.Length)];
        // The first merge of the table first; of the same, the leftmost.
        var waiting = new PriorityQueue<(int Place, int Left, int Right), (int Rank, int Place)>(ids.Length);
        for (var place = 0; place + 1 < ids.Length; place++)
            Offer(place);
        while (waiting.TryDequeue(out var pair, out _))
        {
            var (place, right) = (pair.Place, after[pair.Place]);
            // One of the two was merged with another meanwhile.
            if (ids[place] != pair.Left || right >= ids.Length || ids[right] != pair.Right)
                continue;
            ids[place] = pairs[(pair.Left, pair.Right)].Merged;
            ids[right] = -1;
            after[place] = after[right];
            if (after[place] < ids.Length)
                before[after[place]] = place;
            Offer(place);
            if (before[place] >= 0)
                Offer(before[place]);
        }

        return [.. ids.Where(id => id >= 0)];

        void Offer(int place)
        {
            if (after[place] < ids.Length && pairs.TryGetValue((ids[place], ids[after[place]]), out var merge))
                waiting.Enqueue((place, ids[place], ids[after[place]]), (merge.Rank, place));
        }
    }

    private static Dictionary<(int Left, int Right), (int Rank, int Merged)> Pairs(Dictionary<string, int> vocabulary, IReadOnlyList<string> merges)
    {
        var pairs = new Dictionary<(int Left, int Right), (int Rank, int Merged)>(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var blank = merges[rank].IndexOf(' ', StringComparison.Ordinal);
            var (left, right) = (merges[rank][..blank], merges[rank][(blank + 1)..]);
            pairs.Add((vocabulary[left], vocabulary[right]), (rank, vocabulary[left + right]));
        }

        return pairs;
    }
}
