using System.Collections.Frozen;
using System.Text;

namespace GenPrm.Core.Equality.Forms;

/// <summary>Words as answers.</summary>
internal static class Phrases
{
    private static readonly FrozenSet<string> Nothing = new[]
    {
        "nosolution", "nosolutions", "norealsolution", "norealsolutions", "nointegersolution", "nointegersolutions", "therearenosolutions", "thereisnosolution", "therearenorealsolutions",
        "emptyset", "theemptyset", "nosuchsolution", "nosolutionexists", "nosolutionsexist",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Everything = new[] { "allreals", "allrealnumbers", "allrealnumber", "allreal", "therealnumbers", "realnumbers", "thesetofallrealnumbers", "everyrealnumber", "anyrealnumber" }
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Letters in lower case and digits, with the points, commas and colons between digits.</summary>
    public static string Normal(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isInner = text[i] is '.' or '/' or ',' or ':' && i > 0 && i + 1 < text.Length && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1]);
            if (char.IsLetterOrDigit(text[i]) || isInner)
                plain.Append(char.ToLowerInvariant(text[i]));
        }
        return plain.ToString();
    }

    /// <summary>Whether the words say that there is none.</summary>
    public static bool IsNothing(string normal) => Nothing.Contains(normal);

    /// <summary>Whether both say that there is none, or both every real number.</summary>
    public static bool AreAlike(string first, string second) => (IsNothing(first) && IsNothing(second)) || (IsEverything(first) && IsEverything(second));

    /// <summary>Whether the words say every real number.</summary>
    public static bool IsEverything(string normal) => Everything.Contains(normal);
}
