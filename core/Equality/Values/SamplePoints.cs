using System.Numerics;

namespace GenPrm.Core.Equality.Values;

/// <summary>
/// The points that an identity is tried at. An expression of entire functions is known by its values on any small region: a few points of [-3.1, 3.1] do. One with pieces or
/// branches — |x|, max, ⌊x⌋, roots, logarithms, arcs — is also tried at points of every scale in every combination of signs, and at, between and beyond its <see cref="Breakpoints"/>.
/// </summary>
internal static class SamplePoints
{
    private const int Narrow = 7;
    private const int Wide = 32;

    // Where one point costs much fewer are tried, but so many at least, and every combination of signs of four variables.
    private const int FewestWide = 12;
    private const int MostSteps = Budget.Steps / 3;

    // So many variables are moved to their breakpoints, each from so many points.
    private const int MostMoved = 4;
    private const int Bases = 3;
    private const int MostBreakpoints = 20;

    // Exponentials and sines of larger numbers say nothing that smaller ones do not, and cost more digits.
    private const int LargestExponent = 12;
    private const int LargestAngle = 3_000;

    private static readonly Rational[] Scales =
    [
        1, 3, new(3, 10), 10, new(3, 100), 40, new(1, 1_000), 200, 3_000, new(1, 100_000), 1_000_000, new(1, BigInteger.Pow(10, 12)), BigInteger.Pow(10, 15),
    ];

    private static readonly int[] Integers = [1, 2, 3, 4, 5, 6, 7, 9, 11, 14, 20, 31, 60, 101, 360, 1_009, 0, -1, -2, -3, -5, -8, -14, -61, -1_000];

    /// <summary>The points for <paramref name="subjects"/>, the plain ones first.</summary>
    /// <param name="subjects">What is evaluated.</param>
    /// <param name="integers">Whether variables take integers, as factorials and powers of -1 ask for.</param>
    /// <param name="budget">Counts the work.</param>
    public static IEnumerable<Point> Of(IReadOnlyList<Polynomial> subjects, bool integers, Budget budget)
    {
        var names = Names(subjects);
        for (var number = 0; number < Narrow; number++)
            yield return new Point(names.ToDictionary(n => n, n => integers ? 1 + (int)(Point.Hash(n, number) % 12) : NarrowPlace(n, number)));
        if (!integers && !subjects.Any(s => s.Any(HasPieces)))
            yield break;
        var scales = ScalesOf(subjects);
        var wholes = WholesOf(subjects);
        var wide = Enumerable.Range(0, Wide).Select(number => new Point(names.Select((name, place) => (name, place)).ToDictionary(
            n => n.name,
            n => integers ? Whole(wholes, n.name, number, n.place, names.Count) : WidePlace(scales, n.name, number, n.place)))).ToArray();
        var (before, fewest) = (budget.Left, Math.Max(FewestWide, 1 << Math.Min(names.Count, 4)));
        foreach (var point in wide.TakeWhile((_, number) => number < fewest || before - budget.Left < MostSteps))
            yield return point;
        foreach (var name in names.Take(MostMoved))
        {
            foreach (var point in names.Count == 1 ? wide.Take(1) : wide.Take(Bases))
            {
                foreach (var place in Around(new Breakpoints(name, point, budget).Of(subjects), integers))
                    yield return point.With(name, place);
            }
        }
    }

