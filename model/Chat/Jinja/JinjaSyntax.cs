namespace GenPrm.Model.Chat.Jinja;

/// <summary>What a template does, piece by piece.</summary>
internal abstract record JinjaStatement(int Line)
{
    public sealed record Write(int Line, string Text) : JinjaStatement(Line);

    public sealed record Print(int Line, JinjaExpression Value) : JinjaStatement(Line);

    /// <param name="Branches">Conditions with their bodies; the first that holds counts.</param>
    public sealed record If(int Line, IReadOnlyList<(JinjaExpression Condition, IReadOnlyList<JinjaStatement> Body)> Branches, IReadOnlyList<JinjaStatement> Otherwise) : JinjaStatement(Line);

    public sealed record For(int Line, JinjaTarget Target, JinjaExpression Items, JinjaExpression? Filter, IReadOnlyList<JinjaStatement> Body, IReadOnlyList<JinjaStatement> Otherwise) : JinjaStatement(Line);

    public sealed record Set(int Line, JinjaTarget Target, JinjaExpression Value) : JinjaStatement(Line);

    /// <summary>The text that a body writes becomes a variable.</summary>
    public sealed record SetBlock(int Line, JinjaTarget Target, IReadOnlyList<JinjaStatement> Body) : JinjaStatement(Line);

    public sealed record Macro(int Line, string Name, IReadOnlyList<(string Name, JinjaExpression? Default)> Parameters, IReadOnlyList<JinjaStatement> Body) : JinjaStatement(Line);

    /// <summary><c>{% generation %}</c>: marks what an assistant wrote; writes its body.</summary>
    public sealed record Group(int Line, IReadOnlyList<JinjaStatement> Body) : JinjaStatement(Line);

    public sealed record Break(int Line) : JinjaStatement(Line);

    public sealed record Continue(int Line) : JinjaStatement(Line);
}

/// <summary>What is assigned to.</summary>
internal abstract record JinjaTarget
{
    public sealed record Name(string Variable) : JinjaTarget;

    public sealed record Tuple(IReadOnlyList<JinjaTarget> Parts) : JinjaTarget;

    /// <summary>A field of a <c>namespace</c>.</summary>
    public sealed record Field(string Variable, string Attribute) : JinjaTarget;
}

internal abstract record JinjaExpression(int Line)
{
    public sealed record Literal(int Line, object? Value) : JinjaExpression(Line);

    public sealed record Named(int Line, string Variable) : JinjaExpression(Line);

    public sealed record List(int Line, IReadOnlyList<JinjaExpression> Items, bool IsTuple) : JinjaExpression(Line);

    public sealed record Dictionary(int Line, IReadOnlyList<(JinjaExpression Key, JinjaExpression Value)> Items) : JinjaExpression(Line);

    public sealed record Attribute(int Line, JinjaExpression Of, string Field) : JinjaExpression(Line);

    public sealed record Item(int Line, JinjaExpression Of, JinjaExpression Index) : JinjaExpression(Line);

    public sealed record Slice(int Line, JinjaExpression Of, JinjaExpression? Start, JinjaExpression? Stop, JinjaExpression? Step) : JinjaExpression(Line);

    public sealed record Call(int Line, JinjaExpression Callee, JinjaArguments Arguments) : JinjaExpression(Line);

    public sealed record Filter(int Line, JinjaExpression Of, string Name, JinjaArguments Arguments) : JinjaExpression(Line);

    public sealed record Test(int Line, JinjaExpression Of, string Name, JinjaArguments Arguments) : JinjaExpression(Line);

    public sealed record Not(int Line, JinjaExpression Of) : JinjaExpression(Line);

    /// <param name="Sign"><c>+</c> or <c>-</c>.</param>
    public sealed record Signed(int Line, string Sign, JinjaExpression Of) : JinjaExpression(Line);

    /// <param name="Operator"><c>and</c>, <c>or</c>, <c>~</c>, or one of arithmetic.</param>
    public sealed record Binary(int Line, string Operator, JinjaExpression Left, JinjaExpression Right) : JinjaExpression(Line);

    /// <param name="Rest">Comparisons that must all hold, each with the operand before.</param>
    public sealed record Comparison(int Line, JinjaExpression First, IReadOnlyList<(string Operator, JinjaExpression Operand)> Rest) : JinjaExpression(Line);

    public sealed record Choice(int Line, JinjaExpression Condition, JinjaExpression Then, JinjaExpression? Otherwise) : JinjaExpression(Line);
}

/// <summary>Arguments as written: positional ones, then those with names.</summary>
internal sealed record JinjaArguments(IReadOnlyList<JinjaExpression> Positional, IReadOnlyList<(string Name, JinjaExpression Value)> Named)
{
    public static JinjaArguments None { get; } = new([], []);
}
