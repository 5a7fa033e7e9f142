using System.Globalization;
using System.Text;

namespace GenPrm.Model.Chat.Jinja;

/// <summary>The methods of Python's strings, dictionaries and lists that templates call.</summary>
internal static class PythonText
{
    /// <summary>A method bound to its value, or null if there is none of that name.</summary>
    public static JinjaFunction? Method(object? value, string name, JinjaBudget budget)
    {
        Func<JinjaCall, object?>? body = value switch
        {
            string text => OfText(text, name, budget),
            JinjaDictionary dictionary => OfDictionary(dictionary, name),
            JinjaList list => OfList(list, name),
            _ => null,
        };
        return body is null ? null : new JinjaFunction(name, body);
    }

    public static string Strip(string text, string? characters, bool left = true, bool right = true)
    {
        var set = characters?.EnumerateRunes().ToHashSet();
        bool Goes(Rune rune) => set?.Contains(rune) ?? IsSpace(rune);
        var (start, end) = (0, text.Length);
        while (left && start < end && Rune.DecodeFromUtf16(text.AsSpan(start, end - start), out var rune, out var width) == 0 && Goes(rune))
            start += width;
        while (right && start < end && Rune.DecodeLastFromUtf16(text.AsSpan(start, end - start), out var rune, out var width) == 0 && Goes(rune))
            end -= width;
        return text[start..end];
    }

