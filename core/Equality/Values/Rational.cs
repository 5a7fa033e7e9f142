using System.Numerics;

namespace GenPrm.Core.Equality.Values;

/// <summary>An exact fraction in lowest terms with a positive denominator.</summary>
internal readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    private readonly BigInteger denominatorLessOne;

    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new UndefinedException();
        if (!denominator.IsOne)
        {
            var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
            if (denominator.Sign < 0)
                common = -common;
            numerator /= common;
            denominator /= common;
        }
        Numerator = numerator;
        denominatorLessOne = denominator - 1;
    }

    private Rational(BigInteger integer) => Numerator = integer;

    public static Rational Zero => default;

    public static Rational One { get; } = new(BigInteger.One);

    public static Rational Half { get; } = new(1, 2);

    public BigInteger Numerator { get; }

    public BigInteger Denominator => denominatorLessOne + 1;

    public bool IsZero => Numerator.IsZero;

    public bool IsInteger => denominatorLessOne.IsZero;

    public bool IsOne => IsInteger && Numerator.IsOne;

    public int Sign => Numerator.Sign;

    /// <summary>Size of numerator and denominator together, in bits: the cost of working with it.</summary>
    public long Bits => Numerator.GetBitLength() + denominatorLessOne.GetBitLength();

    /// <summary>Steps of budget that the product takes: a thousandth of what schoolbook multiplication does, and the reduction to lowest terms.</summary>
    public static long CostOfProduct(Rational a, Rational b)
    {
        var bits = a.Bits + b.Bits;
        return a.IsInteger && b.IsInteger ? a.Bits * b.Bits / 4096 : bits * bits >> 16;
    }

    public Rational Abs => Sign < 0 ? -this : this;

    public BigInteger Floor => IsInteger ? Numerator : FloorOf(Numerator, Denominator);

    public BigInteger Ceiling => -(-this).Floor;

    public static implicit operator Rational(BigInteger integer) => new(integer);

    public static implicit operator Rational(int integer) => new((BigInteger)integer);

    public static Rational operator +(Rational a, Rational b)
        => a.IsInteger && b.IsInteger ? new(a.Numerator + b.Numerator) : new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Rational operator -(Rational a, Rational b) => a + -b;

    public static Rational operator -(Rational a) => a.IsInteger ? new(-a.Numerator) : new(-a.Numerator, a.Denominator);

    public static Rational operator *(Rational a, Rational b)
        => a.IsInteger && b.IsInteger ? new(a.Numerator * b.Numerator) : new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Rational operator /(Rational a, Rational b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    public static bool operator ==(Rational a, Rational b) => a.Equals(b);

    public static bool operator !=(Rational a, Rational b) => !a.Equals(b);

    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    /// <summary>Whether the value has a finite decimal expansion.</summary>
    public bool IsTerminating
    {
        get
        {
            var rest = Denominator;
            foreach (var prime in (ReadOnlySpan<int>)[2, 5])
            {
                while ((rest % prime).IsZero)
                    rest /= prime;
            }
            return rest.IsOne;
        }
    }

    public Rational Power(int exponent) => exponent >= 0
        ? new(BigInteger.Pow(Numerator, exponent), BigInteger.Pow(Denominator, exponent))
        : new(BigInteger.Pow(Denominator, -exponent), BigInteger.Pow(Numerator, -exponent));

    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public bool Equals(Rational other) => Numerator == other.Numerator && denominatorLessOne == other.denominatorLessOne;

    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Numerator, denominatorLessOne);

    public override string ToString() => IsInteger ? Numerator.ToString() : $"{Numerator}/{Denominator}";

    private static BigInteger FloorOf(BigInteger numerator, BigInteger denominator)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }
}
