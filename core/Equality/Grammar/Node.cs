using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Grammar;

/// <summary>What the grammar makes of an answer. Closed: the nested cases are all there are.</summary>
internal abstract record Node
{
    /// <summary>A rational number as it was written.</summary>
    /// <param name="Value">Its exact value.</param>
    /// <param name="Digits">Significant digits of a decimal with a point, 0 for any other number.</param>
    public sealed record Number(Rational Value, int Digits = 0) : Node;

    /// <summary>A letter or named constant, with its subscript: <c>x</c>, <c>x_1</c>, <c>\pi</c>.</summary>
    public sealed record Symbol(string Name) : Node;

    /// <summary>Terms that are added.</summary>
    public sealed record Sum(IReadOnlyList<Node> Terms) : Node;

    /// <summary>Factors that are multiplied. <paramref name="Letters"/> holds the run of letters the product was written as, if it was.</summary>
    public sealed record Product(IReadOnlyList<Node> Factors, string? Letters = null) : Node;

    /// <summary>A quotient.</summary>
    public sealed record Quotient(Node Dividend, Node Divisor) : Node;

    /// <summary>The negative of a value.</summary>
    public sealed record Negative(Node Operand) : Node;

    /// <summary>A power.</summary>
    public sealed record Power(Node Base, Node Exponent) : Node;

    /// <summary>A root; the index is 2 for a square root.</summary>
    public sealed record Root(Node Radicand, Node Index) : Node;

    /// <summary>A named function of arguments: <c>sin</c>, <c>log</c> (argument, base), <c>floor</c>, <c>binom</c>.</summary>
    public sealed record Call(string Function, IReadOnlyList<Node> Arguments) : Node;

    /// <summary>A letter before a bracket: a function's value, or a product.</summary>
    public sealed record Application(string Name, IReadOnlyList<Node> Arguments) : Node;

    /// <summary>A sum or product over a range, <c>\sum_{index=from}^{to} body</c>.</summary>
    public sealed record Series(bool IsProduct, string Index, Node From, Node To, Node Body) : Node;

    /// <summary>Plus or minus a value; <paramref name="MinusFirst"/> for minus or plus.</summary>
    public sealed record PlusMinus(Node Operand, bool MinusFirst) : Node;

    /// <summary>A percentage.</summary>
    public sealed record Percent(Node Operand) : Node;

    /// <summary>An angle in degrees.</summary>
    public sealed record Degrees(Node Operand) : Node;

    /// <summary>A value with a unit.</summary>
    public sealed record Measured(Node Operand, string Unit) : Node;

    /// <summary>Items without brackets.</summary>
    /// <param name="Items">In the order they were written in.</param>
    /// <param name="Joint">The word between them.</param>
    public sealed record Listing(IReadOnlyList<Node> Items, Joint Joint = Joint.None) : Node;

    /// <summary>Items in round or square brackets: a tuple, a point, an interval.</summary>
    public sealed record Bracketed(char Open, IReadOnlyList<Node> Items, char Close) : Node;

    /// <summary>Items in braces.</summary>
    public sealed record Braced(IReadOnlyList<Node> Items) : Node;

    /// <summary>Two sets joined by <c>∪</c>, <c>∩</c> or <c>\</c>.</summary>
    public sealed record SetOperation(char Operator, Node Left, Node Right) : Node;

    /// <summary>A matrix or vector by rows.</summary>
    public sealed record Table(IReadOnlyList<IReadOnlyList<Node>> Rows, bool IsDeterminant) : Node;

    /// <summary>Operands joined by relations: <c>0 &lt; x ≤ 3</c>. One operator fewer than operands.</summary>
    public sealed record Relation(IReadOnlyList<Node> Operands, IReadOnlyList<string> Operators) : Node;

    /// <summary>Terms of a ratio, <c>1:2:3</c>.</summary>
    public sealed record Ratio(IReadOnlyList<Node> Terms) : Node;

    /// <summary>Words.</summary>
    public sealed record Words(string Text) : Node;

    /// <summary>A choice with its value, <c>(B) 12</c>.</summary>
    public sealed record Option(string Letter, Node Value) : Node;
}
