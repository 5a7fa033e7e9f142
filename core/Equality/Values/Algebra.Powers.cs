using System.Numerics;

namespace GenPrm.Core.Equality.Values;

/// <summary>Powers and roots.</summary>
internal sealed partial class Algebra
{
    // Bits of an exponent: some thirty digits.
    private const int LongestExponent = 200;

    /// <summary>A power. Rational exponents of positive values become exponents of generators; a variable exponent is taken apart term by term: 4^{x+1} = 4 (2^x)².</summary>
    private Fraction Power(Fraction @base, Fraction exponent)
    {
        if (exponent.Constant is { } rational)
            return Power(@base, rational);
        if (@base.Constant is { IsOne: true })
            return Fraction.One;
        if (!exponent.Denominator.IsOne)
            return Fraction.Of(generators.Function("pow", @base, exponent));
        // (-1)^{n/2} is no power of (-1)^n.
        if (@base.Constant is { Sign: < 0 } negative && exponent.Numerator.Terms.Values.Any(c => !c.IsInteger))
            return Power(Fraction.Of(negative.Abs), exponent).Times(Fraction.Of(generators.Function("pow", Fraction.Of(-1), exponent)), budget);
        var result = Fraction.One;
        foreach (var (monomial, coefficient) in exponent.Numerator.Terms)
        {
            var factor = monomial.IsUnit ? Power(@base, coefficient) : PowerOfTerm(@base, monomial, coefficient);
            result = result.Times(factor, budget);
        }
        return result;
    }

    // base^(c·m) as the power c of the generators p^m, one for each factor of the base.
    private Fraction PowerOfTerm(Fraction @base, Monomial monomial, Rational coefficient)
    {
        var power = Fraction.Of(Polynomial.Of(monomial, 1));
        // Euler: e^{iθ} = cos θ + i sin θ.
        if (monomial.ExponentOf(generators.I).IsOne && @base.Key == Fraction.Of(generators.E).Key)
        {
            var angle = Fraction.Of(Polynomial.Of(monomial.Where(g => g.Kind != GeneratorKind.I), coefficient));
            return Turned(angle);
        }
        if (!@base.Denominator.IsOne || @base.Numerator.Terms.Count != 1)
            return Raised(generators.Function("pow", @base, power), coefficient);
        var (factors, number) = @base.Numerator.Leading();
        var result = Fraction.One;
        if (number.Sign < 0)
            result = Raised(generators.Function("pow", Fraction.Of(-1), power), coefficient);
        foreach (var (prime, exponent) in Factors(number.Abs))
            result = result.Times(Raised(generators.Function("pow", Fraction.Of(prime), power), coefficient * exponent), budget);
        foreach (var (generator, exponent) in factors.Factors)
            result = result.Times(Raised(generators.Function("pow", Fraction.Of(generator), power), coefficient * exponent), budget);
        return result;
    }

    private static Fraction Raised(Generator generator, Rational exponent) => Fraction.Of(Polynomial.Of(Monomial.Of(generator, exponent), 1));

    /// <summary>A power with a rational exponent.</summary>
    private Fraction Power(Fraction @base, Rational exponent)
    {
        if (exponent.IsInteger)
            return WholePower(@base, exponent.Numerator);
        if (@base.Numerator.IsZero)
            return exponent.Sign > 0 ? Fraction.Zero : throw new UndefinedException();
        if (!@base.Denominator.IsOne)
            return PowerOfQuotient(@base, exponent);
        if (@base.Numerator.Terms.Count > 1)
            return PowerOfSum(@base.Numerator, exponent);
        var (monomial, coefficient) = @base.Numerator.Leading();
        if (coefficient.Sign < 0 && exponent.Denominator.IsEven && !monomial.IsUnit && !AllPositive(monomial))
            return PowerOfSum(@base.Numerator, exponent);
        var result = PowerOfNumber(coefficient, exponent);
        foreach (var (generator, old) in monomial.Factors)
            result = result.Times(PowerOfGenerator(generator, old, exponent), budget);
        return result;
    }

    private Fraction WholePower(Fraction @base, BigInteger exponent)
    {
        if (exponent.IsZero)
            return Fraction.One;
        if (@base.Constant is { } number)
            return PowerOfNumber(number, exponent);
        if (BigInteger.Abs(exponent) > Budget.Degree)
            throw new TooLargeException();
        return @base.Power((int)exponent, budget);
    }

