using System.Numerics;

namespace GenPrm.Core.Equality.Values;

/// <summary>Values of normal forms to high precision, with every variable at a point. Points are a function of the variable's name and a
/// number, so that they are the same on every machine and for both answers.</summary>
/// <param name="point">The point's number.</param>
/// <param name="integers">Whether variables take positive integers, as factorials and floors ask for; otherwise fractions of both signs.</param>
/// <param name="budget">Counts the work.</param>
internal sealed class Evaluation(int point, bool integers, Budget budget)
{
    // An elementary function costs as much as about this many terms.
    private const int FunctionCost = 300;

    private readonly Dictionary<Generator, Complex> known = [];

    /// <summary>The sign of a real constant: 0 where it vanishes as far as can be seen.</summary>
    public static int SignOf(Fraction constant, Budget budget)
    {
        var evaluation = new Evaluation(0, false, budget);
        var (top, size) = evaluation.Value(constant.Numerator);
        var bottom = constant.Denominator.IsOne ? Complex.One : evaluation.Value(constant.Denominator).Value;
        return top.Re.Vanishes(size) ? 0 : top.Re.Sign * bottom.Re.Sign;
    }

    /// <summary>A real constant's value.</summary>
    public static Real RealOf(Fraction constant, Budget budget) => new Evaluation(0, false, budget).Value(constant).Re;

    /// <summary>The floor of a real constant, or null where it is too near to an integer to tell.</summary>
    public static BigInteger? FloorOf(Fraction constant, Budget budget)
    {
        var value = RealOf(constant, budget);
        var floor = value.Floor();
        var above = value - Real.Of(floor);
        var near = Real.One.Scale(-Real.Precision / 2);
        return above < near || Real.One - above < near ? null : floor;
    }

    public Complex Value(Fraction fraction)
    {
        var top = Value(fraction.Numerator).Value;
        if (fraction.Denominator.IsOne)
            return top;
        var (bottom, size) = Value(fraction.Denominator);
        return bottom.Size.Vanishes(size) ? throw new UndefinedException() : top / bottom;
    }

    /// <summary>The value, and the sum of the sizes of the terms it was made of.</summary>
    public (Complex Value, Real Size) Value(Polynomial polynomial)
    {
        var (sum, size) = (Complex.Zero, Real.Zero);
        foreach (var (monomial, coefficient) in polynomial.Terms)
        {
            budget.Spend(8);
            var term = Complex.Of(Real.Of(coefficient));
            foreach (var (generator, exponent) in monomial.Factors)
            {
                if (!exponent.IsInteger)
                    budget.Spend(2 * FunctionCost);
                term *= Value(generator).Power(exponent);
            }
            sum += term;
            size += term.Size;
        }
        return (sum, size);
    }

    private Complex Value(Generator generator)
    {
        if (known.TryGetValue(generator, out var value))
            return value;
        value = generator.Kind switch
        {
            GeneratorKind.Variable => Complex.Of(Coordinate(generator.Name)),
            GeneratorKind.Prime or GeneratorKind.HugePower => Complex.Of(Real.Of(generator.Prime)),
            GeneratorKind.I => Complex.I,
            GeneratorKind.Pi => Complex.Of(Real.Pi),
            GeneratorKind.E => Complex.Of(Real.One.Exp()),
            GeneratorKind.Radical => Value(generator.Arguments[0]),
            _ => Function(generator),
        };
        known[generator] = value;
        return value;
    }

    private Complex Function(Generator generator)
    {
        budget.Spend(FunctionCost);
        // A function that is only a name, and a sum over a symbolic range, are as good as a variable.
        if (generator.Function[0] == '@' || generator.Function is "sum" or "prod" or "pmod")
            return Complex.Of(Coordinate(generator.Name));
        var x = Value(generator.Arguments[0]);
        if (generator.Arguments.Count == 2)
            return Functions.Of(generator.Function, x, Value(generator.Arguments[1]));
        return generator.Arguments.Count == 1 ? Functions.Of(generator.Function, x) : throw new NotParsedException(generator.Function);
    }

    // FNV-1a of name and point. Fractions lie in ±[0.1, 3.1] and are no simple multiples of anything; the first three points are positive.
    private Real Coordinate(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in name)
            hash = (hash ^ c) * 1099511628211UL;
        hash = (hash ^ (ulong)(point + 1)) * 1099511628211UL;
        hash ^= hash >> 29;
        if (integers)
            return 1 + (int)(hash % 12);
        var size = Real.Of(new Rational(100_003 + (int)(hash % 3_000_000), 1_000_003));
        return point >= 3 && ((hash >> 33) + (ulong)point) % 2 == 0 ? -size : size;
    }
}