    /// <summary>Each run of letters begins with a capital and goes on in small letters.</summary>
    public static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        var inside = false;
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(inside ? Rune.ToLowerInvariant(rune) : Rune.ToUpperInvariant(rune));
            inside = Rune.IsLetter(rune);
        }

        return result.ToString();
    }

    public static string Capitalize(string text) => text.Length == 0 ? text : char.IsHighSurrogate(text[0])
        ? text.ToLowerInvariant()
        : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    public static string Replace(string text, string old, string with, long count, JinjaBudget budget)
    {
        if (count == 0)
            return text;
        if (old.Length == 0)
            throw new JinjaException("replace: replacing nothing by something is not known");
        var found = 0L;
        for (var place = text.IndexOf(old, StringComparison.Ordinal); place >= 0 && found != count; place = text.IndexOf(old, place + old.Length, StringComparison.Ordinal))
            found++;
        budget.Produce(text.Length + (found * (with.Length - old.Length)));
        if (count < 0)
            return text.Replace(old, with, StringComparison.Ordinal);
        var parts = text.Split(old, (int)Math.Min(int.MaxValue, count + 1));
        return string.Join(with, parts);
    }

    private static Func<JinjaCall, object?>? OfText(string text, string name, JinjaBudget budget) => name switch
    {
        "strip" => call => Strip(text, call.Only("chars").OptionalText(0, "chars")),
        "lstrip" => call => Strip(text, call.Only("chars").OptionalText(0, "chars"), right: false),
        "rstrip" => call => Strip(text, call.Only("chars").OptionalText(0, "chars"), left: false),
        "upper" => call => call.Only() is var _ ? text.ToUpperInvariant() : null,
        "lower" => call => call.Only() is var _ ? text.ToLowerInvariant() : null,
        "title" => call => call.Only() is var _ ? Title(text) : null,
        "capitalize" => call => call.Only() is var _ ? Capitalize(text) : null,
        "startswith" => call => AnyOf(call.Only("prefix"), "prefix", part => text.StartsWith(part, StringComparison.Ordinal)),
        "endswith" => call => AnyOf(call.Only("suffix"), "suffix", part => text.EndsWith(part, StringComparison.Ordinal)),
        "removeprefix" => call => call.Only("prefix").Text(0, "prefix") is var part && text.StartsWith(part, StringComparison.Ordinal) ? text[part.Length..] : text,
        "removesuffix" => call => call.Only("suffix").Text(0, "suffix") is { Length: > 0 } part && text.EndsWith(part, StringComparison.Ordinal) ? text[..^part.Length] : text,
        "replace" => call => Replace(text, call.Only("old", "new", "count").Text(0, "old"), call.Text(1, "new"), call.Whole(2, "count", -1), budget),
        "split" => call => Split(text, call.Only("sep", "maxsplit"), fromRight: false),
        "rsplit" => call => Split(text, call.Only("sep", "maxsplit"), fromRight: true),
        "splitlines" => call => call.Only() is var _ ? SplitLines(text) : null,
        "join" => call => Join(text, call.Only("iterable").Required(0, "iterable"), budget),
        "find" => call => Index(text, text.IndexOf(call.Only("sub").Text(0, "sub"), StringComparison.Ordinal)),
        "rfind" => call => Index(text, text.LastIndexOf(call.Only("sub").Text(0, "sub"), StringComparison.Ordinal)),
        "index" => call => Index(text, text.IndexOf(call.Only("sub").Text(0, "sub"), StringComparison.Ordinal)) is >= 0 and var at ? at : throw new JinjaException("index: the text is not there"),
        "count" => call => call.Only("sub").Text(0, "sub") is { Length: > 0 } part ? (long)text.AsSpan().Count(part) : (long)Python.CodePoints(text) + 1,
        "isdigit" => call => call.Only() is var _ && text.Length > 0 && text.EnumerateRunes().All(rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber),
        "isalpha" => call => call.Only() is var _ && text.Length > 0 && text.EnumerateRunes().All(Rune.IsLetter),
        "isspace" => call => call.Only() is var _ && text.Length > 0 && text.EnumerateRunes().All(IsSpace),
        "islower" => call => call.Only() is var _ && text.Any(char.IsLower) && !text.Any(char.IsUpper),
        "isupper" => call => call.Only() is var _ && text.Any(char.IsUpper) && !text.Any(char.IsLower),
        _ => null,
    };

    private static Func<JinjaCall, object?>? OfDictionary(JinjaDictionary dictionary, string name) => name switch
    {
        "items" => call => call.Only() is var _ ? Items(dictionary) : null,
        "keys" => call => call.Only() is var _ ? new JinjaList([.. dictionary.Keys]) : null,
        "values" => call => call.Only() is var _ ? new JinjaList([.. dictionary.Values]) : null,
        "get" => call => call.Only("key", "default").Required(0, "key") is string key && dictionary.TryGet(key, out var value) ? value : call.Get(1, "default"),
        _ => null,
    };

    private static Func<JinjaCall, object?>? OfList(JinjaList list, string name) => name switch
    {
        "index" => call => list.Items.Select((item, at) => (item, at)).Where(pair => Python.AreEqual(pair.item, call.Only("value").Required(0, "value")))
            .Select(pair => (long?)pair.at).FirstOrDefault() ?? throw new JinjaException("index: the item is not there"),
        "count" => call => (long)list.Items.Count(item => Python.AreEqual(item, call.Only("value").Required(0, "value"))),
        "append" or "extend" or "insert" or "pop" or "remove" or "sort" or "reverse" or "clear" =>
            _ => throw new JinjaException($"{name} changes a list, which the sandbox of chat templates forbids"),
        _ => null,
    };

    /// <summary>A dictionary's pairs, as tuples.</summary>
    public static JinjaList Items(JinjaDictionary dictionary) =>
        new([.. dictionary.Keys.Select(key => (object?)new JinjaList([key, dictionary.TryGet(key, out var value) ? value : null], isTuple: true))]);

    public static string Join(string separator, object? items, JinjaBudget budget)
    {
        var text = new StringBuilder();
        var first = true;
        foreach (var item in Python.Iterate(items))
        {
            var part = item as string ?? throw new JinjaException($"join: {Python.Kind(item)} is no string");
            budget.Produce(part.Length + separator.Length);
            text.Append(first ? "" : separator).Append(part);
            first = false;
        }

        return text.ToString();
    }

    private static bool AnyOf(JinjaCall call, string name, Func<string, bool> holds) => call.Required(0, name) switch
    {
        string part => holds(part),
        JinjaList { IsTuple: true } parts => parts.Items.Any(part => holds(part as string ?? throw new JinjaException($"{call.Name}: {Python.Kind(part)} is no string"))),
        var other => throw new JinjaException($"{call.Name} wants a string or a tuple of strings, not {Python.Kind(other)}"),
    };

    private static JinjaList Split(string text, JinjaCall call, bool fromRight)
    {
        var most = call.Whole(1, "maxsplit", -1);
        var limit = most < 0 || most > int.MaxValue - 1 ? int.MaxValue : (int)most;
        var parts = new List<string>();
        if (call.OptionalText(0, "sep") is { } separator)
        {
            if (separator.Length == 0)
                throw new JinjaException($"{call.Name}: the separator is empty");
            if (!fromRight)
                return new JinjaList([.. text.Split(separator, limit == int.MaxValue ? limit : limit + 1)]);
            for (int at; parts.Count < limit && (at = text.LastIndexOf(separator, StringComparison.Ordinal)) >= 0; text = text[..at])
                parts.Add(text[(at + separator.Length)..]);
            parts.Add(text);
            parts.Reverse();
            return new JinjaList([.. parts]);
        }

        if (fromRight && limit != int.MaxValue)
            throw new JinjaException("rsplit at white space with a limit is not known");
        for (var rest = Strip(text, null, right: false); rest.Length > 0;)
        {
            var end = parts.Count == limit ? rest.Length : 0;
            while (end < rest.Length && Rune.DecodeFromUtf16(rest.AsSpan(end), out var rune, out var width) == 0 && !IsSpace(rune))
                end += width;
            parts.Add(rest[..end]);
            rest = Strip(rest[end..], null, right: false);
        }

        return new JinjaList([.. parts]);
    }

    private static JinjaList SplitLines(string text)
    {
        var lines = text.Split(["\r\n", "\n", "\r", "\v", "\f", "\u001C", "\u001D", "\u001E", "\u0085", "\u2028", "\u2029"], StringSplitOptions.None);
        return new JinjaList([.. lines[^1].Length == 0 ? lines[..^1] : lines]);
    }

    private static long Index(string text, int unit) => unit <= 0 ? unit : Python.CodePoints(text[..unit]);

    private static bool IsSpace(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F;
}
