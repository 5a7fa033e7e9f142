using System.Text;

namespace GenPrm.Core.Equality.Values;

/// <summary>A product of generators with rational exponents, none of them zero, in the order of the generators.</summary>
internal sealed class Monomial : IEquatable<Monomial>, IComparable<Monomial>
{
    private readonly (Generator Generator, Rational Exponent)[] factors;
    private readonly int hash;

    private Monomial((Generator Generator, Rational Exponent)[] factors)
    {
        this.factors = factors;
        foreach (var (generator, exponent) in factors)
            hash = HashCode.Combine(hash, generator.Id, exponent);
    }

    public static Monomial Unit { get; } = new([]);

    public ReadOnlySpan<(Generator Generator, Rational Exponent)> Factors => factors;

    public bool IsUnit => factors.Length == 0;

    public static Monomial Of(Generator generator, Rational exponent) => exponent.IsZero ? Unit : new([(generator, exponent)]);

    public static Monomial operator *(Monomial a, Monomial b)
    {
        if (a.IsUnit)
            return b;
        if (b.IsUnit)
            return a;
        var product = new (Generator Generator, Rational Exponent)[a.factors.Length + b.factors.Length];
        int i = 0, j = 0, count = 0;
        while (i < a.factors.Length || j < b.factors.Length)
        {
            if (j == b.factors.Length || (i < a.factors.Length && a.factors[i].Generator.Id < b.factors[j].Generator.Id))
            {
                product[count++] = a.factors[i++];
            }
            else if (i == a.factors.Length || b.factors[j].Generator.Id < a.factors[i].Generator.Id)
            {
                product[count++] = b.factors[j++];
            }
            else
            {
                var exponent = a.factors[i].Exponent + b.factors[j].Exponent;
                if (exponent.Abs > Budget.Degree && a.factors[i].Generator.Kind == GeneratorKind.Variable)
                    throw new TooLargeException();
                if (!exponent.IsZero)
                    product[count++] = (a.factors[i].Generator, exponent);
                i++;
                j++;
            }
        }
        return new(count == product.Length ? product : product[..count]);
    }

    /// <summary>The factors that <paramref name="wanted"/> holds of.</summary>
    public Monomial Where(Func<Generator, bool> wanted) => new([.. factors.Where(f => wanted(f.Generator))]);

    public Rational ExponentOf(Generator generator)
    {
        foreach (var factor in factors)
        {
            if (ReferenceEquals(factor.Generator, generator))
                return factor.Exponent;
        }
        return Rational.Zero;
    }

    public bool Equals(Monomial? other)
    {
        if (other is null || hash != other.hash || factors.Length != other.factors.Length)
            return false;
        for (var i = 0; i < factors.Length; i++)
        {
            if (factors[i].Generator.Id != other.factors[i].Generator.Id || factors[i].Exponent != other.factors[i].Exponent)
                return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => obj is Monomial other && Equals(other);

    public override int GetHashCode() => hash;

    /// <summary>A total order: by generators, then exponents.</summary>
    public int CompareTo(Monomial? other)
    {
        if (other is null)
            return 1;
        for (var i = 0; i < factors.Length && i < other.factors.Length; i++)
        {
            var order = other.factors[i].Generator.Id.CompareTo(factors[i].Generator.Id);
            if (order == 0)
                order = factors[i].Exponent.CompareTo(other.factors[i].Exponent);
            if (order != 0)
                return order;
        }
        return factors.Length.CompareTo(other.factors.Length);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (generator, exponent) in factors)
            text.Append('[').Append(generator.Id).Append('^').Append(exponent).Append(']');
        return text.ToString();
    }
}
