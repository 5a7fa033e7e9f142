using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace GenPrm.Core.Equality;

/// <summary>Decides whether two answers are the same answer (method, section 9). Pure, thread-safe, symmetric.</summary>
public static partial class Answers
{
    /// <summary>Stands beside every stored verdict. It grows whenever some verdict may have changed.</summary>
    public const int CheckerVersion = 1;

    /// <summary>Compares two answers written in LaTeX or plain text.</summary>
    /// <param name="gold">The reference answer.</param>
    /// <param name="prediction">The answer to judge.</param>
    public static Comparison Compare(string gold, string prediction)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(prediction);
        var (left, right) = (Plain(gold), Plain(prediction));
        if (left.Length == 0 || right.Length == 0)
            return new Comparison(Verdict.Different, "no answer");
        if (left == right)
            return new Comparison(Verdict.Equal, "same text");
        if (Number(left) is not { } a || Number(right) is not { } b)
            return new Comparison(Verdict.Unknown, "not parsed: not a plain number");
        return a.Top * b.Bottom == b.Top * a.Bottom
            ? new Comparison(Verdict.Equal, "same value")
            : new Comparison(Verdict.Different, "other value");
    }

    private static string Plain(string answer)
        => Noise().Replace(answer, "").Replace(@"\dfrac", @"\frac", StringComparison.Ordinal).Replace(@"\tfrac", @"\frac", StringComparison.Ordinal).TrimEnd('.');

    private static (BigInteger Top, BigInteger Bottom)? Number(string text)
    {
        var fraction = Fraction().Match(text);
        if (fraction.Success)
        {
            var top = BigInteger.Parse(fraction.Groups["sign"].Value + fraction.Groups["top"].Value, CultureInfo.InvariantCulture);
            var bottom = BigInteger.Parse(fraction.Groups["bottom"].Value, CultureInfo.InvariantCulture);
            return bottom.IsZero ? null : (top, bottom);
        }
        var number = Decimal().Match(text);
        if (!number.Success)
            return null;
        var digits = number.Groups["fraction"].Value;
        var value = BigInteger.Parse(number.Groups["whole"].Value.Replace(",", "", StringComparison.Ordinal) + digits, CultureInfo.InvariantCulture);
        return (value, BigInteger.Pow(10, digits.Length));
    }

    [GeneratedRegex(@"[\s$]|\\[,!;: ]|\\left|\\right")]
    private static partial Regex Noise();

    [GeneratedRegex(@"^(?<sign>-?)(?:\\frac\{(?<top>\d{1,400})\}\{(?<bottom>\d{1,400})\}|(?<top>\d{1,400})/(?<bottom>\d{1,400}))$")]
    private static partial Regex Fraction();

    [GeneratedRegex(@"^(?<whole>-?\d{1,400}|-?\d{1,3}(?:,\d{3}){1,40})(?:\.(?<fraction>\d{0,400}))?$")]
    private static partial Regex Decimal();
}
