using System.Globalization;
using System.Text;

namespace GenPrm.Model.Chat.Jinja;

/// <summary>Python's rules for truth, equality, order, length, iteration and printing, as far as templates meet them.</summary>
internal static class Python
{
    private const int DeepestPrinting = 64;

    public static bool IsTrue(object? value) => value switch
    {
        null or JinjaUndefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        JinjaList list => list.Items.Count > 0,
        JinjaDictionary dictionary => dictionary.Count > 0,
        _ => true,
    };

    public static bool AreEqual(object? left, object? right) => AreEqual(left, right, 0);

    /// <summary>Below, equal or above 0; numbers, strings and lists have an order.</summary>
    public static int Compare(object? left, object? right)
    {
        if (Number(left) is { } a && Number(right) is { } b)
            return left is double || right is double ? a.CompareTo(b) : Whole(left)!.Value.CompareTo(Whole(right)!.Value);
        if (left is string one && right is string other)
            return CompareText(one, other);
        if (left is JinjaList first && right is JinjaList second && first.IsTuple == second.IsTuple)
        {
            for (var index = 0; index < Math.Min(first.Items.Count, second.Items.Count); index++)
            {
                if (!AreEqual(first.Items[index], second.Items[index]))
                    return Compare(first.Items[index], second.Items[index]);
            }

            return first.Items.Count.CompareTo(second.Items.Count);
        }

        throw new JinjaException($"{Kind(left)} and {Kind(right)} have no order");
    }

    /// <summary>Null for what is not a number.</summary>
    public static double? Number(object? value) => value switch
    {
        long number => number,
        double number => number,
        bool flag => flag ? 1 : 0,
        _ => null,
    };

