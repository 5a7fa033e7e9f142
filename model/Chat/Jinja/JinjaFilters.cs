using System.Globalization;

namespace GenPrm.Model.Chat.Jinja;

/// <summary>What may stand after <c>|</c>.</summary>
internal static class JinjaFilters
{
    public static object? Apply(string name, object? value, JinjaCall call, JinjaInterpreter interpreter) => name switch
    {
        "trim" => PythonText.Strip(Python.Text(value), call.Only("chars").OptionalText(0, "chars")),
        "upper" => Python.Text(value).ToUpperInvariant(),
        "lower" => Python.Text(value).ToLowerInvariant(),
        "title" => PythonText.Title(Python.Text(value)),
        "capitalize" => PythonText.Capitalize(Python.Text(value)),
        "string" => Python.Text(value),
        "safe" => value,
        "length" or "count" => Python.Length(value),
        "default" or "d" => value is JinjaUndefined || (Python.IsTrue(call.Only("default_value", "boolean").Get(1, "boolean", false)) && !Python.IsTrue(value)) ? call.Get(0, "default_value", "") : value,
        "replace" => PythonText.Replace(Python.Text(value), call.Only("old", "new", "count").Text(0, "old"), call.Text(1, "new"), call.Whole(2, "count", -1), interpreter.Budget),
        "join" => Join(value, call.Only("d", "attribute"), interpreter),
        "first" => Python.Iterate(value).Take(1).ToList() is [var first] ? first : new JinjaUndefined("the first item of nothing"),
        "last" => Python.Iterate(value).LastOrDefault(new JinjaUndefined("the last item of nothing")),
        "list" => new JinjaList([.. Python.Iterate(value)]),
        "items" => value is JinjaDictionary dictionary ? PythonText.Items(dictionary) : value is JinjaUndefined ? new JinjaList([]) : throw Wrong(name, "a dictionary", value),
        "dictsort" => value is JinjaDictionary sorted ? new JinjaList([.. PythonText.Items(sorted).Items.OrderBy(pair => (string)((JinjaList)pair!).Items[0]!, StringComparer.OrdinalIgnoreCase)]) : throw Wrong(name, "a dictionary", value),
        "reverse" => value is string text ? string.Concat(text.EnumerateRunes().Reverse()) : new JinjaList([.. Python.Iterate(value).Reverse()]),
        "sort" => Sort(value, call.Only("reverse", "case_sensitive", "attribute"), interpreter),
        "unique" => Unique(value, call.Only("case_sensitive", "attribute"), interpreter),
        "min" or "max" => Extreme(value, name == "min" ? -1 : 1),
        "sum" => Python.Iterate(value).Aggregate((object?)0L, (sum, item) => interpreter.Arithmetic("+", sum, item)),
        "map" => Map(value, call, interpreter),
        "select" or "reject" => Select(value, call, interpreter, name == "select", attribute: null),
        "selectattr" or "rejectattr" => Select(value, call, interpreter, name == "selectattr", call.Text(0, "attribute")),
        "int" => ToWhole(value, call.Only("default").Get(0, "default", 0L)),
        "float" => ToFloat(value, call.Only("default").Get(0, "default", 0.0)),
        "abs" => Python.Compare(value, 0L) < 0 ? interpreter.Arithmetic("-", 0L, value) : value,
        "round" => Round(value, call.Only("precision", "method")),
        "indent" => Indent(Python.Text(value), call.Only("width", "first", "blank"), interpreter.Budget),
        "tojson" => ToJson(value, call.Only("ensure_ascii", "indent", "separators", "sort_keys"), interpreter.Budget),
        _ => throw new JinjaException($"the filter '{name}' is not known"),
    };

    private static string ToJson(object? value, JinjaCall call, JinjaBudget budget)
    {
        if (call.Get(2, "separators") is not null)
            throw new JinjaException("tojson: other separators are not known");
        var text = PythonJson.Write(value, call.Get(1, "indent") is null ? null : (int)Math.Clamp(call.Whole(1, "indent", 0), 0, 32), Python.IsTrue(call.Get(0, "ensure_ascii", false)), Python.IsTrue(call.Get(3, "sort_keys", false)));
        budget.Produce(text.Length);
        return text;
    }

    private static string Join(object? value, JinjaCall call, JinjaInterpreter interpreter)
    {
        var items = Python.Iterate(value).Select(item => call.OptionalText(1, "attribute") is { } path ? Attribute(item, path, interpreter) : item);
        return PythonText.Join(call.Text(0, "d", ""), new JinjaList([.. items.Select(item => (object?)Python.Text(item))]), interpreter.Budget);
    }

    private static JinjaList Sort(object? value, JinjaCall call, JinjaInterpreter interpreter)
    {
        var keyed = Python.Iterate(value).Select(item => (Item: item, Key: Key(item, call, 1, 2, interpreter))).ToList();
        var comparer = Comparer<object?>.Create(Python.Compare);
        var ordered = Python.IsTrue(call.Get(0, "reverse", false)) ? keyed.OrderByDescending(pair => pair.Key, comparer) : keyed.OrderBy(pair => pair.Key, comparer);
        try
        {
            return new JinjaList([.. ordered.Select(pair => pair.Item)]);
        }
        catch (InvalidOperationException error) when (error.InnerException is JinjaException own)
        {
            throw own;
        }
    }

