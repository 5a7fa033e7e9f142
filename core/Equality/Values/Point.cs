namespace GenPrm.Core.Equality.Values;

/// <summary>Where an expression is evaluated: a rational number for every variable, so that its value can be had to any precision.</summary>
/// <param name="coordinates">By the variable's name, or that of a function that is only a name.</param>
internal sealed class Point(IReadOnlyDictionary<string, Rational> coordinates)
{
    /// <summary>For constants.</summary>
    public static Point None { get; } = new(new Dictionary<string, Rational>());

    /// <summary>Whether no variable has a place.</summary>
    public bool IsNone => coordinates.Count == 0;

    /// <summary>The coordinate of <paramref name="name"/>; for one that is none of the point's, such as ∞, a number that is no simple multiple of anything.</summary>
    public Rational this[string name] => coordinates.TryGetValue(name, out var place) ? place : Numbered(name, 0);

    /// <summary>The same point with <paramref name="name"/> elsewhere.</summary>
    public Point With(string name, Rational place) => new(new Dictionary<string, Rational>(coordinates) { [name] = place });

    /// <summary>A number in [1, 2) that depends on a name and a number alone, so that it is the same on every machine and for both answers.</summary>
    public static Rational Numbered(string name, int number) => new(1_000_003 + (int)(Hash(name, number) % 1_000_000), 1_000_003);

    /// <summary>FNV-1a of name and number.</summary>
    public static ulong Hash(string name, int number)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in name)
            hash = (hash ^ c) * 1099511628211UL;
        hash = (hash ^ (ulong)(number + 1)) * 1099511628211UL;
        return hash ^ (hash >> 29);
    }
}
