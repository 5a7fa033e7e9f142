namespace GenPrm.Core.Equality.Values;

/// <summary>A complex number of high precision. <see cref="Principal"/> tells that a branch was chosen on the way (the even root or
/// logarithm of a negative number), where real algebra would have had no value.</summary>
internal readonly record struct Complex(Real Re, Real Im, bool Principal = false)
{
    public static Complex Zero => default;

    public static Complex One { get; } = new(Real.One, Real.Zero);

    public static Complex I { get; } = new(Real.Zero, Real.One);

    public bool IsReal => Im.IsZero;

    public int Precision => Math.Max(Re.Precision, Im.Precision);

    /// <summary>An upper bound of the modulus that is at most twice too large.</summary>
    public Real Size => Re.Abs + Im.Abs;

    public static Complex Of(Real value) => new(value, Real.Zero);

    public static Complex operator +(Complex a, Complex b) => new(a.Re + b.Re, a.Im + b.Im, a.Principal || b.Principal);

    public static Complex operator -(Complex a) => new(-a.Re, -a.Im, a.Principal);

    public static Complex operator -(Complex a, Complex b) => a + -b;

    public static Complex operator *(Complex a, Complex b) => a.IsReal && b.IsReal
        ? new(a.Re * b.Re, Real.Zero, a.Principal || b.Principal)
        : new((a.Re * b.Re) - (a.Im * b.Im), (a.Re * b.Im) + (a.Im * b.Re), a.Principal || b.Principal);

    public static Complex operator /(Complex a, Complex b)
    {
        if (b.IsReal)
            return new(a.Re / b.Re, a.Im / b.Re, a.Principal || b.Principal);
        var norm = (b.Re * b.Re) + (b.Im * b.Im);
        return a * new Complex(b.Re / norm, -b.Im / norm, b.Principal);
    }

    public Complex Exp()
    {
        var size = Re.Exp();
        if (IsReal)
            return this with { Re = size };
        var (sin, cos) = Im.SinCos();
        return new(size * cos, size * sin, Principal);
    }

    public Complex Ln()
    {
        if (IsReal && Re.Sign > 0)
            return this with { Re = Re.Ln() };
        return new(Modulus().Ln(), Angle(), true);
    }

    public Real Modulus() => IsReal ? Re.Abs : ((Re * Re) + (Im * Im)).Sqrt();

    /// <summary>The power with a rational exponent. Odd roots of negative numbers are real, as school has it.</summary>
    public Complex Power(Rational exponent)
    {
        if (exponent.IsInteger && exponent.Numerator.GetBitLength() < 31)
            return Power((int)exponent.Numerator);
        if (Size.IsZero)
            return exponent.Sign > 0 ? this : throw new UndefinedException();
        if (exponent == Rational.Half && IsReal)
            return Re.Sign >= 0 ? this with { Re = Re.Sqrt() } : new(Real.Zero, (-Re).Sqrt(), true);
        if (IsReal && Re.Sign < 0 && !exponent.Denominator.IsEven)
        {
            var root = (Of(-Re).Ln() * Of(Real.Of(exponent, Precision))).Exp() with { Principal = Principal };
            return exponent.Numerator.IsEven ? root : -root;
        }
        return (Ln() * Of(Real.Of(exponent, Precision))).Exp();
    }

    private Complex Power(int exponent)
    {
        if (Size.Magnitude > 0 && Size.Magnitude * Math.Abs((long)exponent) > 2 * Budget.Magnitude)
            throw new TooLargeException();
        var (result, square) = (One with { Principal = Principal }, exponent < 0 ? One / this : this);
        for (var rest = Math.Abs((long)exponent); rest > 0; rest >>= 1)
        {
            if ((rest & 1) == 1)
                result *= square;
            if (rest > 1)
                square *= square;
        }
        return result;
    }

    private Real Angle()
    {
        var pi = Real.Pi(Precision);
        if (Re.IsZero)
            return Im.Sign < 0 ? -pi.Scale(-1) : pi.Scale(-1);
        var angle = (Im / Re).Atan();
        return Re.Sign > 0 ? angle : Im.Sign < 0 ? angle - pi : angle + pi;
    }
}