    /// <summary>The names that take a place at a point.</summary>
    private static List<string> Names(IReadOnlyList<Polynomial> subjects)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var generator in subjects.SelectMany(s => s.Generators()))
        {
            if (generator.Kind == GeneratorKind.Variable || generator.IsNamed)
                names.Add(generator.Name);
            else
                names.UnionWith(Names([.. generator.Arguments.SelectMany(a => (Polynomial[])[a.Numerator, a.Denominator])]));
        }
        return [.. names];
    }

    // ±[0.1, 3.1], the first three points positive.
    private static Rational NarrowPlace(string name, int number)
    {
        var hash = Point.Hash(name, number);
        var size = new Rational(100_003 + (int)(hash % 3_000_000), 1_000_003);
        return number >= 3 && ((hash >> 33) + (ulong)number) % 2 == 0 ? -size : size;
    }

    // The signs go through all combinations; the scales are mixed by a hash, and in order where there is one variable.
    private static Rational WidePlace(Rational[] scales, string name, int number, int place)
    {
        var scale = scales[(int)((place == 0 ? (ulong)number / 2 : Point.Hash(name, ~number)) % (ulong)scales.Length)];
        var size = Point.Numbered(name, number) * scale;
        return (number >> (place % 5) & 1) == 1 ? -size : size;
    }

    private static Rational Whole(int[] wholes, string name, int number, int place, int count)
        => wholes[count == 1 ? number % wholes.Length : (int)(Point.Hash(name, number + (Narrow * (place + 1))) % (ulong)wholes.Length)];

    private static Rational[] ScalesOf(IReadOnlyList<Polynomial> subjects)
    {
        var largest = subjects.Any(s => s.Any(Grows)) ? LargestExponent : subjects.Any(s => s.Any(Turns)) ? LargestAngle : default(int?);
        return largest is { } bound ? [.. Scales.Where(s => s <= bound)] : Scales;
    }

    private static int[] WholesOf(IReadOnlyList<Polynomial> subjects)
    {
        var counts = subjects.Any(s => s.Any(Counts));
        var largest = subjects.Any(s => s.Any(Grows)) ? 2 * LargestExponent : counts ? 60 : 2_000;
        return [.. Integers.Where(n => Math.Abs(n) <= largest && (n >= 0 || !counts))];
    }

    // Each place, its neighbours half-way to the next, and what lies beyond the last.
    private static IEnumerable<Rational> Around(List<Rational> places, bool integers)
    {
        if (places.Count == 0)
            return [];
        if (places.Count > MostBreakpoints)
            places = [.. places.OrderBy(p => p.Abs).Take(MostBreakpoints).Order()];
        if (integers)
            return places.SelectMany(p => (Rational[])[p.Floor - 1, p.Floor, p.Floor + 1, p.Floor + 2]).Distinct();
        var around = new List<Rational> { places[0] - 1 - (places[0].Abs * new Rational(3, 7)), places[^1] + 1 + (places[^1].Abs * new Rational(3, 7)) };
        for (var i = 0; i < places.Count; i++)
        {
            around.Add(places[i]);
            if (i > 0)
                around.Add(places[i - 1] + ((places[i] - places[i - 1]) * new Rational(377, 887)));
        }
        return around;
    }

    /// <summary>Whether the value is made of pieces or branches that meet where it is not analytic.</summary>
    private static bool HasPieces(Generator generator) => generator.Kind == GeneratorKind.Radical || generator.IsStep
        || generator.Function is "ln" or "arcsin" or "arccos" or "arctan" or "arccot" || (generator.Function == "pow" && generator.Arguments[0].Constant is not { Sign: > 0 }
        && generator.Arguments[0].Any(g => g.Kind != GeneratorKind.E && !g.IsPositive)) || IsInside(generator, HasPieces);

    private static bool Grows(Generator generator) => (generator.Function == "pow" && generator.Arguments[0].Constant is not { Abs.IsOne: true })
        || generator.Function is "sinh" or "cosh" or "tanh" or "coth" or "sech" or "csch" || IsInside(generator, Grows);

    private static bool Turns(Generator generator) => generator.Function is "sin" or "cos" || IsInside(generator, Turns);

    private static bool Counts(Generator generator) => generator.Function is "factorial" or "binom" or "doublefactorial" || IsInside(generator, Counts);

    private static bool IsInside(Generator generator, Func<Generator, bool> wanted) => generator.Arguments.Any(a => a.Any(wanted));
}