    /// <summary>A rational to a rational power. What is too large to be written out stays a power of its primes.</summary>
    private Fraction PowerOfNumber(Rational number, Rational exponent)
    {
        if (number.IsZero)
            return exponent.Sign > 0 ? Fraction.Zero : throw new UndefinedException();
        var result = Fraction.One;
        if (number.Sign < 0)
        {
            result = SignPower(exponent);
            number = -number;
        }
        if (number.IsOne)
            return result;
        var size = number.Bits * BigInteger.Abs(exponent.Numerator) / exponent.Denominator;
        if (exponent.Bits > LongestExponent || size > Budget.Magnitude)
            throw new TooLargeException();
        if (exponent.IsInteger && size <= Budget.Bits)
        {
            budget.Spend(1 + (long)(size / 64));
            return result.Times(Fraction.Of(number.Power((int)exponent.Numerator)), budget);
        }
        foreach (var (prime, times) in Factors(number))
        {
            var power = times * exponent;
            var isHuge = prime.Bits * (long)BigInteger.Abs(power.Floor) > Budget.Bits;
            var whole = isHuge
                ? Raised(generators.HugePower(prime), power.Floor)
                : Fraction.Of(prime.Power((int)power.Floor));
            result = result.Times(whole, budget);
            if (!power.IsInteger)
                result = result.Times(Raised(generators.Prime(prime), power - power.Floor), budget);
        }
        return result;
    }

    // (-1)^(p/q): odd roots of negative numbers are real, square roots imaginary.
    private Fraction SignPower(Rational exponent)
    {
        if (exponent.IsInteger || !exponent.Denominator.IsEven)
            return Fraction.Of(exponent.Numerator.IsEven ? 1 : -1);
        if (exponent.Denominator == 2)
            return Fraction.Of(Reduction.Power(Monomial.Of(generators.I, 1), (int)(exponent.Numerator & 3), budget));
        return Fraction.Of(generators.Function("pow", Fraction.Of(-1), Fraction.Of(exponent)));
    }

    private List<(Rational Prime, int Exponent)> Factors(Rational number)
    {
        var factors = new List<(Rational, int)>();
        foreach (var (prime, exponent) in Primes.Of(number.Numerator, budget))
            factors.Add((prime, exponent));
        foreach (var (prime, exponent) in Primes.Of(number.Denominator, budget))
            factors.Add((prime, -exponent));
        return factors;
    }

    // √(x²) is |x|: an even root of an even power of what may be negative.
    private Fraction PowerOfGenerator(Generator generator, Rational old, Rational exponent)
    {
        var power = old * exponent;
        if (generator.Kind == GeneratorKind.I)
            return Fraction.Of(generators.Function("pow", Raised(generator, old), Fraction.Of(exponent)));
        var mayBeNegative = !IsPositive(generator) && generator.Kind != GeneratorKind.Radical;
        if (mayBeNegative && exponent.Denominator.IsEven && old.IsInteger && old.Numerator.IsEven && !(power.IsInteger && power.Numerator.IsEven))
            return Raised(generators.Function("abs", Fraction.Of(generator)), power);
        return Fraction.Of(Reduction.Apply(Polynomial.Of(Monomial.Of(generator, power), 1), budget));
    }

    private static bool AllPositive(Monomial monomial)
    {
        foreach (var (generator, _) in monomial.Factors)
        {
            if (!IsPositive(generator))
                return false;
        }
        return true;
    }

    private static bool IsPositive(Generator generator) => generator.IsPositive || (generator.Function == "pow" && generator.Arguments[0].Constant is { Sign: > 0 });

    private Fraction PowerOfQuotient(Fraction value, Rational exponent)
    {
        if (value.Any(g => g.IsUnknown || g.Kind is GeneratorKind.Function or GeneratorKind.I))
            return Fraction.Of(generators.Function("pow", value, Fraction.Of(exponent)));
        var isNegative = Evaluation.SignOf(Fraction.Of(value.Denominator), budget) < 0;
        var (top, bottom) = isNegative ? (value.Numerator.Negated(), value.Denominator.Negated()) : (value.Numerator, value.Denominator);
        return Power(Fraction.Of(top), exponent).Times(Power(Fraction.Of(bottom), exponent).Inverse(budget), budget);
    }

    // √(12 + 8√3) = 2 √(3 + 2√3): the content comes out, the rest is a generator.
    private Fraction PowerOfSum(Polynomial sum, Rational exponent)
    {
        var scale = sum.Content();
        var isConstant = !sum.Any(g => g.IsUnknown || g.Kind is GeneratorKind.Function or GeneratorKind.I);
        if (isConstant ? Evaluation.SignOf(Fraction.Of(sum), budget) < 0 : !exponent.Denominator.IsEven && sum.Leading().Coefficient.Sign < 0)
            scale = -scale;
        var rest = sum.Scaled(1 / scale);
        var whole = exponent.Floor;
        if (BigInteger.Abs(whole) > 1_000)
            throw new TooLargeException();
        return PowerOfNumber(scale, exponent)
            .Times(Fraction.Of(rest).Power((int)whole, budget), budget)
            .Times(Raised(generators.Radical(Fraction.Of(rest)), exponent - whole), budget);
    }
}