    private static JinjaList Unique(object? value, JinjaCall call, JinjaInterpreter interpreter)
    {
        var kept = new List<(object? Item, object? Key)>();
        foreach (var item in Python.Iterate(value))
        {
            interpreter.Budget.Step();
            var key = Key(item, call, 0, 1, interpreter);
            if (!kept.Any(pair => Python.AreEqual(pair.Key, key)))
                kept.Add((item, key));
        }

        return new JinjaList([.. kept.Select(pair => pair.Item)]);
    }

    /// <summary>What is compared: a field if one is named, and text without regard to case unless asked.</summary>
    private static object? Key(object? item, JinjaCall call, int caseIndex, int attributeIndex, JinjaInterpreter interpreter)
    {
        var key = call.OptionalText(attributeIndex, "attribute") is { } path ? Attribute(item, path, interpreter) : item;
        return key is string text && !Python.IsTrue(call.Get(caseIndex, "case_sensitive", false)) ? text.ToLowerInvariant() : key;
    }

    private static object? Extreme(object? value, int sign)
    {
        object? best = new JinjaUndefined("the extreme of nothing");
        foreach (var item in Python.Iterate(value))
        {
            if (best is JinjaUndefined || Python.Compare(item, best) * sign > 0)
                best = item;
        }

        return best;
    }

    private static JinjaList Map(object? value, JinjaCall call, JinjaInterpreter interpreter)
    {
        if (call.Positional.Count == 0)
        {
            var path = call.Only("attribute", "default").Text(0, "attribute");
            var otherwise = call.Get(1, "default");
            return new JinjaList([.. Python.Iterate(value).Select(item => Attribute(item, path, interpreter) is var found && found is JinjaUndefined && call.Named.Any(pair => pair.Name == "default") ? otherwise : found)]);
        }

        var inner = new JinjaCall(call.Text(0, "filter"), [.. call.Positional.Skip(1)], call.Named);
        return new JinjaList([.. Python.Iterate(value).Select(item => Apply(inner.Name, item, inner, interpreter))]);
    }

    private static JinjaList Select(object? value, JinjaCall call, JinjaInterpreter interpreter, bool wanted, string? attribute)
    {
        var skipped = attribute is null ? 0 : 1;
        var test = call.Positional.Count > skipped ? call.Positional[skipped] as string ?? throw new JinjaException($"{call.Name}: a test's name must be a string") : null;
        var inner = new JinjaCall(test ?? "", [.. call.Positional.Skip(skipped + 1)], call.Named);
        return new JinjaList([.. Python.Iterate(value).Where(item =>
        {
            interpreter.Budget.Step();
            var subject = attribute is null ? item : Attribute(item, attribute, interpreter);
            return (test is null ? Python.IsTrue(subject) : JinjaTests.Holds(test, subject, inner)) == wanted;
        })]);
    }

    /// <summary>A field of a field, written with dots; whole numbers are places in a list.</summary>
    private static object? Attribute(object? item, string path, JinjaInterpreter interpreter) => path.Split('.').Aggregate(item, (value, part) =>
        interpreter.Item(value, long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : part));

    private static object? ToWhole(object? value, object? otherwise) => value switch
    {
        long number => number,
        bool flag => flag ? 1L : 0L,
        double number when Math.Abs(number) < long.MaxValue => (long)number,
        string text when long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) => parsed,
        string text when double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && Math.Abs(parsed) < long.MaxValue => (long)parsed,
        _ => otherwise,
    };

    private static object? ToFloat(object? value, object? otherwise) => value is string text
        ? double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : otherwise
        : Python.Number(value) ?? otherwise;

    private static double Round(object? value, JinjaCall call)
    {
        var scale = Math.Pow(10, Math.Clamp(call.Whole(0, "precision", 0), -15, 15));
        var scaled = (Python.Number(value) ?? throw Wrong("round", "a number", value)) * scale;
        return call.Text(1, "method", "common") switch
        {
            "common" => Math.Round(scaled, MidpointRounding.ToEven),
            "ceil" => Math.Ceiling(scaled),
            "floor" => Math.Floor(scaled),
            var other => throw new JinjaException($"round: the method '{other}' is not known"),
        } / scale;
    }

    private static string Indent(string text, JinjaCall call, JinjaBudget budget)
    {
        var blanks = call.Get(0, "width", 4L) switch
        {
            long width => new string(' ', (int)Math.Clamp(width, 0, 200)),
            string own => own,
            var other => throw Wrong("indent", "a number", other),
        };
        var lines = text.Split('\n');
        budget.Produce(text.Length + ((long)lines.Length * blanks.Length));
        var blankToo = Python.IsTrue(call.Get(2, "blank", false));
        return string.Join('\n', lines.Select((line, index) => (index > 0 ? line.Length > 0 || blankToo : Python.IsTrue(call.Get(1, "first", false))) ? blanks + line : line));
    }

    private static JinjaException Wrong(string name, string wanted, object? value) => new($"{name} wants {wanted}, not {Python.Kind(value)}");
}
