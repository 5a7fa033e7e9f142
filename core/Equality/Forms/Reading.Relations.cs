using GenPrm.Core.Equality.Grammar;
using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Forms;

/// <summary>Equations, inequalities and memberships.</summary>
internal sealed partial class Reading
{
    private Form Relation(Node.Relation relation)
    {
        var (operands, operators) = (relation.Operands, relation.Operators);
        if (operators.All(o => o is "=" or "≈"))
            return Equality(operands, operators);
        if (operators is ["∈"])
            return new Form.Labelled(Names.Of(operands[0]) ?? "", Names.IsVariable(operands[0]), Of(operands[1]), null);
        if (operators is ["≡"] && Congruence(operands[0], operands[1]) is { } congruence)
            return congruence;
        if (operators is [@"\notin"] && Sets.Of(Of(operands[1]), algebra.Budget) is { } outside)
            return new Form.Labelled(Names.Of(operands[0]) ?? "", Names.IsVariable(operands[0]), new Form.Region(outside.Complement(algebra.Budget)), null);
        if (operators.All(o => o is "<" or "≤" or ">" or "≥" or "≠"))
            return Inequality(operands, operators);
        return new Form.Statement(string.Join(' ', operators), [.. operands.Select(Of)]);
    }

    // x ≡ 10 (mod 7) is x ≡ 3 (mod 7).
    private Form.Statement? Congruence(Node left, Node right)
    {
        if (right is not Node.Product { Factors: [_, .., Node.Call { Function: "pmod", Arguments: [var modulus] }] } product)
            return null;
        if (algebra.Value(new Node.Product([.. product.Factors.SkipLast(1)])).Constant is not { IsInteger: true } residue || algebra.Value(modulus).Constant is not { IsInteger: true, Sign: > 0 } divisor)
            return null;
        var rest = residue - (divisor * (residue / divisor).Floor);
        return new Form.Statement("≡", [Of(left), new Form.Scalar(Fraction.Of(rest), right), new Form.Scalar(Fraction.Of(divisor), modulus)]);
    }

    // x = 5 + 6 = 11 ≈ 11.0 says that x is 11: the last exact side.
    private Form Equality(IReadOnlyList<Node> operands, IReadOnlyList<string> operators)
    {
        var last = 1;
        while (last < operators.Count && operators[last] == "=")
            last++;
        var (left, right) = (operands[0], operands[last]);
        if (Names.Of(left) is { } name)
            return new Form.Labelled(name, Names.IsVariable(left), Of(right), EquationOf(left, right), left is Node.Application function ? Bound(function, right) : null);
        if (Names.Of(right) is { } named && last == 1)
            return new Form.Labelled(named, Names.IsVariable(right), Of(left), EquationOf(left, right));
        // 7/9 ≈ 0.778: the exact side is the answer.
        if (operators[0] == "≈")
            return Of(left);
        var (a, b) = (Of(left), Of(right));
        if (a is not Form.Scalar first || b is not Form.Scalar second)
            return new Form.Statement("=", [a, b]);
        if (first.Value.Any(g => g.IsUnknown) || second.Value.Any(g => g.IsUnknown))
            return new Form.Equation(first.Value.Minus(second.Value, algebra.Budget));
        // 5! = 120 is 120; 1 = 0 is a false statement, and no number.
        return IsRounded(first, second) || new Comparer(algebra).Compare(a, b).Verdict != Verdict.Different ? b : new Form.Statement("=", [a, b]);
    }

    // 7/9 = 0.778 was meant as an approximation.
    private bool IsRounded(Form.Scalar exact, Form.Scalar written)
    {
        if (written.Digits < 2 || written.Value.Constant is not { } rounded || !Sets.IsReal(exact.Value) || Sets.IsInfinite(exact.Value))
            return false;
        var error = (Evaluation.RealOf(exact.Value, algebra.Budget) - Real.Of(rounded)).Abs;
        return error < Real.Of(rounded.Abs * new Rational(1, 10).Power(written.Digits - 1));
    }

    private Form? Bound(Node.Application function, Node value)
    {
        var parameters = function.Arguments.OfType<Node.Symbol>().Select(a => a.Name).ToArray();
        return parameters.Length == function.Arguments.Count ? algebra.Bound(parameters, areIntegers: false, () => Of(value)) : null;
    }

