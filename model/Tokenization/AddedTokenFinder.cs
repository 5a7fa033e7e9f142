using System.Text;
using GenPrm.Model.Tokenization.Patterns;

namespace GenPrm.Model.Tokenization;

/// <summary>Cuts text at added tokens: from left to right, of several that begin at one place the longest.</summary>
internal sealed class AddedTokenFinder
{
    private readonly Dictionary<char, List<(string Content, AddedToken Token)>> byFirst = [];

    /// <param name="tokens">The tokens with the text that each is looked for by.</param>
    public AddedTokenFinder(IEnumerable<(string Content, AddedToken Token)> tokens)
    {
        foreach (var group in tokens.Where(pair => pair.Content.Length > 0).GroupBy(pair => pair.Content[0]))
            byFirst.Add(group.Key, [.. group.OrderByDescending(pair => pair.Content.Length)]);
    }

    /// <summary>The pieces in order: an added token, or text between such.</summary>
    public IEnumerable<(string Text, AddedToken? Token)> Cut(string text)
    {
        if (byFirst.Count == 0)
        {
            yield return (text, null);
            yield break;
        }

        var done = 0;
        for (var place = 0; place < text.Length; place++)
        {
            if (Find(text, place) is not { } found)
                continue;
            var (start, end) = (place, place + found.Content.Length);
            place = end - 1;
            if (found.Token.SingleWord && (IsWordBefore(text, start) || IsWordAt(text, end)))
                continue;
            while (found.Token.LeftStrip && start > done && CharacterSet.WhiteSpace.Contains(text[start - 1]))
                start--;
            while (found.Token.RightStrip && end < text.Length && CharacterSet.WhiteSpace.Contains(text[end]))
                end++;
            if (start > done)
                yield return (text[done..start], null);
            yield return (text[start..end], found.Token);
            done = end;
            place = Math.Max(place, end - 1);
        }

        if (done < text.Length)
            yield return (done == 0 ? text : text[done..], null);
    }

    private (string Content, AddedToken Token)? Find(string text, int place)
    {
        if (!byFirst.TryGetValue(text[place], out var candidates))
            return null;
        foreach (var candidate in candidates)
        {
            if (string.CompareOrdinal(text, place, candidate.Content, 0, candidate.Content.Length) == 0)
                return candidate;
        }

        return null;
    }

    private static bool IsWordAt(string text, int place) =>
        place < text.Length && Rune.DecodeFromUtf16(text.AsSpan(place), out var rune, out _) == System.Buffers.OperationStatus.Done && CharacterSet.Word.Contains(rune.Value);

    private static bool IsWordBefore(string text, int place) =>
        place > 0 && Rune.DecodeLastFromUtf16(text.AsSpan(0, place), out var rune, out _) == System.Buffers.OperationStatus.Done && CharacterSet.Word.Contains(rune.Value);
}
