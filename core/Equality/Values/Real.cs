using System.Numerics;

namespace GenPrm.Core.Equality.Values;

/// <summary>A binary floating-point number of <see cref="Precision"/> bits: <c>mantissa · 2^exponent</c>. Every operation rounds once, so
/// that an expression of a few hundred operations keeps far more digits than a comparison looks at.</summary>
internal readonly struct Real
{
    /// <summary>Bits of a mantissa.</summary>
    public const int Precision = 256;

    // Bits after the point inside of a series.
    private const int Working = Precision + 64;

    private static readonly BigInteger FixedOne = BigInteger.One << Working;

    private readonly BigInteger mantissa;
    private readonly long exponent;

    private Real(BigInteger mantissa, long exponent)
    {
        var excess = (long)mantissa.GetBitLength() - Precision;
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

    public static Real One { get; } = new(1, 0);

    public static Real Pi { get; } = ComputePi();

    public static Real Ln2 { get; } = ComputeLn2();

    public bool IsZero => mantissa.IsZero;

    public int Sign => mantissa.Sign;

    public Real Abs => Sign < 0 ? -this : this;

    /// <summary>The position of the leading bit: the value lies in <c>[2^(n-1), 2^n)</c>. Very low for zero.</summary>
    public long Magnitude => IsZero ? long.MinValue / 4 : (long)BigInteger.Abs(mantissa).GetBitLength() + exponent;

    public static implicit operator Real(int value) => new(value, 0);

    public static Real Of(BigInteger value) => new(value, 0);

    public static Real Of(Rational value)
    {
        if (value.IsInteger)
            return new(value.Numerator, 0);
        var shift = (int)Math.Max(0, Precision + 8 + value.Denominator.GetBitLength() - value.Numerator.GetBitLength());
        return new((value.Numerator << shift) / value.Denominator, -shift);
    }

    public static Real operator -(Real a) => new(-a.mantissa, a.exponent);

    public static Real operator +(Real a, Real b)
    {
        if (a.IsZero)
            return b;
        if (b.IsZero)
            return a;
        if (a.exponent < b.exponent)
            (a, b) = (b, a);
        // Keep the larger one's scale: what lies more than two precisions below it can not be seen.
        if (a.Magnitude - b.Magnitude > 2 * Precision)
            return a;
        if (b.Magnitude - a.Magnitude > 2 * Precision)
            return b;
        return new((a.mantissa << (int)(a.exponent - b.exponent)) + b.mantissa, b.exponent);
    }

    public static Real operator -(Real a, Real b) => a + -b;

    public static Real operator *(Real a, Real b) => new(a.mantissa * b.mantissa, a.exponent + b.exponent);

    public static Real operator /(Real a, Real b)
    {
        if (b.IsZero)
            throw new UndefinedException();
        return new((a.mantissa << (2 * Precision)) / b.mantissa, a.exponent - b.exponent - (2 * Precision));
    }

    public static bool operator <(Real a, Real b) => (a - b).Sign < 0;

    public static bool operator >(Real a, Real b) => (a - b).Sign > 0;

    /// <summary>Multiplies by a power of two, exactly.</summary>
    public Real Scale(long bits) => new(mantissa, exponent + bits);

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
        return new(IntegerRoot(mantissa << shift), (exponent - shift) / 2);
    }

    public Real Exp()
    {
        if (Magnitude > 40)
            throw new TooLargeException();
        var twos = (this / Ln2).Floor();
        const int Halvings = 12;
        var small = (this - (Of(twos) * Ln2)).Fixed() >> Halvings;
        BigInteger sum = FixedOne, term = FixedOne;
        for (var n = 1; !term.IsZero; n++)
        {
            term = (term * small >> Working) / n;
            sum += term;
        }
        for (var n = 0; n < Halvings; n++)
            sum = sum * sum >> Working;
        return new Real(sum, -Working).Scale((long)twos);
    }

    public Real Ln()
    {
        if (Sign <= 0)
            throw new UndefinedException();
        var twos = Magnitude;
        var value = Scale(-twos);
        if ((value - One).IsZero)
            return Ln2 * Of(twos);
        // Halley's steps on exp, from a double's sixteen digits: each triples them.
        var guess = Of(Math.Log(value.ToDouble()));
        for (var step = 0; step < 2; step++)
        {
            var power = guess.Exp();
            guess += 2 * ((value - power) / (value + power));
        }
        return guess + (Ln2 * Of(twos));
    }

    /// <summary>Sine and cosine.</summary>
    public (Real Sin, Real Cos) SinCos()
    {
        if (Magnitude > 64)
            throw new TooLargeException();
        var quarter = Pi.Scale(-1);
        var quadrant = ((this / quarter) + One.Scale(-1)).Floor();
        var rest = this - (Of(quadrant) * quarter);
        const int Halvings = 8;
        // With cos - 1 doubling keeps the digits that cos near 1 would lose: half the angle gives both.
        var half = rest.Fixed() >> (Halvings + 1);
        var square = half * half >> Working;
        BigInteger series = half, term = half;
        for (var n = 1; !term.IsZero; n++)
        {
            term = -(term * square >> Working) / (2 * n * ((2 * n) + 1));
            series += term;
        }
        var sine = series * IntegerRoot((FixedOne - (series * series >> Working)) << Working) >> (Working - 1);
        var cosLess = -(series * series >> (Working - 1));
        for (var n = 0; n < Halvings; n++)
            (sine, cosLess) = (sine * (FixedOne + cosLess) >> (Working - 1), -(sine * sine >> (Working - 1)));
        var (sin, cos) = (new Real(sine, -Working), new Real(FixedOne + cosLess, -Working));
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
        if (Abs > One)
            return (Sign < 0 ? -Pi.Scale(-1) : Pi.Scale(-1)) - (One / this).Atan();
        var small = this;
        const int Halvings = 6;
        for (var n = 0; n < Halvings; n++)
            small /= One + (One + (small * small)).Sqrt();
        var fix = small.Fixed();
        var square = -(fix * fix >> Working);
        BigInteger sum = fix, power = fix;
        for (var n = 3; !power.IsZero && power != -1; n += 2)
        {
            power = power * square >> Working;
            sum += power / n;
        }
        return new Real(sum, -Working).Scale(Halvings);
    }

    /// <summary>Whether the value is zero beside <paramref name="scale"/>, the size of the terms it was made of.</summary>
    public bool Vanishes(Real scale) => IsZero || Magnitude < scale.Magnitude - (Precision * 3 / 4);

    public double ToDouble()
    {
        if (IsZero)
            return 0;
        var shift = (int)BigInteger.Abs(mantissa).GetBitLength() - 60;
        var head = shift > 0 ? (double)(mantissa >> shift) : (double)mantissa;
        return Math.ScaleB(head, (int)Math.Clamp(exponent + Math.Max(shift, 0), -5000, 5000));
    }

    private static Real Of(long value) => new(value, 0);

    private static Real Of(double value)
    {
        var scaled = Math.ScaleB(value, 60);
        return new(new BigInteger(scaled), -60);
    }

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

    // Machin's formula in integers with guard bits.
    private static Real ComputePi()
    {
        const int Shift = Precision + 64;
        return new((16 * ArctanOfInverse(5, Shift)) - (4 * ArctanOfInverse(239, Shift)), -Shift);
    }

    private static BigInteger ArctanOfInverse(int x, int shift)
    {
        BigInteger power = (BigInteger.One << shift) / x, sum = power;
        for (var n = 3; !power.IsZero; n += 2)
        {
            power /= -(x * x);
            sum += power / n;
        }
        return sum;
    }

    // ln 2 = 2 artanh(1/3).
    private static Real ComputeLn2()
    {
        const int Shift = Precision + 64;
        BigInteger power = (BigInteger.One << Shift) / 3, sum = power;
        for (var n = 3; !power.IsZero; n += 2)
        {
            power /= 9;
            sum += power / n;
        }
        return new(2 * sum, -Shift);
    }
}