    private Form.Equation? EquationOf(Node left, Node right)
    {
        var level = algebra.Budget.Level;
        try
        {
            return new Form.Equation(algebra.Value(left).Minus(algebra.Value(right), algebra.Budget));
        }
        catch (NotParsedException)
        {
            algebra.Budget.Level = level;
            return null;
        }
    }

    private Form Inequality(IReadOnlyList<Node> operands, IReadOnlyList<string> operators)
    {
        var sides = operands.Select(o => Names.Of(o) is not null && o is not (Node.Symbol or Node.Call) ? Fraction.Of(algebra.Generators.Variable(Names.Of(o)!)) : algebra.Value(o)).ToArray();
        var (parts, unknown) = (new List<Form>(), default(string));
        var set = RealSet.All;
        for (var i = 0; i < operators.Count; i++)
        {
            var rising = operators[i] is "<" or "≤";
            var isStrict = operators[i] is "<" or ">";
            var symbol = operators[i] == "≠" ? "≠" : isStrict ? ">" : "≥";
            // An infinite bound says nothing.
            if (Sets.IsInfinite(sides[i]) || Sets.IsInfinite(sides[i + 1]))
                continue;
            var difference = rising ? sides[i + 1].Minus(sides[i], algebra.Budget) : sides[i].Minus(sides[i + 1], algebra.Budget);
            parts.Add(new Form.Inequality(difference, symbol));
            if (set is not null && Solved(difference, symbol) is var (name, solution) && (unknown ??= name) == name)
                set = set.Intersection(solution, algebra.Budget);
            else
                set = null!;
        }
        if (set is not null && unknown == "\"\"")
            return new Form.Region(set);
        if (set is not null && unknown is not null)
            return new Form.Labelled(unknown, true, new Form.Region(set), null);
        return parts.Count == 1 ? parts[0] : new Form.Several(parts, true);
    }

    // The solutions of a·x + b > 0, or of r - |a·x + b| > 0, for one unknown and real constants.
    private (string Name, RealSet Solution)? Solved(Fraction difference, string symbol)
    {
        if (!difference.Denominator.IsOne)
            return null;
        var groups = difference.Numerator.By(g => g.Kind is GeneratorKind.Variable or GeneratorKind.Function && !Sets.IsReal(Fraction.Of(g)), algebra.Budget);
        groups.Remove(Monomial.Unit, out var constant);
        if (groups.Count != 1)
            return null;
        var (monomial, slope) = groups.First();
        var offset = Fraction.Of(constant ?? Polynomial.Zero);
        if (monomial.Factors is not [var (generator, exponent)] || !exponent.IsOne || !Sets.IsReal(offset) || !Sets.IsReal(Fraction.Of(slope)))
            return null;
        var bound = offset.Negated().Times(Fraction.Of(slope).Inverse(algebra.Budget), algebra.Budget);
        var isAbove = Evaluation.SignOf(Fraction.Of(slope), algebra.Budget) > 0;
        if (generator.Function == "abs")
            return SolvedAbsolute(generator.Arguments[0], bound, isAbove, symbol);
        return (generator.Kind == GeneratorKind.Variable ? generator.Name[2..] : generator.Name, Ray(bound, isAbove, symbol));
    }

    private RealSet Ray(Fraction bound, bool isAbove, string symbol)
    {
        if (symbol == "≠")
            return RealSet.Point(bound, algebra.Budget).Complement(algebra.Budget);
        var (end, isClosed) = (End.At(bound, algebra.Budget), symbol == "≥");
        return RealSet.Of(algebra.Budget, isAbove ? new Interval(end, isClosed, End.Highest, false) : new Interval(End.Lowest, false, end, isClosed));
    }

    // |y| > r is y > r or -y > r; |y| < r is everything but |y| ≥ r.
    private (string Name, RealSet Solution)? SolvedAbsolute(Fraction inside, Fraction radius, bool isOutside, string symbol)
    {
        var outer = isOutside || symbol == "≠" ? symbol : symbol == ">" ? "≥" : ">";
        if (Solved(inside.Minus(radius, algebra.Budget), outer) is not var (name, above) || Solved(inside.Negated().Minus(radius, algebra.Budget), outer) is not var (_, below))
            return null;
        var outside = symbol == "≠" ? above.Intersection(below, algebra.Budget) : above.Union(below, algebra.Budget);
        return (name, isOutside || symbol == "≠" ? outside : outside.Complement(algebra.Budget));
    }
}
