using GenPrm.Core.Equality.Grammar;

namespace GenPrm.Core.Equality.Forms;

/// <summary>Tells the left side of <c>f(x) = …</c>, <c>|AB| = …</c>, <c>(p, q) = …</c> from a side of an equation.</summary>
internal static class Names
{
    /// <summary>The name that <paramref name="node"/> is, or null where it is an expression.</summary>
    public static string? Of(Node node) => node switch
    {
        Node.Symbol { Name: "pi" or "e" or "i" or "infty" } => null,
        Node.Symbol symbol => symbol.Name,
        Node.Application application => $"{application.Name}({(application.Arguments.All(a => a is Node.Number) ? string.Join(',', application.Arguments.Cast<Node.Number>().Select(a => a.Value)) : "")})",
        Node.Call { Function: "sin" or "cos" or "tan" or "cot" or "abs", Arguments: [Node.Symbol argument] } call when Of(argument) is not null => $"{call.Function} {argument.Name}",
        Node.Words words => $"\"{words.Text}\"",
        Node.Call { Function: "abs", Arguments: [Node.Product { Letters: not null } segment] } => $"|{segment.Letters}|",
        Node.Call { Function: "abs", Arguments: [Node.Symbol { Name: { Length: > 1 } name }] } => $"|{name}|",
        Node.Product { Letters: { } letters } when letters.All(char.IsUpper) => $"\"{letters}\"",
        Node.Product { Factors: var factors } when factors.All(f => f is Node.Symbol) && factors.Any(f => f is Node.Symbol { Name: var name } && name.Contains(' ', StringComparison.Ordinal))
            => $"\"{string.Concat(factors.Cast<Node.Symbol>().Select(s => s.Name))}\"",
        Node.Bracketed { Items: var items } when items.Count > 1 && items.All(i => i is Node.Symbol && Of(i) is not null) => $"({string.Join(',', items.Select(Of))})",
        Node.Quotient { Dividend: Node.Product { Letters: ['d', _] above }, Divisor: Node.Product { Letters: ['d', _] below } } => $"{above}/{below}",
        Node.Quotient { Dividend: Node.Symbol above, Divisor: Node.Symbol below } when Of(above) is not null && Of(below) is not null => $"{above.Name}/{below.Name}",
        Node.Product { Factors: [Node.Power { Base: Node.Symbol { Name: ['f' or 'g' or 'h'] inverse }, Exponent: Node.Number { Value: var power } }, Node.Symbol] } when power == -1 => inverse + "^-1()",
        Node.Ratio { Terms: var terms } when terms.All(t => Of(t) is not null) => $"{string.Join(':', terms.Select(Of))}",
        _ => null,
    };

    /// <summary>Whether the name is a plain variable.</summary>
    public static bool IsVariable(Node node) => node is Node.Call or Node.Quotient { Dividend: Node.Symbol } || (node is Node.Symbol { Name: var name } && !name.Contains(' ', StringComparison.Ordinal));
}
