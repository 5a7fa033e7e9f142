using System.Collections.Frozen;
using System.Text;

namespace GenPrm.Core.Equality.Forms;

/// <summary>Words as answers.</summary>
internal static class Phrases
{
    private static readonly FrozenSet<string> Nothing = new[]
    {
        "nosolution", "nosolutions", "norealsolution", "norealsolutions", "nointegersolution", "nointegersolutions", "therearenosolutions", "thereisnosolution", "therearenorealsolutions",
        "emptyset", "none", "nosolutionexists", "nosolutionsexist",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Everything = new[] { "allreals", "allrealnumbers", "allrealnumber", "allreal", "realnumbers", "setofallrealnumbers", "everyrealnumber", "anyrealnumber" }
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Undefined = new[] { "undefined", "notdefined", "doesnotexist", "dne", "limitdoesnotexist" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Endless = new[] { "infinitelymany", "infinitelymanysolutions", "thereareinfinitelymany", "thereareinfinitelymanysolutions" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Letters in lower case and digits, with the points, commas and colons between digits, and without a leading article.</summary>
    public static string Normal(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = Article(text); i < text.Length; i++)
        {
            var isInner = text[i] is '.' or '/' or ',' or ':' && i > 0 && i + 1 < text.Length && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1]);
            if (char.IsLetterOrDigit(text[i]) || isInner)
                plain.Append(char.ToLowerInvariant(text[i]));
        }
        return plain.ToString();
    }

    /// <summary>Whether the words say that there is none.</summary>
    public static bool IsNothing(string normal) => Nothing.Contains(normal) || normal.StartsWith("nosuch", StringComparison.Ordinal)
        || (normal.Contains("solution", StringComparison.Ordinal) && (normal.StartsWith("thereareno", StringComparison.Ordinal) || normal.StartsWith("thereisno", StringComparison.Ordinal)));

    /// <summary>Whether the words say that there is no value.</summary>
    public static bool IsUndefined(string normal) => Undefined.Contains(normal);

    /// <summary>Whether both say that there is none, or every real number, or no value, or infinitely many.</summary>
    public static bool AreAlike(string first, string second) => (IsNothing(first) && IsNothing(second)) || (IsEverything(first) && IsEverything(second))
        || (IsUndefined(first) && IsUndefined(second)) || (Endless.Contains(first) && Endless.Contains(second));

    /// <summary>Whether the words say every real number.</summary>
    public static bool IsEverything(string normal) => Everything.Contains(normal);

    // The length of "a ", "an " or "the " before a word.
    private static int Article(string text)
    {
        var start = text.Length - text.AsSpan().TrimStart().Length;
        foreach (var article in (ReadOnlySpan<string>)["a ", "an ", "the "])
        {
            if (text.AsSpan(start).StartsWith(article, StringComparison.OrdinalIgnoreCase) && text.Length - start - article.Length > 2)
                return start + article.Length;
        }
        return 0;
    }
}
