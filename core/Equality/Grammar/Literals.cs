using System.Globalization;
using System.Numerics;
using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Grammar;

/// <summary>Numbers as they are written: thousands in every spelling, decimals, repeating decimals, powers of ten, other bases.</summary>
internal static class Literals
{
    // What may stand between groups of three digits. The bare comma is tried apart, as it also separates items.
    private static readonly string[] GroupSeparators = ["{,}", @",\!", @", \!", @"\,", @"\ ", @"\!,", @",\,", @"{\,}", @"{,}\!", @"\;", @"\:", "~", " "];

    /// <summary>A number that was read.</summary>
    /// <param name="Value">Its value.</param>
    /// <param name="Digits">Significant digits if it has a decimal point, else 0.</param>
    /// <param name="End">Where it ends.</param>
    /// <param name="IsPlain">Whether it is nothing but digits.</param>
    /// <param name="IsAmbiguous">Whether a comma in or after it could be read in two ways.</param>
    public readonly record struct Literal(Rational Value, int Digits, int End, bool IsPlain, bool IsAmbiguous);

    /// <summary>Reads the number at <paramref name="at"/>, a digit or a point before one.</summary>
    public static Literal Read(string text, int at, int end, bool grouped, Budget budget)
    {
        var start = at;
        at = AfterDigits(text, at, end);
        var (whole, ambiguous) = (text[start..at], false);
        if (whole.Length is >= 1 and <= 3 && whole[0] != '0')
            (whole, at, ambiguous) = Groups(text, whole, at, end, grouped);
        var isPlain = at - start == whole.Length;
        var fraction = "";
        if (at < end && text[at] == '.' && at + 1 < end && char.IsAsciiDigit(text[at + 1]))
        {
            var from = at + 1;
            at = AfterDigits(text, from, end);
            fraction = text[from..at];
            // 0.123\,456 groups digits after the point as well.
            while (at + 5 <= end && text.AsSpan(at).StartsWith(@"\,") && GroupAt(text, at + 2, end))
            {
                fraction += text.Substring(at + 2, 3);
                at += 5;
            }
        }
        else if (at + 1 < end && text[at] == '.' && text[at + 1] is '\\' or '(' && RepeatingPart(text, at + 1, end).Length > 0)
        {
            at++;
        }
        var all = whole + fraction;
        if (all.Length > Budget.Bits / 4)
            throw new TooLargeException();
        budget.Spend(((long)all.Length * all.Length) + ((long)fraction.Length * fraction.Length) >> 12);
        var value = new Rational(BigInteger.Parse(all.Length == 0 ? "0" : all, CultureInfo.InvariantCulture), BigInteger.Pow(10, fraction.Length));
        if (!isPlain || at - start != whole.Length)
        {
            isPlain = false;
            var repeated = RepeatingPart(text, at, end);
            if (repeated.Length > 0 && (fraction.Length == 0 || text[at] != '('))
            {
                // 0.d…d(r…r) = 0.d…d + r…r / (10^d (10^r - 1))
                value += new Rational(BigInteger.Parse(repeated.Digits, CultureInfo.InvariantCulture), BigInteger.Pow(10, fraction.Length) * (BigInteger.Pow(10, repeated.Digits.Length) - 1));
                return new Literal(value, 0, at + repeated.Length, false, ambiguous);
            }
            if (fraction.Length >= 3 && Ellipsis(text, at, end) is > 0 and var dots)
                return new Literal(Continued(whole, fraction) ?? value, 0, at + dots, false, ambiguous);
        }
        if (Exponent(text, at, end, budget) is { } scientific)
            return new Literal(value * new Rational(10, 1).Power(scientific.Power), 0, scientific.End, false, ambiguous);
        var digits = fraction.Length == 0 ? 0 : all.TrimStart('0').Length;
        return new Literal(value, digits, at, isPlain, ambiguous);
    }

    /// <summary>Whether a repeating part of a decimal begins at <paramref name="at"/>.</summary>
    public static bool Repeats(string text, int at, int end) => text[at] == '\\' && RepeatingPart(text, at, end).Length > 0;

