using System.Numerics;

namespace GenPrm.Core.Equality.Values;

/// <summary>A binary floating-point number, <c>mantissa · 2^exponent</c>. Every operation rounds once, to the higher precision of its operands,
/// so that an expression of a few hundred operations keeps far more digits than a comparison looks at.</summary>
internal readonly struct Real
{
    /// <summary>Bits of a mantissa, at the least.</summary>
    public const int LeastPrecision = 256;

    // Bits that a series has more than its result.
    private const int Guard = 64;

    private readonly BigInteger mantissa;
    private readonly long exponent;
    private readonly int more;

    private Real(BigInteger mantissa, long exponent, int precision)
    {
        more = precision - LeastPrecision;
        var excess = (long)mantissa.GetBitLength() - precision;
        if (excess > 0)
        {
            mantissa >>= (int)excess;
            exponent += excess;
        }
        this.mantissa = mantissa;
        this.exponent = mantissa.IsZero ? 0 : exponent;
        if (Math.Abs(this.exponent) > 4 * Budget.Magnitude)
            throw new TooLargeException();
    }

    public static Real Zero => default;

    public static Real One { get; } = new(1, 0, LeastPrecision);

    /// <summary>Bits of the mantissa.</summary>
    public int Precision => LeastPrecision + more;

    public bool IsZero => mantissa.IsZero;

    public int Sign => mantissa.Sign;

    public Real Abs => Sign < 0 ? -this : this;

    /// <summary>The position of the leading bit: the value lies in <c>[2^(n-1), 2^n)</c>. Very low for zero.</summary>
    public long Magnitude => IsZero ? long.MinValue / 4 : (long)BigInteger.Abs(mantissa).GetBitLength() + exponent;

    public static implicit operator Real(int value) => new(value, 0, LeastPrecision);

    public static Real Of(BigInteger value, int precision = LeastPrecision) => new(value, 0, precision);

    public static Real Of(Rational value, int precision = LeastPrecision)
    {
        if (value.IsInteger)
            return new(value.Numerator, 0, precision);
        var shift = (int)Math.Max(0, precision + 8 + value.Denominator.GetBitLength() - value.Numerator.GetBitLength());
        return new((value.Numerator << shift) / value.Denominator, -shift, precision);
    }

    /// <summary>π.</summary>
    public static Real Pi(int precision) => new(Constants.Pi(precision + Guard), -precision - Guard, precision);

    public static Real operator -(Real a) => new(-a.mantissa, a.exponent, a.Precision);

    public static Real operator +(Real a, Real b)
    {
        if (a.IsZero)
            return b;
        if (b.IsZero)
            return a;
        if (a.exponent < b.exponent)
            (a, b) = (b, a);
        // Keep the larger one's scale: what lies more than two precisions below it can not be seen.
        var precision = Math.Max(a.Precision, b.Precision);
        if (a.Magnitude - b.Magnitude > 2 * precision)
            return new(a.mantissa, a.exponent, precision);
        if (b.Magnitude - a.Magnitude > 2 * precision)
            return new(b.mantissa, b.exponent, precision);
        return new((a.mantissa << (int)(a.exponent - b.exponent)) + b.mantissa, b.exponent, precision);
    }

    public static Real operator -(Real a, Real b) => a + -b;

    public static Real operator *(Real a, Real b) => new(a.mantissa * b.mantissa, a.exponent + b.exponent, Math.Max(a.Precision, b.Precision));

    public static Real operator /(Real a, Real b)
    {
        if (b.IsZero)
            throw new UndefinedException();
        var precision = Math.Max(a.Precision, b.Precision);
        return new((a.mantissa << (2 * precision)) / b.mantissa, a.exponent - b.exponent - (2 * precision), precision);
    }

    public static bool operator <(Real a, Real b) => (a - b).Sign < 0;

    public static bool operator >(Real a, Real b) => (a - b).Sign > 0;

    /// <summary>Multiplies by a power of two, exactly.</summary>
    public Real Scale(long bits) => new(mantissa, exponent + bits, Precision);

    /// <summary>The nearest integer below or at the value.</summary>
    public BigInteger Floor()
    {
        if (exponent > Budget.Bits)
            throw new TooLargeException();
        if (exponent >= 0)
            return mantissa << (int)exponent;
        // Shifts of negative numbers round down, as a floor does.
        return exponent < -(2 * Precision) ? (Sign < 0 ? -1 : 0) : mantissa >> (int)-exponent;
    }

    public Real Sqrt()
    {
        if (Sign < 0)
            throw new UndefinedException();
        if (IsZero)
            return this;
        var shift = 2 * Precision;
        if (((exponent - shift) & 1) != 0)
            shift++;
        return new(IntegerRoot(mantissa << shift), (exponent - shift) / 2, Precision);
    }

    public Real Exp()
    {
        if (Magnitude > 40)
            throw new TooLargeException();
        var twos = (this / Ln2(Precision)).Floor();
        const int Halvings = 12;
        var working = Working;
        var small = (this - (Of(twos, Precision) * Ln2(Precision))).Fixed() >> Halvings;
        BigInteger sum = BigInteger.One << working, term = sum;
        for (var n = 1; !term.IsZero; n++)
        {
            term = (term * small >> working) / n;
            sum += term;
        }
        for (var n = 0; n < Halvings; n++)
            sum = sum * sum >> working;
        return new Real(sum, -working, Precision).Scale((long)twos);
    }

    public Real Ln()
    {
        if (Sign <= 0)
            throw new UndefinedException();
        if ((this - One).Magnitude < -4)
            return LnNearOne();
        var twos = Magnitude;
        var value = Scale(-twos);
        // Halley's steps on exp, from a double's sixteen digits: each triples them.
        var guess = Of(Math.Log(value.ToDouble()), Precision);
        for (var right = 45; right < Precision; right *= 3)
        {
            var power = guess.Exp();
            guess += 2 * ((value - power) / (value + power));
        }
        return guess + (Ln2(Precision) * Of(twos));
    }

    // ln x = 2 artanh((x - 1) / (x + 1)), which keeps the digits of x - 1.
    private Real LnNearOne()
    {
        var ratio = (this - One) / (this + One);
        var (sum, power, square) = (ratio, ratio, ratio * ratio);
        for (var n = 3; power.Magnitude > sum.Magnitude - Precision && !power.IsZero; n += 2)
        {
            power *= square;
            sum += power / n;
        }
        return sum.Scale(1);
    }

    /// <summary>Sine and cosine.</summary>
    public (Real Sin, Real Cos) SinCos()
    {
        if (Magnitude > 64)
            throw new TooLargeException();
        // Beside 1 the square of what is so small can not be seen.
        if (Magnitude < -(Precision + Guard) / 2)
            return (this, One - (this * this).Scale(-1));
        var (quarter, working) = (Pi(Precision).Scale(-1), Working);
        var one = BigInteger.One << working;
        var quadrant = ((this / quarter) + One.Scale(-1)).Floor();
        var rest = this - (Of(quadrant, Precision) * quarter);
        const int Halvings = 8;
        // With cos - 1 doubling keeps the digits that cos near 1 would lose: half the angle gives both.
        var half = rest.Fixed() >> (Halvings + 1);
        var square = half * half >> working;
        BigInteger series = half, term = half;
        for (var n = 1; !term.IsZero; n++)
        {
            term = -(term * square >> working) / (2 * n * ((2 * n) + 1));
            series += term;
        }
        var sine = series * IntegerRoot((one - (series * series >> working)) << working) >> (working - 1);
        var cosLess = -(series * series >> (working - 1));
        for (var n = 0; n < Halvings; n++)
            (sine, cosLess) = (sine * (one + cosLess) >> (working - 1), -(sine * sine >> (working - 1)));
        var (sin, cos) = (new Real(sine, -working, Precision), new Real(one + cosLess, -working, Precision));
        return (int)(quadrant & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    public Real Atan()
    {
        if (Magnitude < -(Precision + Guard) / 2)
            return this;
        if (Abs > One)
            return (Sign < 0 ? -Pi(Precision).Scale(-1) : Pi(Precision).Scale(-1)) - (One / this).Atan();
        var small = this;
        const int Halvings = 6;
        for (var n = 0; n < Halvings; n++)
            small /= One + (One + (small * small)).Sqrt();
        var (fix, working) = (small.Fixed(), Working);
        var square = -(fix * fix >> working);
        BigInteger sum = fix, power = fix;
        for (var n = 3; !power.IsZero && power != -1; n += 2)
        {
            power = power * square >> working;
            sum += power / n;
        }
        return new Real(sum, -working, Precision).Scale(Halvings);
    }

    /// <summary>Whether the value is zero beside <paramref name="scale"/>, the size of the terms it was made of.</summary>
    public bool Vanishes(Real scale) => Vanishes(scale, Precision);

    /// <summary>Whether the value is zero beside <paramref name="scale"/> for all that numbers of so many bits say.</summary>
    public bool Vanishes(Real scale, int precision) => IsZero || Magnitude < scale.Magnitude - (precision * 3 / 4);

    public double ToDouble()
    {
        if (IsZero)
            return 0;
        var shift = (int)BigInteger.Abs(mantissa).GetBitLength() - 60;
        var head = shift > 0 ? (double)(mantissa >> shift) : (double)mantissa;
        return Math.ScaleB(head, (int)Math.Clamp(exponent + Math.Max(shift, 0), -5000, 5000));
    }

    private static Real Of(long value) => new(value, 0, LeastPrecision);

    private static Real Of(double value, int precision) => new(new BigInteger(Math.ScaleB(value, 60)), -60, precision);

    private static Real Ln2(int precision) => new(Constants.Ln2(precision + Guard), -precision - Guard, precision);

    // Bits after the point inside of a series.
    private int Working => Precision + Guard;

    // The value in units of 2^-Working, for series of small numbers.
    private BigInteger Fixed()
    {
        var shift = exponent + Working;
        return shift >= 0 ? mantissa << (int)shift : shift < -2 * Working ? BigInteger.Zero : mantissa >> (int)-shift;
    }

    // Newton's steps from above, beginning with a double's fifteen digits.
    private static BigInteger IntegerRoot(BigInteger value)
    {
        if (value.IsZero)
            return value;
        var shift = (int)Math.Max(0, value.GetBitLength() - 100) & ~1;
        var root = (new BigInteger(Math.Sqrt((double)(value >> shift))) + (BigInteger.One << 8)) << (shift / 2);
        while (true)
        {
            var next = (root + (value / root)) >> 1;
            if (next >= root)
                return root;
            root = next;
        }
    }
}
