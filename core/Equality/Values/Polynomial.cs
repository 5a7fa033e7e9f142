using System.Numerics;
using System.Text;

namespace GenPrm.Core.Equality.Values;

/// <summary>A sum of monomials with rational coefficients in normal form: none is zero, none occurs twice, and the relations that are
/// known (i² = -1, a root to its index is what stands under it) are used up. Two polynomials in independent generators are equal if, and only if, they have the same terms.</summary>
internal sealed class Polynomial
{
    private readonly Dictionary<Monomial, Rational> terms;

    private Polynomial(Dictionary<Monomial, Rational> terms) => this.terms = terms;

    public static Polynomial Zero { get; } = new([]);

    public static Polynomial One { get; } = Of(Rational.One);

    public IReadOnlyDictionary<Monomial, Rational> Terms => terms;

    public bool IsZero => terms.Count == 0;

    /// <summary>The value if it is rational, else null.</summary>
    public Rational? Constant => terms.Count switch
    {
        0 => Rational.Zero,
        1 when terms.TryGetValue(Monomial.Unit, out var value) => value,
        _ => null,
    };

    /// <summary>Bits of all coefficients beside the leading one of each.</summary>
    public long Digits => terms.Values.Sum(c => c.Bits - 1);

    /// <summary>Bits of the longest coefficient.</summary>
    public long LongestCoefficient => terms.Count == 0 ? 0 : terms.Values.Max(c => c.Bits) - 1;

    public bool IsOne => Constant is { IsOne: true };

    public static Polynomial Of(Rational value) => value.IsZero ? Zero : new(new() { [Monomial.Unit] = value });

    /// <summary>A single term. The monomial must be in normal form.</summary>
    public static Polynomial Of(Monomial monomial, Rational coefficient) => coefficient.IsZero ? Zero : new(new() { [monomial] = coefficient });

    public Polynomial Plus(Polynomial other, Budget budget)
    {
        if (IsZero)
            return other;
        if (other.IsZero)
            return this;
        budget.Spend(terms.Count + (2 * other.terms.Count));
        var sum = new Dictionary<Monomial, Rational>(terms);
        foreach (var (monomial, coefficient) in other.terms)
            Accumulate(sum, monomial, coefficient, budget);
        return new(sum);
    }

    public Polynomial Negated() => Scaled(-1);

    public Polynomial Scaled(Rational factor) => factor.IsZero ? Zero : factor.IsOne ? this : new(terms.ToDictionary(t => t.Key, t => t.Value * factor));

    public Polynomial Times(Polynomial other, Budget budget)
    {
        if (IsOne)
            return other;
        if (other.IsOne)
            return this;
        budget.Spend(8L * terms.Count * other.terms.Count);
        var product = new Dictionary<Monomial, Rational>();
        var reducible = false;
        foreach (var (a, x) in terms)
        {
            foreach (var (b, y) in other.terms)
            {
                var monomial = a * b;
                reducible |= Reduction.Applies(monomial);
                budget.Spend(Rational.CostOfProduct(x, y));
                Accumulate(product, monomial, x * y, budget);
            }
        }
        var result = new Polynomial(product);
        return reducible ? Reduction.Apply(result, budget) : result;
    }

    public Polynomial Power(int exponent, Budget budget)
    {
        if (terms.Count == 1)
        {
            var (monomial, coefficient) = terms.First();
            if (coefficient.Bits * exponent > Budget.Bits)
                throw new TooLargeException();
            budget.Spend(1 + (coefficient.Bits * exponent / 64));
            return Reduction.Power(monomial, exponent, budget).Scaled(coefficient.Power(exponent));
        }
        // A power of n terms has at least exponent + 1 of them.
        if (exponent > 2_000)
            throw new TooLargeException();
        var result = One;
        for (var n = 0; n < exponent; n++)
            result = result.Times(this, budget);
        return result;
    }

    /// <summary>The greatest rational that divides every coefficient, positive; 1 for zero.</summary>
    public Rational Content()
    {
        if (terms.Count == 0)
            return Rational.One;
        BigInteger top = 0, bottom = 1;
        foreach (var coefficient in terms.Values)
        {
            top = BigInteger.GreatestCommonDivisor(top, coefficient.Numerator);
            bottom *= coefficient.Denominator / BigInteger.GreatestCommonDivisor(bottom, coefficient.Denominator);
        }
        return new Rational(top, bottom);
    }

    /// <summary>The first term in the order of monomials.</summary>
    public (Monomial Monomial, Rational Coefficient) Leading()
    {
        var leading = terms.Keys.Max()!;
        return (leading, terms[leading]);
    }

    /// <summary>Names the polynomial within its comparison: equal keys, equal terms.</summary>
    public string Key()
    {
        var text = new StringBuilder();
        foreach (var (monomial, coefficient) in terms.OrderBy(t => t.Key))
            text.Append(coefficient).Append(monomial).Append(' ');
        return text.ToString();
    }

    /// <summary>Every generator in it, once.</summary>
    public IReadOnlySet<Generator> Generators()
    {
        var generators = new HashSet<Generator>();
        foreach (var monomial in terms.Keys)
        {
            foreach (var (generator, _) in monomial.Factors)
                generators.Add(generator);
        }
        return generators;
    }

    public bool Any(Func<Generator, bool> wanted)
    {
        foreach (var monomial in terms.Keys)
        {
            foreach (var (generator, _) in monomial.Factors)
            {
                if (wanted(generator))
                    return true;
            }
        }
        return false;
    }

    /// <summary>The same terms with each coefficient of the monomials in <paramref name="wanted"/> generators gathered.</summary>
    public Dictionary<Monomial, Polynomial> By(Func<Generator, bool> wanted, Budget budget)
    {
        var groups = new Dictionary<Monomial, Polynomial>();
        foreach (var (monomial, coefficient) in terms)
        {
            var outer = monomial.Where(wanted);
            var inner = Of(monomial.Where(g => !wanted(g)), coefficient);
            groups[outer] = groups.TryGetValue(outer, out var sum) ? sum.Plus(inner, budget) : inner;
        }
        return groups;
    }

    private static void Accumulate(Dictionary<Monomial, Rational> sum, Monomial monomial, Rational coefficient, Budget budget)
    {
        if (sum.TryGetValue(monomial, out var known))
        {
            var bits = Math.Max(known.Bits, coefficient.Bits);
            budget.Spend(bits / 64 * bits / 256);
            coefficient += known;
        }
        if (coefficient.IsZero)
            sum.Remove(monomial);
        else
            sum[monomial] = coefficient;
    }
}
