namespace GenPrm.Core.Equality.Values;

/// <summary>Absolute values, moduli and conjugates.</summary>
internal sealed partial class Algebra
{
    private Fraction Abs(Fraction value)
    {
        if (value.Constant is { } number)
            return Fraction.Of(number.Abs);
        if (value.Any(g => g.IsUnknown || g.Kind == GeneratorKind.Function))
        {
            if (value.Denominator.IsOne && value.Numerator.Terms.Count == 1)
                return AbsOfTerm(value.Numerator.Leading());
            return Fraction.Of(generators.Function("abs", value.Numerator.Leading().Coefficient.Sign < 0 ? value.Negated() : value));
        }
        if (value.Any(g => g.Kind == GeneratorKind.I))
            return Modulus(value);
        return Evaluation.SignOf(value, budget) < 0 ? value.Negated() : value;
    }

    private Fraction AbsOfTerm((Monomial Monomial, Rational Coefficient) term)
    {
        var result = Fraction.Of(term.Coefficient.Abs);
        foreach (var (generator, exponent) in term.Monomial.Factors)
        {
            var isPositive = IsPositive(generator) || generator.Function == "abs" || (exponent.IsInteger && exponent.Numerator.IsEven);
            result = result.Times(Raised(isPositive ? generator : generators.Function("abs", Fraction.Of(generator)), exponent), budget);
        }
        return result;
    }

    private Fraction Modulus(Fraction value)
    {
        if (!value.Denominator.IsOne)
            return Modulus(Fraction.Of(value.Numerator)).Times(Modulus(Fraction.Of(value.Denominator)).Inverse(budget), budget);
        var parts = value.Numerator.By(g => g.Kind == GeneratorKind.I, budget);
        var squares = Polynomial.Zero;
        foreach (var part in parts.Values)
            squares = squares.Plus(part.Times(part, budget), budget);
        return Power(Fraction.Of(squares), Rational.Half);
    }

    // i becomes -i where everything else is a real constant.
    private Fraction Conjugate(Fraction value)
    {
        if (value.Any(g => g.Kind is GeneratorKind.Variable or GeneratorKind.Function or GeneratorKind.Radical))
            return Fraction.Of(generators.Function("conj", value));
        return Conjugate(value.Numerator).Times(Conjugate(value.Denominator).Inverse(budget), budget);
    }

    private Fraction Conjugate(Polynomial value)
    {
        var sum = Polynomial.Zero;
        foreach (var (monomial, coefficient) in value.Terms)
            sum = sum.Plus(Polynomial.Of(monomial, monomial.ExponentOf(generators.I).IsOne ? -coefficient : coefficient), budget);
        return Fraction.Of(sum);
    }
}
