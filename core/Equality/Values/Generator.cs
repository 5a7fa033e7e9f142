namespace GenPrm.Core.Equality.Values;

/// <summary>What a polynomial is made of beside rationals: a variable, the root of a prime, i, π, e, or a value that is taken as it is.</summary>
internal sealed class Generator(int id, string name, GeneratorKind kind)
{
    /// <summary>Position in its table; orders the factors of a monomial.</summary>
    public int Id { get; } = id;

    /// <summary>Names the value: equal names are equal values.</summary>
    public string Name { get; } = name;

    public GeneratorKind Kind { get; } = kind;

    /// <summary>A prime, or the integer that no small prime divides.</summary>
    public Rational Prime { get; init; }

    /// <summary>What is under a root (<see cref="GeneratorKind.Radical"/>), or a function's arguments.</summary>
    public IReadOnlyList<Fraction> Arguments { get; init; } = [];

    /// <summary>The function, for <see cref="GeneratorKind.Function"/>.</summary>
    public string Function { get; init; } = "";

    /// <summary>Whether nothing but relations that multiplication knows hold between this generator and the others. Where it is false,
    /// a difference that did not vanish may yet be zero.</summary>
    public bool IsIndependent => Kind is not (GeneratorKind.Radical or GeneratorKind.Function or GeneratorKind.HugePower);

    /// <summary>Whether the value is a positive real number.</summary>
    public bool IsPositive => Kind is GeneratorKind.Prime or GeneratorKind.HugePower or GeneratorKind.Pi or GeneratorKind.E;

    /// <summary>Whether it is a function of which nothing but the name is known, or a sum over a symbolic range.</summary>
    public bool IsNamed => Function.StartsWith('@') || Function is "sum" or "prod" or "pmod";

    /// <summary>Whether its value depends on a variable, at whatever depth.</summary>
    public bool IsUnknown => Kind == GeneratorKind.Variable || IsNamed || Arguments.Any(a => a.Any(g => g.IsUnknown));

    /// <summary>Whether it is a function in pieces, each as plain as its argument.</summary>
    public bool IsStep => Function is "abs" or "sgn" or "sign" or "max" or "min" or "floor" or "ceil" or "mod" or "gcd" or "lcm" or "Re" or "Im";

    public override string ToString() => Name;
}

/// <summary>The kinds of generators.</summary>
internal enum GeneratorKind
{
    /// <summary>A variable; any exponent.</summary>
    Variable,

    /// <summary>A prime with a fractional exponent in (0, 1): a surd.</summary>
    Prime,

    /// <summary>A prime with an integer exponent too large to be written out.</summary>
    HugePower,

    /// <summary>The imaginary unit, with i² = -1.</summary>
    I,

    /// <summary>π.</summary>
    Pi,

    /// <summary>Euler's number; any rational exponent.</summary>
    E,

    /// <summary>A sum under a root, with an exponent in (0, 1).</summary>
    Radical,

    /// <summary>A function's value, such as a sine, a logarithm or a power with a variable exponent; any exponent.</summary>
    Function,
}

/// <summary>The generators of one comparison. Both answers share it, so that the same value has the same generator.</summary>
internal sealed class GeneratorTable
{
    private readonly Dictionary<string, Generator> byName = new(StringComparer.Ordinal);

    public Generator Variable(string name) => Find("v:" + name, GeneratorKind.Variable);

    public Generator I => Find("i", GeneratorKind.I);

    public Generator Pi => Find("pi", GeneratorKind.Pi);

    public Generator E => Find("e", GeneratorKind.E);

    public Generator Prime(Rational prime) => byName.TryGetValue($"p:{prime}", out var known)
        ? known
        : Add(new Generator(byName.Count, $"p:{prime}", GeneratorKind.Prime) { Prime = prime });

    public Generator HugePower(Rational prime) => byName.TryGetValue($"P:{prime}", out var known)
        ? known
        : Add(new Generator(byName.Count, $"P:{prime}", GeneratorKind.HugePower) { Prime = prime });

    public Generator Radical(Fraction radicand) => Compound($"r:{radicand.Key}", GeneratorKind.Radical, "", [radicand]);

    public Generator Function(string function, params IReadOnlyList<Fraction> arguments)
        => Compound($"{function}({string.Join(';', arguments.Select(a => a.Key))})", GeneratorKind.Function, function, arguments);

    private Generator Find(string name, GeneratorKind kind)
        => byName.TryGetValue(name, out var known) ? known : Add(new Generator(byName.Count, name, kind));

    private Generator Compound(string name, GeneratorKind kind, string function, IReadOnlyList<Fraction> arguments)
        => byName.TryGetValue(name, out var known)
            ? known
            : Add(new Generator(byName.Count, name, kind) { Function = function, Arguments = arguments });

    private Generator Add(Generator generator)
    {
        byName.Add(generator.Name, generator);
        return generator;
    }
}
