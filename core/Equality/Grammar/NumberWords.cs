using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Grammar;

/// <summary>Numbers in words: <c>zero</c> to millions, the first ordinals, and simple fractions such as <c>one-half</c> and <c>two thirds</c>.</summary>
internal static class NumberWords
{
    private const int LongestNumber = 100;

    private static readonly string[] Small =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
            "seventeen", "eighteen", "nineteen"];

    private static readonly string[] Tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    private static readonly string[] Ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"];

    private static readonly (string Word, int Scale)[] Scales = [("million", 1_000_000), ("thousand", 1_000), ("hundred", 100)];

    private static readonly string[] Parts = ["half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

    /// <summary>What a number is multiplied by where the word stands behind it, or null.</summary>
    public static Rational? Scale(string word) => word.ToLowerInvariant() switch
    {
        "dozen" => 12,
        "hundred" => 100,
        "thousand" => 1_000,
        "million" => 1_000_000,
        "billion" => 1_000_000_000,
        "trillion" => new Rational(10, 1).Power(12),
        _ => null,
    };

    /// <summary>The number that <paramref name="words"/> say, or null.</summary>
    public static Rational? Value(string words)
    {
        if (words.Length is < 3 or > LongestNumber)
            return null;
        var parts = words.ToLowerInvariant().Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries);
        if (parts is ["minus" or "negative", .. var rest] && Whole(rest) is { } below)
            return -below;
        if (parts is [var place] && Array.IndexOf(Ordinals, place) is >= 0 and var index)
            return index + 1;
        return Whole(parts) is { } whole ? whole : parts is [var count, var part] ? Fraction(count, part) : null;
    }

    /// <summary>Whether a number in words goes on behind "and": three hundred and five.</summary>
    public static bool GoesOn(string before, string behind)
        => Array.Exists(Scales, s => before.EndsWith(s.Word, StringComparison.OrdinalIgnoreCase))
            && (Array.IndexOf(Small, behind.ToLowerInvariant()) > 0 || Array.IndexOf(Tens, behind.ToLowerInvariant()) >= 0);

    // two thousand three hundred and five: what stands before the largest scale is counted in it, and what stands behind is less.
    private static int? Whole(ReadOnlySpan<string> words)
    {
        foreach (var (word, scale) in Scales)
        {
            if (words.IndexOf(word) is not (>= 0 and var at))
                continue;
            var count = at == 0 ? 1 : Whole(words[..at]);
            var rest = words[(at + 1)..];
            rest = rest is ["and", .. var behind] ? behind : rest;
            var below = rest.IsEmpty ? 0 : Whole(rest);
            var isBelow = rest.IsEmpty || (below > 0 && below < scale);
            return isBelow && count > 0 && count < (scale == 100 ? 10 : 1_000) ? (count * scale) + below : null;
        }
        return BelowHundred(words);
    }

    private static int? BelowHundred(ReadOnlySpan<string> words)
    {
        if (words is [var only])
            return Array.IndexOf(Small, only) is >= 0 and var value ? value : Array.IndexOf(Tens, only) is >= 0 and var ten ? (ten + 2) * 10 : null;
        return words is [var first, var second] && Array.IndexOf(Tens, first) is >= 0 and var tens && Array.IndexOf(Small, second) is >= 1 and <= 9 and var units
            ? ((tens + 2) * 10) + units
            : null;
    }

    private static Rational? Fraction(string count, string part)
    {
        var top = Array.IndexOf(Small, count);
        var bottom = Array.IndexOf(Parts, part == "halves" ? "half" : top == 1 ? part : part.TrimEnd('s'));
        return top >= 1 && bottom >= 0 ? new Rational(top, bottom + 2) : null;
    }
}
