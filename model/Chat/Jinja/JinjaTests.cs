namespace GenPrm.Model.Chat.Jinja;

/// <summary>What may stand after <c>is</c>.</summary>
internal static class JinjaTests
{
    public static bool Holds(string name, object? value, JinjaCall call) => name switch
    {
        "defined" => value is not JinjaUndefined,
        "undefined" => value is JinjaUndefined,
        "none" => value is null,
        "true" => value is true,
        "false" => value is false,
        "boolean" => value is bool,
        "string" => value is string,
        "number" => Python.Number(value) is not null,
        "integer" => value is long,
        "float" => value is double,
        "mapping" => value is JinjaDictionary,
        "sequence" => value is string or JinjaList or JinjaDictionary or JinjaUndefined,
        "iterable" => value is string or JinjaList or JinjaDictionary or JinjaUndefined,
        "callable" => value is JinjaFunction,
        "lower" => Python.Text(value) is var text && text.Any(char.IsLower) && !text.Any(char.IsUpper),
        "upper" => Python.Text(value) is var text && text.Any(char.IsUpper) && !text.Any(char.IsLower),
        "even" => Whole(name, value) % 2 == 0,
        "odd" => Whole(name, value) % 2 != 0,
        "divisibleby" => Whole(name, call.Required(0, "num")) is not 0 and var divisor ? Whole(name, value) % divisor == 0 : throw new JinjaException("divisibleby 0"),
        "eq" or "equalto" or "==" => Python.AreEqual(value, call.Required(0, "other")),
        "ne" or "!=" => !Python.AreEqual(value, call.Required(0, "other")),
        "lt" or "lessthan" or "<" => Python.Compare(value, call.Required(0, "other")) < 0,
        "le" or "<=" => Python.Compare(value, call.Required(0, "other")) <= 0,
        "gt" or "greaterthan" or ">" => Python.Compare(value, call.Required(0, "other")) > 0,
        "ge" or ">=" => Python.Compare(value, call.Required(0, "other")) >= 0,
        "in" => Python.Contains(call.Required(0, "seq"), value),
        "sameas" => call.Required(0, "other") is var other && (value is null or bool ? Equals(value, other) : ReferenceEquals(value, other)),
        _ => throw new JinjaException($"the test '{name}' is not known"),
    };

    private static long Whole(string name, object? value) => Python.Whole(value) ?? throw new JinjaException($"{name} wants a whole number, not {Python.Kind(value)}");
}
