namespace GenPrm.Core.Equality;

/// <summary>Mathematics between delimiters: <c>$…$</c>, <c>$$…$$</c>, <c>\(…\)</c>, <c>\[…\]</c>.</summary>
/// <param name="Start">Where the opening delimiter begins.</param>
/// <param name="Inner">Where the content begins.</param>
/// <param name="Close">Where the closing delimiter begins.</param>
/// <param name="End">Behind the closing delimiter.</param>
internal readonly record struct MathSpan(int Start, int Inner, int Close, int End);

/// <summary>Finds mathematics in a text.</summary>
internal static class MathSpans
{
    /// <summary>The spans of <paramref name="text"/>, in order, none of them empty. An escaped dollar is money. Every character is passed at most three times:
    /// a delimiter whose partner was looked for in vain up to the end is not looked for again.</summary>
    public static IEnumerable<MathSpan> Of(string text)
    {
        var (mayHaveDollars, mayHaveBrackets) = (true, true);
        for (var i = 0; i < text.Length;)
        {
            var next = i + 1;
            if (text[i] == '$' && mayHaveDollars)
            {
                var inner = next < text.Length && text[next] == '$' ? i + 2 : next;
                var close = text.IndexOf('$', inner);
                mayHaveDollars = close >= 0;
                if (close > inner)
                {
                    next = inner == i + 2 && close + 1 < text.Length && text[close + 1] == '$' ? close + 2 : close + 1;
                    yield return new MathSpan(i, inner, close, next);
                }
            }
            else if (text[i] == '\\')
            {
                next = i + 2;
                if (mayHaveBrackets && next < text.Length && text[i + 1] is '(' or '[')
                {
                    var close = NextBracket(text, next);
                    mayHaveBrackets = close >= 0;
                    if (close >= 0 && close + 1 < text.Length && text[close + 1] == (text[i + 1] == '(' ? ')' : ']') && close > next)
                    {
                        yield return new MathSpan(i, next, close, close + 2);
                        close += 2;
                    }
                    next = Math.Max(next, close);
                }
            }
            i = next;
        }
    }

    // The next \(, \), \[ or \]; -1 where there is none.
    private static int NextBracket(string text, int at)
    {
        for (; at + 1 < text.Length; at++)
        {
            if (text[at] != '\\')
                continue;
            if (text[at + 1] is '(' or ')' or '[' or ']')
                return at;
            at++;
        }
        return -1;
    }
}
