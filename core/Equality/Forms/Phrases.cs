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

    private static readonly FrozenDictionary<string, string> Opposites = Both(
        "left right|north south|n s|east west|e w|up down|upward downward|upwards downwards|above below|profit loss|gain loss|win loss|wins losses|won lost|increase decrease|clockwise counterclockwise|clockwise anticlockwise|" +
        "forward backward|forwards backwards|before after|inside outside|early late|ahead behind|celsius fahrenheit|more less|more fewer|deep high");

    /// <summary>Whether two remarks on a number say opposite things: 5 m to the left is not 5 m to the right.</summary>
    public static bool AreOpposite(string first, string second)
    {
        var words = second.ToLowerInvariant().Split(' ');
        return Array.Exists(first.ToLowerInvariant().Split(' '), w => Opposites.TryGetValue(w, out var opposites) && Array.Exists(opposites.Split(' '), o => words.Contains(o)));
    }

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
        // Choice D
        if (plain.Length == 7 && char.IsAsciiLetter(plain[6]) && plain.ToString() is var choice && (choice.StartsWith("choice", StringComparison.Ordinal) || choice.StartsWith("option", StringComparison.Ordinal)))
            return choice[6..];
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

    private static FrozenDictionary<string, string> Both(string pairs)
        => pairs.Split('|').Select(p => p.Split(' ')).SelectMany(p => ((string Word, string Other)[])[(p[0], p[1]), (p[1], p[0])])
            .GroupBy(p => p.Word, p => p.Other).ToFrozenDictionary(g => g.Key, g => string.Join(' ', g), StringComparer.Ordinal);

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
