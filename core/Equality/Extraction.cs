using System.Text.RegularExpressions;

namespace GenPrm.Core.Equality;

/// <summary>Finds the answer in what was given as one: whole solutions and sentences are given as answers, too.</summary>
internal static partial class Extraction
{
    // A remark on an answer has fewer.
    private const int MostWords = 15;

    /// <summary>The content of the last box, or of the last run of boxes that only commas and conjunctions part; null where no box stands.</summary>
    public static string? Boxed(string text)
    {
        if (!text.Contains(@"\boxed", StringComparison.Ordinal) && !text.Contains(@"\fbox", StringComparison.Ordinal))
            return null;
        var boxes = new List<(int Start, int End, string Content)>();
        for (var at = text.Length; boxes.Count < 50 && (at = LastBox(text, at)) >= 0;)
        {
            if (BoxAt(text, at) is not var (content, end))
                continue;
            if (boxes.Count > 0 && !IsJoint(text.AsSpan(end, Math.Max(0, boxes[^1].Start - end))))
                break;
            boxes.Add((at, end, content));
        }
        boxes.Reverse();
        return boxes.Count == 0 ? null : string.Join(", ", boxes.Select(b => b.Content));
    }

    /// <summary>The answer that stands in a sentence: the last mathematics of its end, else the last number. Null where there is neither.</summary>
    public static string? FromProse(string text)
    {
        text = Markers().Replace(text, " ");
        var stated = text;
        foreach (Match phrase in Statement().Matches(text))
            stated = text[(phrase.Index + phrase.Length)..];
        return Last(stated) ?? Last(text);
    }

    /// <summary>Whether so many words stand in the text that it is no answer but tells of one.</summary>
    public static bool IsProse(string text)
    {
        var words = 0;
        for (var i = 0; i < text.Length && words <= MostWords; i++)
        {
            var start = i;
            while (i < text.Length && char.IsAsciiLetter(text[i]))
                i++;
            words += i - start > 1 && (start == 0 || text[start - 1] != '\\') ? 1 : 0;
        }
        return words > MostWords;
    }

    private static int LastBox(string text, int before)
    {
        if (before <= 0)
            return -1;
        return Math.Max(text.LastIndexOf(@"\boxed", before - 1, StringComparison.Ordinal), text.LastIndexOf(@"\fbox", before - 1, StringComparison.Ordinal));
    }

    /// <summary>The content of the box at <paramref name="at"/> and where it ends. A box without braces holds one token; one that is cut holds nothing.</summary>
    private static (string Content, int End)? BoxAt(string text, int at)
    {
        var open = at + 1;
        while (open < text.Length && char.IsAsciiLetter(text[open]))
            open++;
        while (open < text.Length && text[open] == ' ')
            open++;
        if (open >= text.Length)
            return null;
        if (text[open] != '{')
        {
            var end = open;
            while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('$' or '\\'))
                end++;
            return end == open ? null : (text[open..end].TrimEnd('.', ','), end);
        }
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '{')
                depth++;
            else if (text[i] == '}' && --depth == 0)
                return (text[(open + 1)..i].Trim(), i + 1);
        }
        return null;
    }

    private static bool IsJoint(ReadOnlySpan<char> between) => between.Length <= 60 && Joint().IsMatch(between);

    // The last mathematics between delimiters, or a number that stands behind it.
    private static string? Last(string text)
    {
        var (answer, from) = (default(string), 0);
        foreach (Match math in Mathematics().Matches(text))
        {
            if (math.Groups["math"].Value.Trim() is { Length: > 0 } inner)
                (answer, from) = (inner, math.Index + math.Length);
        }
        foreach (Match number in Number().Matches(text[from..]))
            answer = number.Value;
        return answer;
    }

    [GeneratedRegex(@"^[\s$.,;:&()\[\]\\]*(?:\\?text\{|\\(?:quad|qquad|,|;)|\}|and|or|for part \([a-z]\)|[\s$.,;:&()\[\]\\]|~)*$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Joint();

    [GeneratedRegex(@"<\|[^|>]{0,40}\|>(?:user|assistant)?|</?think>|\*\*", RegexOptions.NonBacktracking)]
    private static partial Regex Markers();

    [GeneratedRegex(@"(?:final answer|answer)(?:\s+is)?\s*:?|therefore|thus|hence", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Statement();

    [GeneratedRegex(@"\$\$(?<math>[^$]+)\$\$|\$(?<math>[^$]+)\$|\\\((?<math>(?:[^\\]|\\[^()\[\]])+)\\\)|\\\[(?<math>(?:[^\\]|\\[^()\[\]])+)\\\]", RegexOptions.NonBacktracking)]
    private static partial Regex Mathematics();

    [GeneratedRegex(@"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:/\d+)?%?|-?\.\d+", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
