using System.Globalization;
using System.Text.RegularExpressions;

namespace GenPrm.Core.Rationales;

/// <summary>Reads the index inside the judge's box: a whole number, bare or as judges dress it (<c>\text{Paragraph 2}</c>, <c>paragraph_2</c>).</summary>
internal static partial class JudgeIndex
{
    public static int? Parse(string boxed)
    {
        var match = Dressed().Match(boxed);
        return match.Success && int.TryParse(match.Groups["index"].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index) ? index : null;
    }

    [GeneratedRegex(@"^\s*(?:\\text\s*\{)?\s*(?:[Pp]aragraph[\s\\_]*)?(?<index>-?\s?\d{1,6})\s*\}?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Dressed();
}
