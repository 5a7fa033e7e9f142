using System.Numerics;

namespace GenPrm.Core.Equality.Values;

/// <summary>Elementary functions of high-precision values.</summary>
internal static class Functions
{
    public static Complex Of(string function, Complex x) => function switch
    {
        "sin" => Circular(x).Sin,
        "cos" => Circular(x).Cos,
        "ln" => x.Ln(),
        "abs" => Complex.Of(x.Modulus()) with { Principal = x.Principal },
        "floor" => Complex.Of(Real.Of(Near(x).Floor())),
        "ceil" => Complex.Of(-Real.Of((-Near(x)).Floor())),
        "factorial" => Complex.Of(Factorial(x)),
        "doublefactorial" => Complex.Of(DoubleFactorial(x)),
        "sgn" or "sign" => Complex.Of(IsNearZero(Only(x)) ? 0 : x.Re.Sign),
        "arctan" => Complex.Of(Only(x).Atan()),
        "arcsin" => Complex.Of(ArcSin(Only(x))),
        "arccos" => Complex.Of(Real.Pi(x.Precision).Scale(-1) - ArcSin(Only(x))),
        "arccot" => Complex.Of(Real.Pi(x.Precision).Scale(-1) - Only(x).Atan()),
        "sinh" => (x.Exp() - (-x).Exp()) * Half,
        "cosh" => (x.Exp() + (-x).Exp()) * Half,
        "tanh" => (x.Exp() - (-x).Exp()) / (x.Exp() + (-x).Exp()),
        "coth" => (x.Exp() + (-x).Exp()) / (x.Exp() - (-x).Exp()),
        "sech" => Complex.One / ((x.Exp() + (-x).Exp()) * Half),
        "csch" => Complex.One / ((x.Exp() - (-x).Exp()) * Half),
        "conj" => x with { Im = -x.Im },
        "Re" => Complex.Of(x.Re),
        "Im" => Complex.Of(x.Im),
        _ => throw new NotParsedException(function),
    };

    public static Complex Of(string function, Complex x, Complex y) => function switch
    {
        "pow" => Power(x, y),
        "max" => Only(x) > Only(y) ? x : y,
        "min" => Only(x) > Only(y) ? y : x,
        "mod" => Complex.Of(Only(x) - (Only(y) * Real.Of(Near(x / y).Floor()))),
        "gcd" => Complex.Of(Real.Of(BigInteger.GreatestCommonDivisor(Whole(x), Whole(y)), x.Precision)),
        "lcm" => Complex.Of(Real.Of(BigInteger.Abs(Whole(x) / BigInteger.Max(1, BigInteger.GreatestCommonDivisor(Whole(x), Whole(y))) * Whole(y)), x.Precision)),
        "binom" => Complex.Of(Factorial(x) / (Factorial(y) * Factorial(x - y))),
        _ => throw new NotParsedException(function),
    };

    private static Complex Half { get; } = Complex.Of(Real.One.Scale(-1));

    // A whole exponent is a product: (-1)^n has a real value.
    private static Complex Power(Complex x, Complex y)
    {
        if (y.IsReal && y.Re.Magnitude < 20)
        {
            var whole = y.Re.Floor();
            if ((y.Re - Real.Of(whole)).IsZero)
                return x.Power(whole);
        }
        return x.Size.IsZero ? throw new UndefinedException() : (x.Ln() * y).Exp();
    }

    private static (Complex Sin, Complex Cos) Circular(Complex x)
    {
        if (x.IsReal)
        {
            var (sin, cos) = x.Re.SinCos();
            return (x with { Re = sin }, x with { Re = cos });
        }
        var (up, down) = ((Complex.I * x).Exp(), (-Complex.I * x).Exp());
        return ((up - down) / (Complex.I + Complex.I), (up + down) * Half);
    }

    private static Real Only(Complex x) => x.IsReal ? x.Re : throw new UndefinedException();

    /// <summary>Whether a function in pieces has an argument that is an end of a piece as far as can be seen, but not exactly.</summary>
    public static bool IsBesideStep(string function, IReadOnlyList<Complex> arguments) => function switch
    {
        "floor" or "ceil" => arguments[0].IsReal && IsBeside(arguments[0]),
        "mod" => arguments[0].IsReal && arguments[1].IsReal && !arguments[1].Re.IsZero && IsBeside(arguments[0] / arguments[1]),
        "sgn" or "sign" => arguments[0].IsReal && !arguments[0].Re.IsZero && IsNearZero(arguments[0].Re),
        _ => false,
    };

    private static BigInteger Whole(Complex x) => Near(x) is var value && (value - Real.Of(value.Floor(), value.Precision)).IsZero ? value.Floor() : throw new UndefinedException();

    private static bool IsBeside(Complex x) => !(Near(x) - x.Re).IsZero;

    private static bool IsNearZero(Real x) => x.Magnitude < -x.Precision / 2;

    // An integer that was computed lies a little beside itself.
    private static Real Near(Complex x)
    {
        var value = Only(x);
        var nearest = Real.Of((value + Real.One.Scale(-1)).Floor(), value.Precision);
        return IsNearZero(value - nearest) ? nearest : value;
    }

    private static Real ArcSin(Real x)
    {
        var rest = Real.One - (x * x);
        return rest.Sign < 0 ? throw new UndefinedException() : rest.IsZero ? Real.Pi(x.Precision).Scale(-1) * x : (x / rest.Sqrt()).Atan();
    }

    // Exact up to 500!, then Stirling's series, whose first twelve terms are good for 60 digits and more. A value that is asked for more precisely is too large.
    private static Real Factorial(Complex x)
    {
        var value = Near(x);
        var n = value.Floor();
        if (value.Sign < 0 || !(value - Real.Of(n)).IsZero)
            throw new UndefinedException();
        if (n <= 500)
        {
            var product = Real.Of(1, value.Precision);
            for (var factor = 2; factor <= n; factor++)
                product *= factor;
            return product;
        }
        if (x.Precision > Real.LeastPrecision)
            throw new TooCloseException();
        var sum = (((value + Real.One.Scale(-1)) * value.Ln()) - value) + ((2 * Real.Pi(x.Precision)).Ln() * Real.One.Scale(-1));
        var power = value;
        foreach (var (top, bottom) in StirlingCoefficients)
        {
            sum += Real.Of(new Rational(top, bottom)) / power;
            power *= value * value;
        }
        return sum.Exp();
    }

    private static Real DoubleFactorial(Complex x)
    {
        var value = Near(x);
        var n = value.Floor();
        if (n < -1 || n > 500 || !(value - Real.Of(n, value.Precision)).IsZero)
            throw new UndefinedException();
        var product = Real.Of(1, value.Precision);
        for (var factor = (int)n; factor > 1; factor -= 2)
            product *= factor;
        return product;
    }

    // B(2k) / (2k (2k - 1)).
    private static readonly (BigInteger Top, BigInteger Bottom)[] StirlingCoefficients =
    [
        (1, 12), (-1, 360), (1, 1260), (-1, 1680), (1, 1188), (-691, 360360), (1, 156), (-3617, 122400), (43867, 244188), (-174611, 125400), (77683, 5796), (-236364091, 1506960),
    ];
}