    /// <summary>The value of <paramref name="digits"/> in base <paramref name="radix"/>, or null where a digit is too large.</summary>
    public static Rational? InBase(string digits, int radix)
    {
        BigInteger value = 0;
        if (radix is < 2 or > 36 || digits.Length is 0 or > 2_000)
            return null;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetter(c) ? char.ToUpperInvariant(c) - 'A' + 10 : 99;
            if (digit >= radix)
                return null;
            value = (value * radix) + digit;
        }
        return value;
    }

    private static (string Whole, int At, bool Ambiguous) Groups(string text, string whole, int at, int end, bool grouped)
    {
        var ambiguous = false;
        while (at < end)
        {
            var after = at;
            foreach (var separator in GroupSeparators)
            {
                if (text.AsSpan(at, end - at).StartsWith(separator, StringComparison.Ordinal))
                {
                    var next = at + separator.Length;
                    while (separator.Length > 1 && next < end && text[next] == ' ')
                        next++;
                    if (GroupAt(text, next, end))
                    {
                        after = next;
                        break;
                    }
                }
            }
            if (after == at && text[at] == ',' && GroupAt(text, at + 1, end))
            {
                ambiguous = true;
                after = grouped ? at + 1 : at;
            }
            if (after == at)
                break;
            whole += text.Substring(after, 3);
            at = after + 3;
        }
        return (whole, at, ambiguous);
    }

    private static bool GroupAt(string text, int at, int end)
        => at + 3 <= end && char.IsAsciiDigit(text[at]) && char.IsAsciiDigit(text[at + 1]) && char.IsAsciiDigit(text[at + 2])
            && (at + 3 == end || !char.IsAsciiDigit(text[at + 3]));

    private static int AfterDigits(string text, int at, int end)
    {
        while (at < end && char.IsAsciiDigit(text[at]))
            at++;
        return at;
    }

    // \overline{27}, \bar{3}, \dot{3}, \overline3, and 0.(3) right behind the point: 0.1(6) may be a product.
    private static (string Digits, int Length) RepeatingPart(string text, int at, int end)
    {
        if (at < end && text[at] == '(')
        {
            var last = AfterDigits(text, at + 1, end);
            return last > at + 1 && last - at <= 500 && last < end && text[last] == ')' ? (text[(at + 1)..last], last + 1 - at) : ("", 0);
        }
        foreach (var command in (ReadOnlySpan<string>)[@"\overline", @"\bar", @"\dot"])
        {
            if (!text.AsSpan(at, end - at).StartsWith(command, StringComparison.Ordinal))
                continue;
            var from = at + command.Length;
            while (from < end && text[from] is ' ' or '{')
                from++;
            var to = AfterDigits(text, from, end);
            if (command == @"\dot" && to == from + 1 && Dotted(text, from, end) is { } dotted)
                return (dotted.Digits, dotted.End - at);
            if (to == from || to - from > 500)
                return ("", 0);
            var close = to < end && text[to] == '}' ? to + 1 : to;
            return (text[from..to], close - at);
        }
        return ("", 0);
    }

    // \dot{1}4285\dot{7}: the period stands between the dots.
    private static (string Digits, int End)? Dotted(string text, int from, int end)
    {
        var middle = from + 1 < end && text[from + 1] == '}' ? from + 2 : from + 1;
        var to = AfterDigits(text, middle, end);
        if (to - middle > 500 || !text.AsSpan(to, end - to).StartsWith(@"\dot", StringComparison.Ordinal))
            return null;
        var last = to + 4;
        while (last < end && text[last] is ' ' or '{')
            last++;
        if (last >= end || !char.IsAsciiDigit(text[last]))
            return null;
        return (text[from] + text[middle..to] + text[last], last + 1 < end && text[last + 1] == '}' ? last + 2 : last + 1);
    }

    private static int Ellipsis(string text, int at, int end)
    {
        foreach (var dots in (ReadOnlySpan<string>)["...", @"\ldots", @"\dots", @"\cdots"])
        {
            if (text.AsSpan(at, end - at).StartsWith(dots, StringComparison.Ordinal))
                return dots.Length;
        }
        return 0;
    }

    // 0.1666… goes on as its end does: the shortest period that stands there at least twice and fills three digits.
    private static Rational? Continued(string whole, string fraction)
    {
        for (var period = 1; period <= fraction.Length / 2; period++)
        {
            var same = 0;
            while (same < fraction.Length - period && fraction[^(1 + same)] == fraction[^(1 + same + period)])
                same++;
            if (same < period || same + period < 3)
                continue;
            var head = fraction[..^period];
            var tail = fraction[^period..];
            return new Rational(BigInteger.Parse((whole.Length == 0 ? "0" : whole) + head, CultureInfo.InvariantCulture), BigInteger.Pow(10, head.Length))
                + new Rational(BigInteger.Parse(tail, CultureInfo.InvariantCulture), BigInteger.Pow(10, head.Length) * (BigInteger.Pow(10, period) - 1));
        }
        return null;
    }

    // 3.54e-07; 2e^{x} is Euler's number.
    private static (int Power, int End)? Exponent(string text, int at, int end, Budget budget)
    {
        if (at + 1 >= end || text[at] is not ('e' or 'E'))
            return null;
        var from = text[at + 1] is '+' or '-' ? at + 2 : at + 1;
        var to = AfterDigits(text, from, end);
        if (to == from || (to < end && (text[to] is '^' or '_' || char.IsAsciiLetter(text[to]) || (text[to] == '.' && to + 1 < end && char.IsAsciiDigit(text[to + 1])))))
            return null;
        var power = to - from > 5 ? Budget.Bits : int.Parse(text.AsSpan(from, to - from), CultureInfo.InvariantCulture);
        if (power > Budget.Bits / 4)
            throw new TooLargeException();
        budget.Spend((long)power * power >> 15);
        return (text[at + 1] == '-' ? -power : power, to);
    }
}
