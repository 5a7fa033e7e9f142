namespace GenPrm.Model.Chat.Jinja;

// A value in a template is null (None), bool, long, double, string, or one of these.

/// <summary>A Python list, or a tuple, which differs in how it is printed alone.</summary>
internal sealed class JinjaList(IEnumerable<object?> items, bool isTuple = false)
{
    public IReadOnlyList<object?> Items { get; } = items as IReadOnlyList<object?> ?? [.. items];

    public bool IsTuple { get; } = isTuple;
}

/// <summary>A Python dictionary whose keys are strings; keeps the order in which keys were added.</summary>
internal sealed class JinjaDictionary
{
    private readonly OrderedDictionary<string, object?> items = new(StringComparer.Ordinal);

    public JinjaDictionary()
    {
    }

    public JinjaDictionary(IEnumerable<(string Key, object? Value)> items)
    {
        foreach (var (key, value) in items)
            this.items[key] = value;
    }

    public int Count => items.Count;

    public IEnumerable<string> Keys => items.Keys;

    public IEnumerable<object?> Values => items.Values;

    public object? this[string key]
    {
        set => items[key] = value;
    }

    public bool TryGet(string key, out object? value) => items.TryGetValue(key, out value);
}

/// <summary>A <c>namespace</c>: the one value whose fields a template may set.</summary>
internal sealed class JinjaNamespace(JinjaDictionary fields)
{
    public JinjaDictionary Fields { get; } = fields;
}

/// <summary>What a name or field without a value gives: prints as nothing, is false, has no items; anything else with it is an error.</summary>
internal sealed class JinjaUndefined(string what)
{
    /// <summary>What was looked for.</summary>
    public string What { get; } = what;
}

/// <summary>A global function, a macro, or a method with the value that it belongs to.</summary>
internal sealed class JinjaFunction(string name, Func<JinjaCall, object?> body)
{
    public string Name { get; } = name;

    public object? Invoke(JinjaCall call) => body(call);
}

/// <summary>Evaluated arguments, and access to them by place or name.</summary>
internal sealed record JinjaCall(string Name, IReadOnlyList<object?> Positional, IReadOnlyList<(string Name, object? Value)> Named)
{
    public int Count => Positional.Count + Named.Count;

    /// <summary>An argument by its place or name.</summary>
    public object? Get(int index, string name, object? otherwise = null)
    {
        if (index < Positional.Count)
            return Positional[index];
        foreach (var (given, value) in Named)
        {
            if (given == name)
                return value;
        }

        return otherwise;
    }

    public object? Required(int index, string name) => index < Positional.Count || Named.Any(pair => pair.Name == name)
        ? Get(index, name)
        : throw new JinjaException($"{Name} lacks its argument '{name}'");

    public string Text(int index, string name, string? otherwise = null) => (otherwise is null ? Required(index, name) : Get(index, name, otherwise)) as string
        ?? throw new JinjaException($"{Name}: its argument '{name}' must be a string");

    public string? OptionalText(int index, string name) => Get(index, name) switch
    {
        null => null,
        string text => text,
        _ => throw new JinjaException($"{Name}: its argument '{name}' must be a string"),
    };

    public long Whole(int index, string name, long otherwise) => Get(index, name, otherwise) switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        _ => throw new JinjaException($"{Name}: its argument '{name}' must be a whole number"),
    };

    /// <summary>Refuses arguments that the function has not got.</summary>
    public JinjaCall Only(params ReadOnlySpan<string> names)
    {
        foreach (var (given, _) in Named)
        {
            if (!names.Contains(given))
                throw new JinjaException($"{Name}: its argument '{given}' is not known");
        }

        return Positional.Count <= names.Length ? this : throw new JinjaException($"{Name}: {Positional.Count} arguments are given, {names.Length} known");
    }
}
