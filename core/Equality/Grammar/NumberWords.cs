namespace GenPrm.Core.Equality.Grammar;

/// <summary>Numbers in words, from zero to ninety-nine, and a hundred.</summary>
internal static class NumberWords
{
    private static readonly string[] Small =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
            "seventeen", "eighteen", "nineteen"];

    private static readonly string[] Tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    /// <summary>The number that <paramref name="words"/> say, or null.</summary>
    public static int? Value(string words)
    {
        if (words.Length is < 3 or > 17)
            return null;
        var parts = words.ToLowerInvariant().Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 0 or > 2)
            return null;
        if (parts is ["hundred"] or ["one", "hundred"])
            return 100;
        var small = Array.IndexOf(Small, parts[^1]);
        if (parts.Length == 1 && small >= 0)
            return small;
        var tens = Array.IndexOf(Tens, parts[0]);
        if (tens < 0)
            return null;
        return parts.Length == 1 ? (tens + 2) * 10 : small is >= 1 and <= 9 ? ((tens + 2) * 10) + small : null;
    }
}
