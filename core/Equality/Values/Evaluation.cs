using System.Numerics;

namespace GenPrm.Core.Equality.Values;

/// <summary>Values of normal forms to high precision, with every variable at a point.</summary>
/// <param name="point">Where the variables are.</param>
/// <param name="precision">Bits of every number.</param>
/// <param name="budget">Counts the work.</param>
internal sealed class Evaluation(Point point, int precision, Budget budget)
{
    // An elementary function costs as much as about this many terms, a square root and a step as this many.
    private const int FunctionCost = 300;
    private const int RootCost = 60;
    private const int StepCost = 10;

    private readonly Dictionary<Generator, Complex> known = [];
    private readonly int dearness = precision switch { <= 256 => 1, <= 512 => 4, <= 1_024 => 12, _ => 40 };

    /// <summary>How many bits values of the size met so far may be apart without the difference being zero: cos 10⁻⁵⁰ is 1 in its first 333 bits. Grows with the digits
    /// and magnitudes inside of roots and functions; what is said of a difference holds if it was computed to more bits than that.</summary>
    public long Weight { get; private set; }

    /// <summary>Whether a number so near to an integer that it was taken for one decided a step, as in ⌊cos 10⁻⁵⁰⌋, or one under a root so near to zero that it was taken for it.</summary>
    public bool IsSnapped { get; private set; }

    /// <summary>The sign of a real constant: 0 where it vanishes.</summary>
    /// <exception cref="TooCloseException">It can not be told from zero.</exception>
    public static int SignOf(Fraction constant, Budget budget)
    {
        var top = ZeroTest.Of(constant.Numerator, Point.None, budget);
        if (top.Vanishes)
            return 0;
        return constant.Denominator.IsOne ? top.Value.Re.Sign : top.Value.Re.Sign * ZeroTest.Of(constant.Denominator, Point.None, budget).Value.Re.Sign;
    }

    /// <summary>A real constant's value.</summary>
    public static Real RealOf(Fraction constant, Budget budget) => new Evaluation(Point.None, Real.LeastPrecision, budget).Value(constant).Re;

    /// <summary>The floor of a real constant, or null where it is too near to an integer to tell.</summary>
    public static BigInteger? FloorOf(Fraction constant, Budget budget)
    {
        var value = RealOf(constant, budget);
        var floor = value.Floor();
        var above = value - Real.Of(floor);
        var near = Real.One.Scale(-Real.LeastPrecision / 2);
        return above < near || Real.One - above < near ? null : floor;
    }

    public Complex Value(Fraction fraction)
    {
        var top = Value(fraction.Numerator).Value;
        return fraction.Denominator.IsOne ? top : top / Divisor(fraction.Denominator);
    }

    /// <summary>The value, and the sum of the sizes of the terms it was made of.</summary>
    public (Complex Value, Real Size) Value(Polynomial polynomial)
    {
        var (sum, size) = (Complex.Zero, Real.Zero);
        foreach (var (monomial, coefficient) in polynomial.Terms)
        {
            budget.Spend(8 * dearness);
            var term = Complex.Of(Real.Of(coefficient, precision));
            foreach (var (generator, exponent) in monomial.Factors)
            {
                if (!exponent.IsInteger)
                    budget.Spend((exponent.Denominator == 2 ? RootCost : 2 * FunctionCost) * dearness);
                term *= Value(generator).Power(exponent);
            }
            sum += term;
            size += term.Size;
        }
        return (sum, size);
    }

    private Complex Divisor(Polynomial denominator) => Value(denominator) is var (value, size) && value.Size.Vanishes(size) ? throw new UndefinedException() : value;

    private Complex Value(Generator generator)
    {
        if (known.TryGetValue(generator, out var value))
            return value;
        value = generator.Kind switch
        {
            GeneratorKind.Variable => Complex.Of(Real.Of(point[generator.Name], precision)),
            GeneratorKind.Prime => Radicand(generator.Prime),
            GeneratorKind.HugePower => Complex.Of(Real.Of(generator.Prime, precision)),
            GeneratorKind.I => Complex.I,
            GeneratorKind.Pi => Complex.Of(Real.Pi(precision)),
            GeneratorKind.E => Complex.Of(Real.Of(1, precision).Exp()),
            GeneratorKind.Radical => Argument(generator.Arguments[0]),
            _ => Function(generator),
        };
        known[generator] = value;
        return value;
    }

    private Complex Function(Generator generator)
    {
        // A function that is only a name, and a sum over a symbolic range, are as good as a variable.
        if (generator.IsNamed)
            return Complex.Of(Real.Of(point[generator.Name], precision));
        if (generator.IsStep)
        {
            budget.Spend(StepCost * dearness);
            var values = generator.Arguments.Select(Value).ToArray();
            IsSnapped |= Functions.IsBesideStep(generator.Function, values);
            return values.Length == 1 ? Functions.Of(generator.Function, values[0]) : values.Skip(1).Aggregate(values[0], (x, y) => Functions.Of(generator.Function, x, y));
        }
        // Logarithms and arcs are found by several exponentials or roots.
        budget.Spend(generator.Function switch { "ln" or "pow" => 2, "arcsin" or "arccos" or "arctan" or "arccot" => 4, _ => 1 } * FunctionCost * dearness);
        var arguments = generator.Arguments.Select(Argument).ToArray();
        var result = arguments.Length switch
        {
            1 => Functions.Of(generator.Function, arguments[0]),
            2 => Functions.Of(generator.Function, arguments[0], arguments[1]),
            _ => throw new NotParsedException(generator.Function),
        };
        // tanh x is 1 but for e^{-2x}.
        Weight += generator.Function switch
        {
            "pow" => Bits(result),
            "sinh" or "cosh" or "tanh" or "coth" or "sech" or "csch" => arguments[0].Size.Magnitude > 20 ? throw new TooLargeException() : (long)(3 * arguments[0].Size.ToDouble()),
            _ => 0,
        };
        return result;
    }

    private Complex Radicand(Rational prime)
    {
        Weight += prime.Bits - 1;
        return Complex.Of(Real.Of(prime, precision));
    }

    // What stands under a root or in a function, where a small difference may be lost.
    private Complex Argument(Fraction argument)
    {
        Weight += argument.Numerator.Digits + (argument.Denominator.IsOne ? 0 : argument.Denominator.Digits);
        var (top, size) = Value(argument.Numerator);
        if (!top.Size.IsZero && top.Size.Vanishes(size))
            (top, IsSnapped) = (Complex.Zero, true);
        var value = argument.Denominator.IsOne ? top : top / Divisor(argument.Denominator);
        Weight += Bits(value);
        return value;
    }

    private static long Bits(Complex value) => value.Size.IsZero ? 0 : Math.Abs(value.Size.Magnitude);
}
