using CsCheck;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>A random expression of x and y in pieces: absolute values, maxima, minima and floors of linear parts. Its constants are dyadic, so that doubles have its exact value at dyadic points.</summary>
/// <param name="Latex">How it is written.</param>
/// <param name="At">Its value.</param>
internal sealed record RandomPieces(string Latex, Func<double, double, double> At)
{
    private static readonly double[] Grid =
    [
        .. Enumerable.Range(-960, 1_921).Select(k => k / 16.0), .. Enumerable.Range(-150, 301).Select(k => k * 7.5), 1e4, -1e4, 1e6, -1e6,
    ];

    private static readonly double[] Coarse = [.. Enumerable.Range(-48, 97).Select(k => k / 2.0), .. Enumerable.Range(-20, 41).Select(k => k * 37.25)];

    public static RandomPieces X { get; } = new("x", (x, _) => x);

    public static RandomPieces Y { get; } = new("y", (_, y) => y);

    /// <summary>Expressions of x alone.</summary>
    public static Gen<RandomPieces> OfOne { get; } = Of(3, Gen.Const(X));

    /// <summary>Expressions of x and y.</summary>
    public static Gen<RandomPieces> OfTwo { get; } = Of(2, Gen.OneOf(Gen.Const(X), Gen.Const(Y)));

    /// <summary>What is nothing but on a part of the numbers: beyond a place, near one, or at one.</summary>
    public static Gen<RandomPieces> Somewhere { get; } = Gen.Select(Gen.Int[-60, 60], Gen.Int[1, 12], Gen.Int[0, 4]).Select((place, width, kind) => (kind switch
    {
        0 => Max(Number(0), X + Number(-place)),
        1 => Abs(X + Number(-place)) + X + Number(-place),
        2 => Max(Number(0), Number(width / 4.0) + Abs(X + Number(-place)).Negated),
        3 => Min(Number(0), X + Number(-place)).Negated,
        _ => Floor(X + Number(-place)) + Floor(X.Negated + Number(place)) + Number(1),
    }));

    private RandomPieces Negated => new($"-({Latex})", (x, y) => -At(x, y));

    public static RandomPieces operator +(RandomPieces a, RandomPieces b) => new($"{a.Latex}+({b.Latex})", (x, y) => a.At(x, y) + b.At(x, y));

    /// <summary>Whether both have one value wherever x and y are tried: densely near 0, and far from it.</summary>
    public static bool AreAlike(RandomPieces a, RandomPieces b, bool ofTwo)
        => ofTwo ? Coarse.All(x => Coarse.All(y => a.At(x, y) == b.At(x, y))) : Grid.All(x => a.At(x, 0) == b.At(x, 0));

    public static RandomPieces Number(double value)
        => new(value == Math.Floor(value) ? $"{value}" : FormattableString.Invariant($@"\frac{{{value * 4}}}{{4}}"), (_, _) => value);

    private static RandomPieces Abs(RandomPieces a) => new($@"\left|{a.Latex}\right|", (x, y) => Math.Abs(a.At(x, y)));

    private static RandomPieces Max(RandomPieces a, RandomPieces b) => new($@"\max({a.Latex},{b.Latex})", (x, y) => Math.Max(a.At(x, y), b.At(x, y)));

    private static RandomPieces Min(RandomPieces a, RandomPieces b) => new($@"\min({a.Latex},{b.Latex})", (x, y) => Math.Min(a.At(x, y), b.At(x, y)));

    private static RandomPieces Floor(RandomPieces a) => new($@"\lfloor {a.Latex}\rfloor", (x, y) => Math.Floor(a.At(x, y)));

    private static Gen<RandomPieces> Of(int depth, Gen<RandomPieces> variable)
    {
        var leaf = Gen.OneOf(variable, variable, Gen.Int[-20, 20].Select(n => Number(n)));
        if (depth == 0)
            return leaf;
        var inner = Of(depth - 1, variable);
        return Gen.OneOf(
            leaf,
            Gen.Select(inner, inner, (a, b) => a + b),
            Gen.Select(inner, a => a.Negated),
            Gen.Select(inner, Gen.Int[2, 3], (a, n) => new RandomPieces($"{n}({a.Latex})", (x, y) => n * a.At(x, y))),
            Gen.Select(inner, a => new RandomPieces($@"\frac{{{a.Latex}}}{{2}}", (x, y) => a.At(x, y) / 2)),
            Gen.Select(inner, a => Abs(a)),
            Gen.Select(inner, a => Abs(a)),
            Gen.Select(inner, inner, Max),
            Gen.Select(inner, inner, Min),
            Gen.Select(inner, a => Floor(a)));
    }
}