    /// <summary>Null for what is not a whole number.</summary>
    public static long? Whole(object? value) => value switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        _ => null,
    };

    public static long Length(object? value) => value switch
    {
        string text => CodePoints(text),
        JinjaList list => list.Items.Count,
        JinjaDictionary dictionary => dictionary.Count,
        JinjaUndefined => 0,
        _ => throw new JinjaException($"{Kind(value)} has no length"),
    };

    public static IEnumerable<object?> Iterate(object? value) => value switch
    {
        string text => text.EnumerateRunes().Select(rune => (object?)rune.ToString()),
        JinjaList list => list.Items,
        JinjaDictionary dictionary => dictionary.Keys,
        JinjaUndefined => [],
        _ => throw new JinjaException($"{Kind(value)} has no items"),
    };

    public static bool Contains(object? container, object? item) => container switch
    {
        string text => item is string part
            ? text.Contains(part, StringComparison.Ordinal)
            : throw new JinjaException($"'in' a string wants a string, not {Kind(item)}"),
        JinjaDictionary dictionary => item is string key && dictionary.TryGet(key, out _),
        _ => Iterate(container).Any(other => AreEqual(other, item)),
    };

    public static int CodePoints(string text)
    {
        var count = text.Length;
        for (var place = 1; place < text.Length; place++)
            count -= char.IsSurrogatePair(text[place - 1], text[place]) ? 1 : 0;
        return count;
    }

    /// <summary>What <c>{{ value }}</c> writes.</summary>
    public static string Text(object? value) => value switch
    {
        string text => text,
        JinjaUndefined => "",
        _ => Printed(value),
    };

    /// <summary>How a value shows itself inside a list or dictionary.</summary>
    public static string Printed(object? value)
    {
        var text = new StringBuilder();
        Print(value, text, 0);
        return text.ToString();
    }

    public static string Kind(object? value) => value switch
    {
        null => "None",
        bool => "a bool",
        long => "an int",
        double => "a float",
        string => "a string",
        JinjaList list => list.IsTuple ? "a tuple" : "a list",
        JinjaDictionary => "a dictionary",
        JinjaNamespace => "a namespace",
        JinjaUndefined undefined => $"{undefined.What}, which is undefined,",
        JinjaFunction function => $"the function {function.Name}",
        _ => "a value",
    };

    /// <summary>The shortest digits that give the number again, in Python's form.</summary>
    public static string FloatText(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        var parts = value.ToString("E16", CultureInfo.InvariantCulture).Split('E');
        var exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
        if (value == 0 || exponent is >= -4 and < 16)
        {
            var shortest = value.ToString("R", CultureInfo.InvariantCulture);
            var plain = shortest.Contains('E', StringComparison.Ordinal)
                ? decimal.Parse(shortest, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
                : shortest;
            return plain.Contains('.', StringComparison.Ordinal) ? plain : plain + ".0";
        }

        var digits = string.Concat(value.ToString("R", CultureInfo.InvariantCulture).Split('E')[0].Where(char.IsAsciiDigit)).Trim('0');
        return $"{(value < 0 ? "-" : "")}{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    private static bool AreEqual(object? left, object? right, int depth)
    {
        if (depth > DeepestPrinting)
            throw new JinjaException("values are too deep to compare");
        return (left, right) switch
        {
            (null, null) => true,
            (JinjaUndefined, JinjaUndefined) => true,
            (string one, string other) => one == other,
            (JinjaList one, JinjaList other) => one.IsTuple == other.IsTuple && one.Items.Count == other.Items.Count
                && one.Items.Zip(other.Items).All(pair => AreEqual(pair.First, pair.Second, depth + 1)),
            (JinjaDictionary one, JinjaDictionary other) => one.Count == other.Count
                && one.Keys.All(key => one.TryGet(key, out var a) && other.TryGet(key, out var b) && AreEqual(a, b, depth + 1)),
            _ => Number(left) is { } a && Number(right) is { } b ? Compare(left, right) == 0 && a.Equals(b) : ReferenceEquals(left, right),
        };
    }

    /// <summary>By code point: UTF-16 units order some characters otherwise.</summary>
    private static int CompareText(string one, string other)
    {
        using var first = one.EnumerateRunes().GetEnumerator();
        using var second = other.EnumerateRunes().GetEnumerator();
        while (true)
        {
            var (more, others) = (first.MoveNext(), second.MoveNext());
            if (!more || !others)
                return more.CompareTo(others);
            if (first.Current != second.Current)
                return first.Current.CompareTo(second.Current);
        }
    }

    private static void Print(object? value, StringBuilder text, int depth)
    {
        if (depth > DeepestPrinting)
            throw new JinjaException("a value is too deep to print");
        switch (value)
        {
            case null:
                text.Append("None");
                break;
            case bool flag:
                text.Append(flag ? "True" : "False");
                break;
            case long number:
                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                text.Append(FloatText(number));
                break;
            case string own:
                Quote(own, text);
                break;
            case JinjaUndefined:
                text.Append("Undefined");
                break;
            case JinjaList list:
                text.Append(list.IsTuple ? '(' : '[');
                for (var index = 0; index < list.Items.Count; index++)
                {
                    text.Append(index > 0 ? ", " : "");
                    Print(list.Items[index], text, depth + 1);
                }

                text.Append(list.IsTuple && list.Items.Count == 1 ? "," : "").Append(list.IsTuple ? ')' : ']');
                break;
            case JinjaDictionary dictionary:
                var separator = "{";
                foreach (var key in dictionary.Keys)
                {
                    text.Append(separator);
                    separator = ", ";
                    Quote(key, text);
                    text.Append(": ");
                    dictionary.TryGet(key, out var item);
                    Print(item, text, depth + 1);
                }

                text.Append(dictionary.Count == 0 ? "{}" : "}");
                break;
            default:
                throw new JinjaException($"{Kind(value)} can not be printed");
        }
    }

    private static void Quote(string own, StringBuilder text)
    {
        var quote = own.Contains('\'', StringComparison.Ordinal) && !own.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (var rune in own.EnumerateRunes())
        {
            text.Append(rune.Value switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when rune.Value == quote => "\\" + quote,
                < 0x20 or 0x7F => $"\\x{rune.Value:x2}",
                _ when IsPrintable(rune) => rune.ToString(),
                < 0x100 => $"\\x{rune.Value:x2}",
                < 0x10000 => $"\\u{rune.Value:x4}",
                _ => $"\\U{rune.Value:x8}",
            });
        }

        text.Append(quote);
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && (Rune.GetUnicodeCategory(rune) != UnicodeCategory.SpaceSeparator || rune.Value == ' ');
}
