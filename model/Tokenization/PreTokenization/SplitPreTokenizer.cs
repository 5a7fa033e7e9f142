using GenPrm.Model.Tokenization.Patterns;

namespace GenPrm.Model.Tokenization.PreTokenization;

/// <summary>What becomes of the text that a pattern matches: a piece of its own, dropped, or joined to a neighbour.</summary>
internal enum SplitBehavior
{
    Isolated,
    Removed,
    MergedWithPrevious,
    MergedWithNext,

    /// <summary>Matches that touch are one piece.</summary>
    Contiguous,
}

/// <summary>Cuts where a pattern matches; inverted, where it does not.</summary>
internal sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool inverted) : IPreTokenizer
{
    /// <summary>GPT-2's pattern, which the part called ByteLevel stands for.</summary>
    public static SplitPreTokenizer Gpt2 { get; } = Isolate(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");

    /// <summary>Each run of digits, or each digit, by itself. Digits are of any numeric category, as in Rust's <c>char::is_numeric</c>.</summary>
    public static SplitPreTokenizer Digits(bool individually) =>
        new(new TextPattern(@"\p{N}"), individually ? SplitBehavior.Isolated : SplitBehavior.Contiguous, false);

    public IEnumerable<string> Split(string piece)
    {
        var cuts = Cut(piece);
        return behavior switch
        {
            SplitBehavior.Isolated => cuts.Select(cut => Text(piece, cut.Start, cut.End)),
            SplitBehavior.Removed => cuts.Where(cut => !cut.Matched).Select(cut => Text(piece, cut.Start, cut.End)),
            _ => Join(piece, [.. cuts]),
        };
    }

    private static SplitPreTokenizer Isolate(string pattern) => new(new TextPattern(pattern), SplitBehavior.Isolated, false);

    /// <summary>Matches and what lies between them, in order.</summary>
    private IEnumerable<(int Start, int End, bool Matched)> Cut(string piece)
    {
        var done = 0;
        foreach (var (start, end) in pattern.Matches(piece))
        {
            if (start > done)
                yield return (done, start, inverted);
            yield return (start, end, !inverted);
            done = end;
        }

        if (done < piece.Length)
            yield return (done, piece.Length, inverted);
    }

    private List<string> Join(string piece, List<(int Start, int End, bool Matched)> cuts)
    {
        var joined = new List<(int Start, int End)>();
        for (var index = 0; index < cuts.Count; index++)
        {
            var (start, end, matched) = cuts[index];
            var previous = index > 0 && cuts[index - 1].Matched;
            var joins = index > 0 && behavior switch
            {
                SplitBehavior.MergedWithPrevious => matched && !previous,
                SplitBehavior.MergedWithNext => previous && !matched,
                _ => matched == previous,
            };
            if (joins)
                joined[^1] = (joined[^1].Start, end);
            else
                joined.Add((start, end));
        }

        return [.. joined.Select(cut => Text(piece, cut.Start, cut.End))];
    }

    private static string Text(string piece, int start, int end) => end - start == piece.Length ? piece : piece[start..end];
}
