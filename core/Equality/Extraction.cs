using System.Text.RegularExpressions;
using GenPrm.Core.Equality.Grammar;

namespace GenPrm.Core.Equality;

/// <summary>Finds the answer in what was given as one: whole solutions and sentences are given as answers, too.</summary>
internal static partial class Extraction
{
    // A longer sentence tells of an answer and is none.
    private const int LongestStatement = 400;

    // So many statements, from the last one, are looked at.
    private const int MostClaims = 50;

    // More boxes than that are no list of answers.
    private const int MostBoxes = 50;

    // So many characters before an answer are looked at for words that change it.
    private const int LongestChange = 100;

    // A remark on an answer has fewer.
    private const int MostWords = 15;

    /// <summary>The content of the last box, or of the last run of boxes that only commas and conjunctions part; null where no box stands.</summary>
    public static string? Boxed(string text)
    {
        if (!text.Contains(@"\boxed", StringComparison.Ordinal) && !text.Contains(@"\fbox", StringComparison.Ordinal))
            return null;
        var all = Boxes(text);
        var boxes = new List<(int Start, int End, string Content)>();
        for (var i = all.Count - 1; i >= 0 && boxes.Count < MostBoxes; i--)
        {
            // A box inside of another is part of its content.
            if ((boxes.Count > 0 && all[i].End > boxes[^1].Start) || text.AsSpan(all[i].Open, all[i].Close - all[i].Open).IsWhiteSpace())
                continue;
            if (boxes.Count > 0 && !IsJoint(text.AsSpan(all[i].End, boxes[^1].Start - all[i].End)))
                break;
            boxes.Add((all[i].Start, all[i].End, text[all[i].Open..all[i].Close].Trim()));
        }
        boxes.Reverse();
        return boxes.Count == 0 ? null : string.Join(", ", boxes.Select(b => b.Content));
    }

    /// <summary>The answer that stands in a sentence: the last mathematics of its end, else the last number. Null where there is neither, or where the words make another number of it.</summary>
    public static string? FromProse(string text)
    {
        text = Markers().Replace(text, " ");
        var from = 0;
        foreach (var phrase in Statement().EnumerateMatches(text))
            from = phrase.Index + phrase.Length;
        return Last(text[from..]) ?? (Letter().Match(text[from..]) is { Success: true } letter ? letter.Groups[1].Value : Last(text));
    }

    /// <summary>What follows the last "the answer is" of <paramref name="text"/> that something follows: its mathematics, else the words up to the sentence's end.
    /// Only so many are tried, and only so far, whatever the text's length.</summary>
    public static string? Stated(string text)
    {
        text = Markers().Replace(text, " ");
        var claims = new List<int>();
        foreach (var phrase in Claim().EnumerateMatches(text))
            claims.Add(phrase.Index + phrase.Length);
        for (var i = claims.Count - 1; i >= 0 && i >= claims.Count - MostClaims; i--)
        {
            if (Claimed(text.AsSpan(claims[i])) is { } answer)
                return answer;
        }
        return null;
    }

    // The answer at the begin of what follows a claim.
    private static string? Claimed(ReadOnlySpan<char> following)
    {
        following = following.TrimStart(" \t\r\n:*");
        var rest = following[..Math.Min(following.Length, 2 * LongestStatement)].ToString();
        var line = rest.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end && !rest.StartsWith('$') && !rest.StartsWith('\\') ? rest[..end] : rest;
        var sentence = SentenceEnd().Match(line) is { Success: true } stop ? line[..stop.Index] : line;
        var found = MathSpans.Of(line).FirstOrDefault() is { End: > 0 } math && math.Start <= sentence.Length ? line[math.Inner..math.Close] : sentence;
        return found.Trim().TrimEnd('.').Trim() is { Length: > 0 and <= LongestStatement } plain ? plain : null;
    }

    /// <summary>Whether so many words stand in the text that it is no answer but tells of one.</summary>
    public static bool IsProse(string text) => Words(text, run => run.Length > 1) > MostWords;

    /// <summary>Whether the text holds a word, or delimiters that part mathematics from one: else all of it is the answer, and not its last part.</summary>
    public static bool HasWords(string text) => Words(text, Vocabulary.IsWord) > 0 || text.Contains('$', StringComparison.Ordinal) || text.Contains(@"\(", StringComparison.Ordinal) || text.Contains(@"\[", StringComparison.Ordinal);

    // Runs of letters that are no command and that are words; no more are counted than make prose.
    private static int Words(string text, Func<string, bool> isWord)
    {
        var words = 0;
        for (var i = 0; i < text.Length && words <= MostWords; i++)
        {
            var start = i;
            while (i < text.Length && char.IsAsciiLetter(text[i]))
                i++;
            words += i - start > 1 && isWord(text[start..i]) && (start == 0 || text[start - 1] != '\\') ? 1 : 0;
        }
        return words;
    }

