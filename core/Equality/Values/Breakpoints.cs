using System.Numerics;

namespace GenPrm.Core.Equality.Values;

/// <summary>Where an expression may change its law along one variable: where the inside of an absolute value, a maximum, a root, a logarithm vanishes or turns, a floor's hits an
/// integer, a sine's turns within another function. Found where the inside is a polynomial in the variable, also by pieces; other insides are left to widely spread points.</summary>
/// <param name="variable">The variable's name.</param>
/// <param name="point">Where the other variables are.</param>
/// <param name="budget">Counts the work.</param>
internal sealed class Breakpoints(string variable, Point point, Budget budget)
{
    private const int HighestDegree = 12;
    private const int MostPieces = 4;
    private const int Cost = 100;

    // A place beside a fraction of so small a denominator is that fraction.
    private const int LargestDenominator = 5_000;
    private const double Nearness = 1e-10;

    private readonly HashSet<Rational> places = [];
    private readonly HashSet<Generator> visited = [];
    private readonly Evaluation evaluation = new(point, Real.LeastPrecision, budget);

    /// <summary>The places in <paramref name="subjects"/>, in order.</summary>
    public List<Rational> Of(IReadOnlyList<Polynomial> subjects)
    {
        foreach (var subject in subjects)
            Visit(subject);
        return [.. places.Order()];
    }

    private void Visit(Polynomial polynomial)
    {
        foreach (var monomial in polynomial.Terms.Keys)
        {
            foreach (var (generator, _) in monomial.Factors)
            {
                if (generator.Arguments.Count > 0 && Contains(generator) && visited.Add(generator))
                    Visit(generator);
            }
        }
    }

    private void Visit(Generator generator)
    {
        var arguments = generator.Arguments;
        foreach (var argument in arguments)
        {
            Visit(argument.Numerator);
            Visit(argument.Denominator);
        }
        switch (generator.Kind == GeneratorKind.Radical ? "root" : generator.Function)
        {
            case "abs" or "sgn" or "sign" or "root" or "ln" or "pow":
                Add(arguments[0], [0]);
                break;
            case "arcsin" or "arccos":
                Add(arguments[0], [-1, 1]);
                break;
            case "max" or "min":
                foreach (var other in arguments.Skip(1))
                    Add(arguments[0].Minus(other, budget), [0]);
                break;
            case "floor" or "ceil":
                Add(arguments[0], [-2, -1, 0, 1, 2, 3]);
                break;
            case "mod":
                Add(arguments[0].Times(arguments[1].Inverse(budget), budget), [-2, -1, 0, 1, 2, 3]);
                break;
            case "sin" or "cos":
                Add(arguments[0], [.. Enumerable.Range(-3, 7).Select(k => k * Math.PI / 2)]);
                break;
        }
    }

    private bool Contains(Generator generator) => (generator.Arguments.Count == 0 || generator.IsNamed) ? generator.Name == variable : generator.Arguments.Any(a => a.Any(Contains));

    // Where the inside takes one of the values; also where its denominator vanishes.
    private void Add(Fraction inside, double[] values)
    {
        var pieces = new List<Generator>();
        Pieces(inside.Numerator, pieces);
        for (var choice = 0; choice < 1 << pieces.Count; choice++)
        {
            if (Coefficients(inside.Numerator, pieces, choice) is not { } top || Coefficients(inside.Denominator, pieces, choice) is not { } bottom)
                return;
            foreach (var value in values)
            {
                budget.Spend(Cost);
                var difference = new double[Math.Max(top.Length, bottom.Length)];
                for (var i = 0; i < difference.Length; i++)
                    difference[i] = (i < top.Length ? top[i] : 0) - (i < bottom.Length ? value * bottom[i] : 0);
                places.UnionWith(RealRoots.Of(difference).Select(Near));
            }
            places.UnionWith(RealRoots.Of(bottom).Select(Near));
        }
    }

    private void Pieces(Polynomial polynomial, List<Generator> pieces)
    {
        foreach (var monomial in polynomial.Terms.Keys)
        {
            foreach (var (generator, _) in monomial.Factors)
            {
                if (generator.Function is not ("abs" or "max" or "min") || pieces.Count == MostPieces || pieces.Contains(generator) || !Contains(generator))
                    continue;
                pieces.Add(generator);
                foreach (var argument in generator.Arguments)
                    Pieces(argument.Numerator, pieces);
            }
        }
    }

    // The polynomial as one of the variable alone, with |u| as u or -u and max(u, v) as u or v by the choice's bits; null where it is none.
    private double[]? Coefficients(Polynomial polynomial, List<Generator> pieces, int choice)
    {
        var sum = new double[HighestDegree + 1];
        foreach (var (monomial, coefficient) in polynomial.Terms)
        {
            var term = new double[HighestDegree + 1];
            term[0] = Real.Of(coefficient).ToDouble();
            foreach (var (generator, exponent) in monomial.Factors)
            {
                if (!Contains(generator))
                {
                    var value = evaluation.Value(Polynomial.Of(Monomial.Of(generator, exponent), 1)).Value.Re.ToDouble();
                    term = [.. term.Select(c => c * value)];
                    continue;
                }
                if (!exponent.IsInteger || exponent.Sign < 0 || exponent > HighestDegree || Factor(generator, pieces, choice) is not { } factor)
                    return null;
                for (var n = 0; n < (int)exponent.Numerator; n++)
                {
                    if (Product(term, factor) is not { } product)
                        return null;
                    term = product;
                }
            }
            for (var i = 0; i < sum.Length; i++)
                sum[i] += term[i];
        }
        return sum;
    }

    private double[]? Factor(Generator generator, List<Generator> pieces, int choice)
    {
        if (generator.Name == variable)
            return [0, 1];
        var piece = pieces.IndexOf(generator);
        if (piece < 0)
            return null;
        var isSecond = (choice >> piece & 1) == 1;
        var inside = generator.Arguments[isSecond && generator.Arguments.Count > 1 ? 1 : 0];
        if (!inside.Denominator.IsOne || Coefficients(inside.Numerator, pieces, choice) is not { } coefficients)
            return null;
        return isSecond && generator.Function == "abs" ? [.. coefficients.Select(c => -c)] : coefficients;
    }

    private static double[]? Product(double[] a, double[] b)
    {
        var product = new double[HighestDegree + 1];
        for (var i = 0; i < a.Length; i++)
        {
            for (var j = 0; j < b.Length; j++)
            {
                if (a[i] == 0 || b[j] == 0)
                    continue;
                if (i + j > HighestDegree)
                    return null;
                product[i + j] += a[i] * b[j];
            }
        }
        return product;
    }

    // The fraction of small denominator that a place is, else the place itself: by continued fractions.
    private static Rational Near(double place)
    {
        var (rest, low, high) = (place, (Top: BigInteger.Zero, Bottom: BigInteger.One), (Top: BigInteger.One, Bottom: BigInteger.Zero));
        for (var step = 0; step < 20 && Math.Abs(rest) < 1e15; step++)
        {
            var whole = new BigInteger(Math.Floor(rest));
            (low, high) = (high, ((whole * high.Top) + low.Top, (whole * high.Bottom) + low.Bottom));
            if (high.Bottom > LargestDenominator)
                break;
            if (Math.Abs(((double)high.Top / (double)high.Bottom) - place) <= Nearness * Math.Max(1, Math.Abs(place)))
                return new(high.Top, high.Bottom);
            rest = 1 / (rest - Math.Floor(rest));
        }
        const int Bits = 40;
        return new(new BigInteger(Math.ScaleB(place, Bits)), BigInteger.One << Bits);
    }
}
