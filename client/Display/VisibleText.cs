using System.Globalization;
using System.Text;

namespace GenPrm.Client.Display;

/// <summary>Text of models and of files on a terminal: what would move its cursor, colour it or turn its lines round is shown as an escape.</summary>
internal static class VisibleText
{
    public static string Of(string text)
    {
        if (!text.Any(IsHidden))
            return text;
        var shown = new StringBuilder(text.Length + 16);
        foreach (char character in text)
        {
            if (IsHidden(character))
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else
                shown.Append(character);
        }

        return shown.ToString();
    }

    /// <summary>Control characters but for line breaks and tabs, and those that turn the direction of writing.</summary>
    private static bool IsHidden(char character) => character is not ('\n' or '\t')
        && (char.IsControl(character) || character is '\u200e' or '\u200f' or '\u061c' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
}