    // Every box that is closed, in the order of their ends: a cut one holds nothing. One pass, whatever the nesting.
    private static List<(int Start, int Open, int Close, int End)> Boxes(string text)
    {
        var boxes = new List<(int Start, int Open, int Close, int End)>();
        var open = new Stack<int>();
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when IsBox(text.AsSpan(i)):
                    var content = i + (text[i + 1] == 'f' ? 5 : 6);
                    while (content < text.Length && text[content] == ' ')
                        content++;
                    if (content < text.Length && text[content] == '{')
                        open.Push(i);
                    else if (TokenEnd(text, content) is > 0 and var end)
                        boxes.Add((i, content, end, end));
                    i = content < text.Length && text[content] == '{' ? content : i + 1;
                    break;
                case '\\':
                    // A doubled backslash before a box is one that was escaped.
                    i += IsBox(text.AsSpan(i + 1)) ? 0 : 1;
                    break;
                case '{':
                    open.Push(-1);
                    break;
                case '}' when open.TryPop(out var start) && start >= 0:
                    boxes.Add((start, text.IndexOf('{', start) + 1, i, i + 1));
                    break;
            }
        }
        return boxes;
    }

    private static bool IsBox(ReadOnlySpan<char> text) => text.StartsWith(@"\boxed", StringComparison.Ordinal) || text.StartsWith(@"\fbox", StringComparison.Ordinal);

    // \boxed 7: a box without braces holds what stands up to the next blank.
    private static int TokenEnd(string text, int start)
    {
        var end = start;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('$' or '\\' or '}'))
            end++;
        while (end > start && text[end - 1] is '.' or ',')
            end--;
        return end > start ? end : 0;
    }

    private static bool IsJoint(ReadOnlySpan<char> between) => between.Length <= 60 && Joint().IsMatch(between);

    // The last mathematics between delimiters, or a number that stands behind it; null where the words before it make another answer of it.
    private static string? Last(string text)
    {
        var (answer, start, from, end) = (default(string), 0, 0, 0);
        foreach (var math in MathSpans.Of(text))
        {
            if (text[math.Inner..math.Close].Trim() is { Length: > 0 } inner)
                (answer, start, from, end) = (inner, math.Start, math.End, math.End);
        }
        foreach (Match number in Number().Matches(text[from..]))
            (answer, start, end) = (number.Value, from + number.Index, from + number.Index + number.Length);
        var isChanged = answer is not null && (Changed().IsMatch(text.AsSpan(Math.Max(0, start - LongestChange), Math.Min(start, LongestChange)))
            || ChangedBehind().IsMatch(text.AsSpan(end - 1, Math.Min(text.Length - end + 1, LongestChange))));
        return isChanged ? null : answer;
    }

    [GeneratedRegex(@"^[\s$.,;:&()\[\]\\]*(?:\\?text\{|\\(?:quad|qquad|,|;)|\}|and|or|for part \([a-z]\)|[\s$.,;:&()\[\]\\]|~)*$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Joint();

    [GeneratedRegex(@"<\|[^|>]{0,40}\|>(?:user|assistant)?|</?think>|\*\*", RegexOptions.NonBacktracking)]
    private static partial Regex Markers();

    [GeneratedRegex(@"(?:final answer|answer)(?:\s+is)?\s*:?|therefore|thus|hence", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Statement();

    [GeneratedRegex(@"answer\s*(?:is|:|=)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Claim();

    [GeneratedRegex(@"\.(?:\s|$)|\n", RegexOptions.NonBacktracking)]
    private static partial Regex SentenceEnd();

    // Words at whose end a number is a bound, an operand, or one end of a range, and not the answer.
    [GeneratedRegex(
        @"(?:[\w)}$]\s+(?:plus|minus)|\b(?:twice|thrice|double|triple|times|negative|mod|modulo|per|versus|vs|not|never|except|excluding|without|all but|other than|than|within|until|till|before|after|past|beyond|over|under|above|below|exceeds?|" +
        @"at least|at most|up to|down to but not|out of|(?:half|third|quarter|percent|square|cube|root|power|multiple|factor|divisor|factorial|reciprocal|inverse|opposite|logarithm)s? of|" +
        @"(?:reduced|decreased|increased|lowered|raised|multiplied|divided|divisible|scaled|shifted|moved|changed|off|more|less|fewer|greater|smaller|larger) by|" +
        @"(?:from|between|(?:sum|product|difference|quotient|ratio|gcd|lcm|mean|average|maximum|minimum) (?:of|between))\b[^.;=:]{1,60}\b(?:to|through|until|till|and)))[\s{}$\\(]*$",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Changed();

    // Words that go on with an operation on the number before them, whose last character stands first.
    [GeneratedRegex(
        @"^(?:%[\s{}$\\)]*(?:text\{\s*)?of\b|.[\s{}$\\)]*(?:text\{\s*)?(?:(?:less|more|fewer|greater|smaller|larger) than|percent of|squared|cubed|factorial|doubled|tripled|halved|(?:times|plus|minus|choose|mod|modulo|per|out of|through|divided by|raised to)[\s{}$\\]+[\w(]))",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex ChangedBehind();

    [GeneratedRegex(@"^\s*\(?([A-J])\)?[.\s]*$", RegexOptions.NonBacktracking)]
    private static partial Regex Letter();

    [GeneratedRegex(@"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:/\d+)?%?|-?\.\d+", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
