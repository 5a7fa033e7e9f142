using System.Numerics;
using GenPrm.Core.Equality.Grammar;

namespace GenPrm.Core.Equality.Values;

/// <summary>Functions: exact values where there are some, else a generator named by the function and its argument.</summary>
internal sealed partial class Algebra
{
    private Fraction Call(Node.Call call)
    {
        var arguments = call.Arguments;
        switch (call.Function)
        {
            case "sin" or "cos" or "tan" or "cot" or "sec" or "csc" when arguments is [var angle]:
                return Circular(call.Function, Angle(angle));
            case "ln" when arguments is [var x]:
                return Ln(Value(x));
            case "lg" when arguments is [var x]:
                return Ln(Value(x)).Times(Ln(Fraction.Of(10)).Inverse(budget), budget);
            case "log":
                return Log(arguments);
            case "exp" when arguments is [var x]:
                return Power(Fraction.Of(generators.E), Value(x));
            case "cis" when arguments is [var angle]:
                return Turned(Angle(angle));
            case "abs" when arguments is [var x]:
                return Abs(Value(x));
            case "conj" when arguments is [var x]:
                return Conjugate(Value(x));
            case "floor" or "ceil" when arguments is [var x]:
                return Rounded(call.Function, Value(x));
            case "factorial" when arguments is [var x]:
                return Factorial(Value(x));
            case "permutations" when arguments is [var n, var k]:
                return Binomial(Value(n), Value(k)).Times(Factorial(Value(k)), budget);
            case "binom" when arguments is [var n, var k]:
                return Binomial(Value(n), Value(k));
            default:
                return Other(call.Function, [.. arguments.Select(Value)]);
        }
    }

    private Fraction Log(IReadOnlyList<Node> arguments)
    {
        if (arguments.Count == 2)
            return Ln(Value(arguments[0])).Times(Ln(Value(arguments[1])).Inverse(budget), budget);
        MetBareLog = true;
        var value = Ln(Value(arguments[0]));
        return naturalLog ? value : value.Times(Ln(Fraction.Of(10)).Inverse(budget), budget);
    }

    // ln(p^a e^b …) = a ln p + b + …, for a product of positive values.
    private Fraction Ln(Fraction value)
    {
        if (value.Numerator.IsZero)
            throw new UndefinedException();
        if (!value.Denominator.IsOne || value.Numerator.Terms.Count != 1)
            return Fraction.Of(generators.Function("ln", value));
        var (monomial, coefficient) = value.Numerator.Leading();
        if (coefficient.Sign < 0 || !AllPositive(monomial))
            return Fraction.Of(generators.Function("ln", value));
        var sum = Fraction.Zero;
        foreach (var (prime, exponent) in Factors(coefficient))
            sum = sum.Plus(LnOf(Fraction.Of(prime), exponent), budget);
        foreach (var (generator, exponent) in monomial.Factors)
        {
            var term = generator.Kind switch
            {
                GeneratorKind.E => Fraction.Of(exponent),
                GeneratorKind.Prime or GeneratorKind.HugePower => LnOf(Fraction.Of(generator.Prime), exponent),
                GeneratorKind.Function => Ln(generator.Arguments[0]).Times(generator.Arguments[1], budget).Times(Fraction.Of(exponent), budget),
                _ => LnOf(Fraction.Of(generator), exponent),
            };
            sum = sum.Plus(term, budget);
        }
        return sum;
    }

    private Fraction LnOf(Fraction atom, Rational times) => Fraction.Of(generators.Function("ln", atom)).Times(Fraction.Of(times), budget);

    private Fraction Rounded(string function, Fraction value)
    {
        if (value.Constant is { } number)
            return Fraction.Of(function == "floor" ? number.Floor : number.Ceiling);
        if (value.Any(g => g.IsUnknown || g.Kind == GeneratorKind.I) || Evaluation.FloorOf(value, budget) is not { } floor)
            return Fraction.Of(generators.Function(function, value));
        return Fraction.Of(function == "floor" ? floor : floor + 1);
    }

