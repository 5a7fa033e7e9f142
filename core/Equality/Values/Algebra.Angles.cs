using System.Numerics;
using GenPrm.Core.Equality.Grammar;

namespace GenPrm.Core.Equality.Values;

/// <summary>Trigonometric functions and their inverses: exact at the twelfths of π.</summary>
internal sealed partial class Algebra
{
    // sin(kπ/12) for k = 0..6.
    private static readonly Func<Algebra, Fraction>[] Sines =
    [
        _ => Fraction.Zero,
        a => a.Surd(6).Minus(a.Surd(2), a.Budget).Times(Fraction.Of(new Rational(1, 4)), a.Budget),
        _ => Fraction.Of(Rational.Half),
        a => a.Surd(2).Times(Fraction.Of(Rational.Half), a.Budget),
        a => a.Surd(3).Times(Fraction.Of(Rational.Half), a.Budget),
        a => a.Surd(6).Plus(a.Surd(2), a.Budget).Times(Fraction.Of(new Rational(1, 4)), a.Budget),
        _ => Fraction.One,
    ];

    // tan(kπ/12) for k = 0..5.
    private static readonly Func<Algebra, Fraction>[] Tangents =
    [
        _ => Fraction.Zero,
        a => Fraction.Of(2).Minus(a.Surd(3), a.Budget),
        a => a.Surd(3).Times(Fraction.Of(new Rational(1, 3)), a.Budget),
        _ => Fraction.One,
        a => a.Surd(3),
        a => Fraction.Of(2).Plus(a.Surd(3), a.Budget),
    ];

    private Fraction Surd(int number) => PowerOfNumber(number, Rational.Half);

    // An angle in degrees is converted; any other is in radians.
    private Fraction Angle(Node node)
    {
        var value = Value(node);
        return HasDegrees(node) ? value.Times(Fraction.Of(generators.Pi), budget).Times(Fraction.Of(new Rational(1, 180)), budget) : value;
    }

    /// <summary>Whether a sign of degrees stands in an angle.</summary>
    public static bool HasDegrees(Node node) => node switch
    {
        Node.Degrees => true,
        Node.Sum sum => sum.Terms.Any(HasDegrees),
        Node.Product product => product.Factors.Any(HasDegrees),
        Node.Quotient quotient => HasDegrees(quotient.Dividend),
        Node.Negative negative => HasDegrees(negative.Operand),
        _ => false,
    };

    private Fraction Circular(string function, Fraction angle) => function switch
    {
        "sin" => Sin(angle),
        "cos" => Cos(angle),
        "tan" => Sin(angle).Times(Cos(angle).Inverse(budget), budget),
        "cot" => Cos(angle).Times(Sin(angle).Inverse(budget), budget),
        "sec" => Cos(angle).Inverse(budget),
        _ => Sin(angle).Inverse(budget),
    };

    // cos θ + i sin θ
    private Fraction Turned(Fraction angle) => Cos(angle).Plus(Sin(angle).Times(Fraction.Of(generators.I), budget), budget);

    private Fraction Sin(Fraction angle)
    {
        if (Turns(angle) is { } twelfths)
            return ExactSine(twelfths);
        var isNegative = angle.Numerator.Leading().Coefficient.Sign < 0;
        var sine = Fraction.Of(generators.Function("sin", isNegative ? angle.Negated() : angle));
        return isNegative ? sine.Negated() : sine;
    }

    private Fraction Cos(Fraction angle)
    {
        if (Turns(angle) is { } twelfths)
            return ExactSine(twelfths + 6);
        var isNegative = angle.Numerator.Leading().Coefficient.Sign < 0;
        return Fraction.Of(generators.Function("cos", isNegative ? angle.Negated() : angle));
    }

    // The angle in twelfths of π, where it is a whole number of them.
    private BigInteger? Turns(Fraction angle)
    {
        if (angle.Numerator.IsZero)
            return BigInteger.Zero;
        if (!angle.Denominator.IsOne || angle.Numerator.Terms.Count != 1)
            return null;
        var (monomial, coefficient) = angle.Numerator.Leading();
        var twelfths = coefficient * 12;
        return twelfths.IsInteger && monomial.Equals(Monomial.Of(generators.Pi, 1)) ? twelfths.Numerator : null;
    }

    private Fraction ExactSine(BigInteger twelfths)
    {
        var turn = (int)(((twelfths % 24) + 24) % 24);
        var sign = turn >= 12 ? -1 : 1;
        turn %= 12;
        var sine = Sines[turn > 6 ? 12 - turn : turn](this);
        return sign < 0 ? sine.Negated() : sine;
    }

    // The angle of a twelfth of π whose sine, cosine or tangent the ratio is, or null.
    private Fraction? ExactArc(string function, Fraction ratio)
    {
        if (ratio.Any(g => g.Prime != 2 && g.Prime != 3) || (ratio.Constant is { } number && !(number * 2).IsInteger))
            return null;
        var ratios = function == "arctan" ? Tangents : Sines;
        for (var twelfths = 0; twelfths < ratios.Length; twelfths++)
        {
            var value = ratios[twelfths](this);
            foreach (var sign in (ReadOnlySpan<int>)[1, -1])
            {
                if ((sign > 0 ? value : value.Negated()).Minus(ratio, budget).Numerator.IsZero)
                    return Fraction.Of(generators.Pi).Times(Fraction.Of(new Rational((function == "arccos" ? 6 : 0) + (sign * twelfths * (function == "arccos" ? -1 : 1)), 12)), budget);
            }
        }
        return null;
    }
}
