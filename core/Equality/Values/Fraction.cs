namespace GenPrm.Core.Equality.Values;

/// <summary>A quotient of two polynomials. Not in lowest terms: equality is decided by the difference, whose numerator then vanishes.</summary>
internal sealed class Fraction
{
    private string? key;

    private Fraction(Polynomial numerator, Polynomial denominator) => (Numerator, Denominator) = (numerator, denominator);

    public static Fraction Zero { get; } = new(Polynomial.Zero, Polynomial.One);

    public static Fraction One { get; } = new(Polynomial.One, Polynomial.One);

    public Polynomial Numerator { get; }

    public Polynomial Denominator { get; }

    /// <summary>The value if it is rational, else null.</summary>
    public Rational? Constant => Denominator.IsOne ? Numerator.Constant : null;

    /// <summary>Names the fraction within its comparison. Equal keys, equal values; the reverse holds only without a denominator.</summary>
    public string Key => key ??= Denominator.IsOne ? Numerator.Key() : $"{Numerator.Key()}/{Denominator.Key()}";

    public static Fraction Of(Rational value) => new(Polynomial.Of(value), Polynomial.One);

    public static Fraction Of(Polynomial polynomial) => new(polynomial, Polynomial.One);

    public static Fraction Of(Generator generator) => new(Polynomial.Of(Monomial.Of(generator, 1), 1), Polynomial.One);

    public Fraction Plus(Fraction other, Budget budget)
    {
        if (Denominator.IsOne && other.Denominator.IsOne)
            return new(Numerator.Plus(other.Numerator, budget), Polynomial.One);
        if (Denominator.IsOne)
            return new(Numerator.Times(other.Denominator, budget).Plus(other.Numerator, budget), other.Denominator);
        if (other.Denominator.IsOne)
            return other.Plus(this, budget);
        if (ReferenceEquals(Denominator, other.Denominator) || Denominator.Key() == other.Denominator.Key())
            return new(Numerator.Plus(other.Numerator, budget), Denominator);
        return new(
            Numerator.Times(other.Denominator, budget).Plus(other.Numerator.Times(Denominator, budget), budget),
            Denominator.Times(other.Denominator, budget));
    }

    public Fraction Negated() => new(Numerator.Negated(), Denominator);

    public Fraction Minus(Fraction other, Budget budget) => Plus(other.Negated(), budget);

    public Fraction Times(Fraction other, Budget budget)
        => new(Numerator.Times(other.Numerator, budget), Denominator.Times(other.Denominator, budget));

    /// <summary>1 divided by this.</summary>
    public Fraction Inverse(Budget budget)
    {
        if (Numerator.IsZero)
            throw new UndefinedException();
        if (Numerator.Terms.Count > 1)
            return Canonical(Denominator, Numerator);
        // One term goes up into the numerator; a root of a sum goes up as its complement: 1/√s = √s/s.
        var (monomial, coefficient) = Numerator.Leading();
        var plain = Reduction.Power(monomial.Where(g => g.Kind != GeneratorKind.Radical), -1, budget).Scaled(1 / coefficient);
        var result = new Fraction(Denominator.Times(plain, budget), Polynomial.One);
        foreach (var (generator, exponent) in monomial.Factors)
        {
            if (generator.Kind != GeneratorKind.Radical)
                continue;
            var complement = Of(Polynomial.Of(Monomial.Of(generator, 1 - exponent), 1));
            result = result.Times(complement, budget).Times(Canonical(Polynomial.One, generator.Arguments[0].Numerator), budget);
        }
        return result;
    }

    public Fraction Power(int exponent, Budget budget)
    {
        if (exponent < 0)
            return Inverse(budget).Power(-exponent, budget);
        return new(Numerator.Power(exponent, budget), Denominator.IsOne ? Denominator : Denominator.Power(exponent, budget));
    }

    public bool Any(Func<Generator, bool> wanted) => Numerator.Any(wanted) || (!Denominator.IsOne && Denominator.Any(wanted));

    // A denominator without content and with a positive first coefficient makes keys meet more often.
    private static Fraction Canonical(Polynomial numerator, Polynomial denominator)
    {
        var scale = denominator.Content();
        if (denominator.Leading().Coefficient.Sign < 0)
            scale = -scale;
        return new(numerator.Scaled(1 / scale), denominator.Scaled(1 / scale));
    }
}