    private Fraction Factorial(Fraction value)
    {
        if (!IsWhole(value, out var n))
            return Fraction.Of(generators.Function("factorial", value));
        if (n.Sign < 0)
            throw new UndefinedException();
        if (n > 100_000_000 || (double)n * Math.Log2((double)n + 1) > Budget.Magnitude)
            throw new TooLargeException();
        if (n > 2_000)
            return Fraction.Of(generators.Function("factorial", value));
        BigInteger product = 1;
        for (var factor = 2; factor <= n; factor++)
            product *= factor;
        budget.Spend(product.GetBitLength() / 16);
        return Fraction.Of(product);
    }

    private Fraction Binomial(Fraction n, Fraction k)
    {
        if (IsWhole(n, out var top) && top.Sign >= 0 && IsWhole(k, out var bottom))
        {
            if (bottom.Sign < 0 || bottom > top)
                return Fraction.Zero;
            bottom = BigInteger.Min(bottom, top - bottom);
            if (bottom * (long)top.GetBitLength() > Budget.Bits)
                throw new TooLargeException();
            BigInteger value = 1;
            for (BigInteger i = 1; i <= bottom; i++)
                value = value * (top - bottom + i) / i;
            budget.Spend(1 + (long)bottom * (1 + (value.GetBitLength() / 64)));
            return Fraction.Of(value);
        }
        if (!IsWhole(k, out var few) || few.Sign < 0 || few > 20)
            return Fraction.Of(generators.Function("binom", n, k));
        var product = Fraction.One;
        for (var i = 0; i < few; i++)
            product = product.Times(n.Minus(Fraction.Of(i), budget), budget).Times(Fraction.Of(new Rational(1, i + 1)), budget);
        return product;
    }

    private Fraction Other(string function, Fraction[] arguments)
    {
        var numbers = arguments.Select(a => a.Constant).ToArray();
        if (arguments.Length > 0 && numbers.All(n => n is not null))
        {
            var values = numbers.Select(n => n!.Value).ToArray();
            switch (function)
            {
                case "max":
                    return Fraction.Of(values.Max());
                case "min":
                    return Fraction.Of(values.Min());
                case "gcd" when values.All(v => v.IsInteger):
                    return Fraction.Of(values.Select(v => v.Numerator).Aggregate(BigInteger.GreatestCommonDivisor));
                case "lcm" when values.All(v => v.IsInteger && !v.IsZero):
                    return Fraction.Of(values.Select(v => v.Numerator).Aggregate(Lcm));
                case "mod" when values is [var a, var b] && !b.IsZero:
                    return Fraction.Of(a - (b * (a / b).Floor));
                case "doublefactorial" when values is [{ IsInteger: true, Sign: >= 0 } n] && n < 1_000:
                    BigInteger product = 1;
                    for (var factor = (int)n.Numerator; factor > 1; factor -= 2)
                        product *= factor;
                    return Fraction.Of(product);
            }
        }
        if (function is "arcsin" or "arccos" or "arctan" && arguments is [var ratio] && ExactArc(function, ratio) is { } angle)
            return angle;
        // Odd functions lose the sign of their argument.
        if (function is "arcsin" or "arctan" or "sinh" or "tanh" && arguments is [{ Numerator.IsZero: false } x] && x.Numerator.Leading().Coefficient.Sign < 0)
            return Fraction.Of(generators.Function(function, x.Negated())).Negated();
        return function is "max" or "min" or "gcd" or "lcm"
            ? Fraction.Of(generators.Function(function, [.. arguments.OrderBy(a => a.Key, StringComparer.Ordinal)]))
            : Fraction.Of(generators.Function(function, arguments));
    }

    private BigInteger Lcm(BigInteger a, BigInteger b)
    {
        budget.Spend(1 + (a.GetBitLength() / 64));
        if (a.GetBitLength() + b.GetBitLength() > Budget.Bits)
            throw new TooLargeException();
        return BigInteger.Abs(a / BigInteger.GreatestCommonDivisor(a, b) * b);
    }
}
