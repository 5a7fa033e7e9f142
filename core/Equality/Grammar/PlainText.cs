using System.Globalization;
using System.Text;

namespace GenPrm.Core.Equality.Grammar;

/// <summary>Writes Unicode as the LaTeX it stands for: √ and ² and full-width digits.</summary>
internal static class PlainText
{
    // Looking back over longer runs would cost the square of their length.
    private const int LongestScript = 12;

    /// <summary><paramref name="text"/> in ASCII as far as the grammar knows its characters.</summary>
    public static string Of(string text)
    {
        if (System.Text.Ascii.IsValid(text))
            return text;
        var plain = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            // Full-width forms of ASCII; minus and digits as superscripts run together.
            if (c is >= '！' and <= '～')
                plain.Append((char)(c - 0xFEE0));
            else if (c == '⁻' && i + 1 < text.Length && Vocabulary.Characters.TryGetValue(text[i + 1], out var power) && power.StartsWith("^{", StringComparison.Ordinal))
            {
                plain.Append("^{-").Append(power.AsSpan(2));
                i++;
            }
            else if (Vocabulary.Characters.TryGetValue(c, out var spelling))
                Append(plain, spelling);
            else if (char.IsWhiteSpace(c) || Vocabulary.Dropped.Contains(c) || c is '\u200b' or '\ufeff' or '\u2061' or '\u2062')
                plain.Append(' ');
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && Styled(char.IsLowSurrogate(text[i + 1]) ? char.ConvertToUtf32(c, text[i + 1]) : 0) is { } styled)
            {
                plain.Append(styled);
                i++;
            }
            else if (CharUnicodeInfo.GetDecimalDigitValue(c) is >= 0 and var digit)
                plain.Append(digit);
            else
                plain.Append(c);
        }
        return plain.ToString();
    }

    // 𝟏, 𝑥, 𝐁: digits come in five styles, letters in thirteen, each from A to z.
    private static char? Styled(int rune) => rune switch
    {
        >= 0x1D7CE and <= 0x1D7FF => (char)('0' + ((rune - 0x1D7CE) % 10)),
        >= 0x1D400 and <= 0x1D6A3 => (rune - 0x1D400) % 52 is < 26 and var upper ? (char)('A' + upper) : (char)('a' + ((rune - 0x1D400) % 52) - 26),
        _ => null,
    };

    // Superscript digits in a row are one exponent: x¹² is x^{12}.
    private static void Append(StringBuilder plain, string spelling)
    {
        if (spelling.Length == 4 && spelling[0] is '^' or '_' && plain.Length >= 4 && plain[^1] == '}' && char.IsAsciiDigit(plain[^2]) && IsRun(plain, spelling[0]))
            plain.Insert(plain.Length - 1, spelling[2]);
        else
            plain.Append(spelling);
    }

    private static bool IsRun(StringBuilder plain, char kind)
    {
        var i = plain.Length - 2;
        while (i >= Math.Max(0, plain.Length - LongestScript) && (char.IsAsciiDigit(plain[i]) || plain[i] == '-'))
            i--;
        return i >= 1 && plain[i] == '{' && plain[i - 1] == kind;
    }
}
