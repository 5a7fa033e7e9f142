using GenPrm.Core.Equality.Grammar;
using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Forms;

/// <summary>What an answer is: the structure that two answers must share. Closed: the nested cases are all there are.</summary>
internal abstract record Form
{
    /// <summary>One value.</summary>
    /// <param name="Value">Its normal form.</param>
    /// <param name="Node">What was written.</param>
    /// <param name="Mark">What was written behind it.</param>
    /// <param name="Unit">Its unit; empty without one.</param>
    public sealed record Scalar(Fraction Value, Node Node, Mark Mark = Mark.None, string Unit = "") : Form
    {
        /// <summary>The run of letters that the value was written as, or null.</summary>
        public string? Letters => Node switch
        {
            Node.Symbol { Name: { Length: 1 } name } => name,
            Node.Product { Letters: { } letters } => letters,
            _ => null,
        };

        /// <summary>Significant digits, if it was written as a decimal.</summary>
        public int Digits => Node is Node.Number number ? number.Digits : 0;
    }

    /// <summary>A form with a name: <c>x = 3</c>, <c>f(x) = x + 1</c>, <c>x ∈ [1, 2]</c>.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="IsVariable">Whether the name is a plain variable, which is not the same answer under another name.</param>
    /// <param name="Value">What is named.</param>
    /// <param name="AsEquation">The same as an equation, where it is one.</param>
    /// <param name="Bound">The value with a function's parameters made nameless: f(x) = x² and f(t) = t² are one function.</param>
    public sealed record Labelled(string Name, bool IsVariable, Form Value, Equation? AsEquation, Form? Bound = null) : Form;

    /// <summary>Items whose order means nothing.</summary>
    /// <param name="Items">In the order they were written in.</param>
    /// <param name="IsBraced">Whether they stood in braces: then it is never a tuple.</param>
    public sealed record Several(IReadOnlyList<Form> Items, bool IsBraced) : Form;

    /// <summary>Items in order. Two of them may be the ends of an interval.</summary>
    public sealed record Tuple(char Open, IReadOnlyList<Form> Items, char Close) : Form;

    /// <summary>A set of real numbers.</summary>
    public sealed record Region(RealSet Set) : Form;

    /// <summary>A matrix.</summary>
    public sealed record Matrix(IReadOnlyList<IReadOnlyList<Fraction>> Rows) : Form;

    /// <summary>An equation, as the difference of its sides.</summary>
    public sealed record Equation(Fraction Difference) : Form;

    /// <summary>An inequality that is no interval: <paramref name="Difference"/> is positive, or not negative, or not zero.</summary>
    public sealed record Inequality(Fraction Difference, string Relation) : Form;

    /// <summary>A ratio.</summary>
    public sealed record Ratio(IReadOnlyList<Fraction> Terms) : Form;

    /// <summary>A time of day, in minutes from midnight.</summary>
    public sealed record Clock(int Minutes) : Form;

    /// <summary>A choice with its value.</summary>
    public sealed record Option(string Letter, Form Value) : Form;

    /// <summary>Words.</summary>
    public sealed record Phrase(string Text) : Form;

    /// <summary>Any other relation, compared part by part.</summary>
    public sealed record Statement(string Symbols, IReadOnlyList<Form> Parts) : Form;

    /// <summary>An expression without a value.</summary>
    public sealed record Undefined : Form;
}

/// <summary>A sign behind a value that may be left out.</summary>
internal enum Mark
{
    /// <summary>None.</summary>
    None,

    /// <summary>A percentage: the value is what stands before the sign.</summary>
    Percent,

    /// <summary>An angle in degrees.</summary>
    Degrees,

    /// <summary>An angle in radians.</summary>
    Radians,
}
