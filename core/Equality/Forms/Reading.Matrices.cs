using GenPrm.Core.Equality.Grammar;
using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Forms;

/// <summary>Arithmetic of matrices.</summary>
internal sealed partial class Reading
{
    private const int HighestPower = 100;

    // The matrix that an expression is, or null where no matrix stands in it.
    private IReadOnlyList<IReadOnlyList<Fraction>>? MatrixOf(Node node)
    {
        switch (node)
        {
            case Node.Table { IsDeterminant: false } table:
                var rows = table.Rows.Select(IReadOnlyList<Fraction> (r) => [.. r.Select(algebra.Value)]).ToList();
                return rows.All(r => r.Count == rows[0].Count) ? rows : throw new NotParsedException("rows of unlike length");
            case Node.Negative negative:
                return MatrixOf(negative.Operand) is { } operand ? Each(operand, e => e.Negated()) : null;
            case Node.Sum sum when sum.Terms.Any(HasTable):
                return sum.Terms.Select(t => MatrixOf(t) ?? throw new NotParsedException("a matrix plus a number")).Aggregate(Plus);
            case Node.Product product when product.Factors.Any(HasTable):
                return ProductOf(product);
            case Node.Quotient quotient when HasTable(quotient.Dividend):
                var divisor = algebra.Value(quotient.Divisor).Inverse(algebra.Budget);
                return Each(MatrixOf(quotient.Dividend)!, e => e.Times(divisor, algebra.Budget));
            case Node.Power { Exponent: Node.Symbol { Name: "T" or "top" or "t" } } power when HasTable(power.Base):
                return Transposed(MatrixOf(power.Base)!);
            case Node.Power power when HasTable(power.Base):
                return algebra.Value(power.Exponent).Constant is { IsInteger: true } exponent && exponent.Abs <= HighestPower
                    ? PowerOf(MatrixOf(power.Base)!, (int)exponent.Numerator)
                    : throw new NotParsedException("a power of a matrix");
            default:
                return null;
        }
    }

    // A^{-n} by cofactors, up to 5 × 5.
    private IReadOnlyList<IReadOnlyList<Fraction>> PowerOf(IReadOnlyList<IReadOnlyList<Fraction>> matrix, int exponent)
    {
        if (matrix.Count != matrix[0].Count)
            throw new UndefinedException();
        var unit = matrix.Select(IReadOnlyList<Fraction> (_, i) => [.. matrix.Select((_, j) => i == j ? Fraction.One : Fraction.Zero)]).ToList();
        var factor = exponent < 0 ? algebra.Inverse(matrix) : matrix;
        IReadOnlyList<IReadOnlyList<Fraction>> power = unit;
        for (var n = 0; n < Math.Abs(exponent); n++)
            power = Times(power, factor);
        return power;
    }

    private static bool HasTable(Node node) => node switch
    {
        Node.Table table => !table.IsDeterminant,
        Node.Negative negative => HasTable(negative.Operand),
        Node.Sum sum => sum.Terms.Any(HasTable),
        Node.Product product => product.Factors.Any(HasTable),
        Node.Quotient quotient => HasTable(quotient.Dividend),
        Node.Power power => HasTable(power.Base),
        _ => false,
    };

    private IReadOnlyList<IReadOnlyList<Fraction>> ProductOf(Node.Product product)
    {
        IReadOnlyList<IReadOnlyList<Fraction>>? result = null;
        var factor = Fraction.One;
        foreach (var node in product.Factors)
        {
            if (MatrixOf(node) is { } matrix)
                result = result is null ? matrix : Times(result, matrix);
            else
                factor = factor.Times(algebra.Value(node), algebra.Budget);
        }
        return Each(result!, e => e.Times(factor, algebra.Budget));
    }

    private IReadOnlyList<IReadOnlyList<Fraction>> Each(IReadOnlyList<IReadOnlyList<Fraction>> matrix, Func<Fraction, Fraction> change)
    {
        algebra.Budget.Spend(4L * matrix.Count * matrix[0].Count);
        return [.. matrix.Select(IReadOnlyList<Fraction> (r) => [.. r.Select(change)])];
    }

    private static IReadOnlyList<IReadOnlyList<Fraction>> Transposed(IReadOnlyList<IReadOnlyList<Fraction>> matrix)
        => [.. Enumerable.Range(0, matrix[0].Count).Select(IReadOnlyList<Fraction> (c) => [.. matrix.Select(r => r[c])])];

    private IReadOnlyList<IReadOnlyList<Fraction>> Plus(IReadOnlyList<IReadOnlyList<Fraction>> a, IReadOnlyList<IReadOnlyList<Fraction>> b)
        => a.Count == b.Count && a[0].Count == b[0].Count
            ? [.. a.Zip(b, IReadOnlyList<Fraction> (r, s) => [.. r.Zip(s, (x, y) => x.Plus(y, algebra.Budget))])]
            : throw new UndefinedException();

    private IReadOnlyList<IReadOnlyList<Fraction>> Times(IReadOnlyList<IReadOnlyList<Fraction>> a, IReadOnlyList<IReadOnlyList<Fraction>> b)
    {
        if (a[0].Count != b.Count)
            throw new UndefinedException();
        algebra.Budget.Spend(4L * a.Count * b.Count * b[0].Count);
        var columns = Transposed(b);
        return [.. a.Select(IReadOnlyList<Fraction> (r) => [.. columns.Select(c => r.Zip(c, (x, y) => x.Times(y, algebra.Budget)).Aggregate((x, y) => x.Plus(y, algebra.Budget)))])];
    }
}
