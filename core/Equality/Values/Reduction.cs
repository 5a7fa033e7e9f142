namespace GenPrm.Core.Equality.Values;

/// <summary>Uses up the relations of generators: i² = -1, (√p)² = p, (√(sum))² = sum.</summary>
internal static class Reduction
{
    /// <summary>Whether some relation applies to the monomial.</summary>
    public static bool Applies(Monomial monomial)
    {
        foreach (var (generator, exponent) in monomial.Factors)
        {
            if (Applies(generator, exponent))
                return true;
        }
        return false;
    }

    public static Polynomial Apply(Polynomial polynomial, Budget budget)
    {
        var sum = Polynomial.Zero;
        foreach (var (monomial, coefficient) in polynomial.Terms)
        {
            var term = Applies(monomial) ? Apply(monomial, budget).Scaled(coefficient) : Polynomial.Of(monomial, coefficient);
            sum = sum.Plus(term, budget);
        }
        return sum;
    }

    /// <summary>A monomial to an integer power. Negative ones only where no root of a sum is a factor.</summary>
    public static Polynomial Power(Monomial monomial, int exponent, Budget budget)
    {
        var power = Monomial.Unit;
        foreach (var (generator, old) in monomial.Factors)
        {
            var grown = old * exponent;
            if (grown.Abs > Budget.Degree && generator.Kind == GeneratorKind.Variable)
                throw new TooLargeException();
            power *= Monomial.Of(generator, grown);
        }
        return Applies(power) ? Apply(power, budget) : Polynomial.Of(power, 1);
    }

    private static bool Applies(Generator generator, Rational exponent) => generator.Kind switch
    {
        GeneratorKind.I => !exponent.IsOne,
        GeneratorKind.Prime => exponent.Sign < 0 || !(exponent < 1),
        GeneratorKind.Radical => !(exponent < 1),
        _ => false,
    };

    private static Polynomial Apply(Monomial monomial, Budget budget)
    {
        budget.Spend(4);
        Rational coefficient = 1;
        var rest = Monomial.Unit;
        var sums = Polynomial.One;
        foreach (var (generator, exponent) in monomial.Factors)
        {
            if (!Applies(generator, exponent))
            {
                rest *= Monomial.Of(generator, exponent);
                continue;
            }
            var whole = exponent.Floor;
            if (generator.Kind == GeneratorKind.I)
            {
                var turn = (int)(whole & 3);
                coefficient *= turn >= 2 ? -1 : 1;
                rest *= Monomial.Of(generator, turn & 1);
                continue;
            }
            rest *= Monomial.Of(generator, exponent - whole);
            if (whole.GetBitLength() > 20)
                throw new TooLargeException();
            if (generator.Kind == GeneratorKind.Prime)
            {
                budget.Spend((long)generator.Prime.Bits * Math.Abs((int)whole) / 64);
                if (generator.Prime.Bits * Math.Abs((int)whole) > Budget.Bits)
                    throw new TooLargeException();
                coefficient *= generator.Prime.Power((int)whole);
            }
            else
            {
                sums = sums.Times(generator.Arguments[0].Numerator.Power((int)whole, budget), budget);
            }
        }
        return Polynomial.Of(rest, coefficient).Times(sums, budget);
    }
}
