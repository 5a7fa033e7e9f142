using System.Numerics;
using GenPrm.Core.Equality.Grammar;

namespace GenPrm.Core.Equality.Values;

/// <summary>Brings expressions to normal form: a quotient of polynomials in the generators of one comparison.</summary>
/// <param name="generators">Shared by both answers.</param>
/// <param name="budget">Counts the work.</param>
/// <param name="naturalLog">Whether a logarithm without a base is natural; otherwise its base is ten.</param>
internal sealed partial class Algebra(GeneratorTable generators, Budget budget, bool naturalLog)
{
    private readonly Dictionary<string, Fraction> bound = new(StringComparer.Ordinal);

    public Budget Budget => budget;

    public GeneratorTable Generators => generators;

    /// <summary>Whether a logarithm without a base was met.</summary>
    public bool MetBareLog { get; private set; }

    /// <summary>The normal form of <paramref name="node"/>.</summary>
    /// <exception cref="NotParsedException">It is not a single value.</exception>
    /// <exception cref="UndefinedException">It has no value.</exception>
    /// <exception cref="TooLargeException">The budget is used up.</exception>
    public Fraction Value(Node node)
    {
        budget.Enter();
        var value = ValueOf(node);
        budget.Leave();
        return value;
    }

    private Fraction ValueOf(Node node) => node switch
    {
        Node.Number number => Fraction.Of(number.Value),
        Node.Symbol symbol => Symbol(symbol.Name),
        Node.Sum sum => sum.Terms.Select(Value).Aggregate((a, b) => a.Plus(b, budget)),
        Node.Product product => product.Factors.Select(Value).Aggregate((a, b) => a.Times(b, budget)),
        Node.Quotient quotient => Value(quotient.Dividend).Times(Value(quotient.Divisor).Inverse(budget), budget),
        Node.Negative negative => Value(negative.Operand).Negated(),
        Node.Power power => Power(Value(power.Base), Value(power.Exponent)),
        Node.Root root => Power(Value(root.Radicand), Value(root.Index).Inverse(budget)),
        Node.Call call => Call(call),
        Node.Application application => Fraction.Of(generators.Function("@" + application.Name, [.. application.Arguments.Select(Value)])),
        Node.Series series => Series(series),
        Node.Percent percent => Value(percent.Operand).Times(Fraction.Of(new Rational(1, 100)), budget),
        Node.Degrees degrees => Value(degrees.Operand),
        Node.Measured measured => Value(measured.Operand),
        Node.Words words => NumberWords.Value(words.Text) is { } value ? Fraction.Of(value) : Fraction.Of(generators.Variable("\"" + words.Text)),
        Node.Table { IsDeterminant: true } table => Determinant(table),
        Node.Ratio { Terms: [var a, var b] } => Value(a).Times(Value(b).Inverse(budget), budget),
        _ => throw new NotParsedException($"a {node.GetType().Name} inside of an expression"),
    };

    /// <summary>Does <paramref name="work"/> with each of <paramref name="parameters"/> standing for its place alone.</summary>
    /// <param name="parameters">Their names.</param>
    /// <param name="areIntegers">Whether they were declared as integers; else they are a function's.</param>
    /// <param name="work">What is done.</param>
    public T Bound<T>(IReadOnlyList<string> parameters, bool areIntegers, Func<T> work)
    {
        for (var place = 0; place < parameters.Count; place++)
            bound[parameters[place]] = Fraction.Of(generators.Variable($"{(areIntegers ? '#' : '$')}{place}"));
        try
        {
            return work();
        }
        finally
        {
            foreach (var parameter in parameters)
                bound.Remove(parameter);
        }
    }

    private Fraction Symbol(string name) => name switch
    {
        "pi" => Fraction.Of(generators.Pi),
        "e" => Fraction.Of(generators.E),
        "i" => Fraction.Of(generators.I),
        _ => bound.TryGetValue(name, out var value) ? value : Fraction.Of(generators.Variable(name)),
    };

    private Fraction Series(Node.Series series)
    {
        var (from, to) = (Value(series.From), Value(series.To));
        bound.TryGetValue(series.Index, out var outer);
        try
        {
            if (from.Constant is { IsInteger: true } first && to.Constant is { IsInteger: true } last)
            {
                if (last.Numerator - first.Numerator > 2_000)
                    throw new TooLargeException();
                var total = series.IsProduct ? Fraction.One : Fraction.Zero;
                for (var index = first.Numerator; index <= last.Numerator; index++)
                {
                    bound[series.Index] = Fraction.Of(index);
                    var term = Value(series.Body);
                    total = series.IsProduct ? total.Times(term, budget) : total.Plus(term, budget);
                }
                return total;
            }
            // The index has no name of its own: \sum_k and \sum_j are one sum.
            bound[series.Index] = Fraction.Of(generators.Variable("#index"));
            return Fraction.Of(generators.Function(series.IsProduct ? "prod" : "sum", from, to, Value(series.Body)));
        }
        finally
        {
            bound.Remove(series.Index);
            if (outer is not null)
                bound[series.Index] = outer;
        }
    }

    /// <summary>The determinant, by expansion along the first row; up to 5 × 5.</summary>
    private Fraction Determinant(Node.Table table)
    {
        var rows = table.Rows.Select(r => r.Select(Value).ToArray()).ToArray();
        return Determinant(rows);
    }

    private Fraction Determinant(Fraction[][] rows)
    {
        if (rows.Any(r => r.Length != rows.Length))
            throw new UndefinedException();
        if (rows.Length > 5)
            throw new TooLargeException();
        return Minor(rows, 0, [.. Enumerable.Range(0, rows.Length)]);
    }

    /// <summary>The inverse of a square matrix, by cofactors; up to 5 × 5.</summary>
    /// <exception cref="UndefinedException">Its determinant is zero.</exception>
    public IReadOnlyList<IReadOnlyList<Fraction>> Inverse(IReadOnlyList<IReadOnlyList<Fraction>> matrix)
    {
        var rows = matrix.Select(r => r.ToArray()).ToArray();
        var factor = Determinant(rows).Inverse(budget);
        return [.. rows.Select(IReadOnlyList<Fraction> (_, i) => [.. rows.Select((_, j) => Cofactor(rows, j, i).Times(factor, budget))])];
    }

    private Fraction Cofactor(Fraction[][] rows, int row, int column)
    {
        var minor = Determinant([.. rows.Where((_, i) => i != row).Select(r => r.Where((_, j) => j != column).ToArray())]);
        return (row + column) % 2 == 0 ? minor : minor.Negated();
    }

    private Fraction Minor(Fraction[][] rows, int row, int[] columns)
    {
        if (row == rows.Length)
            return Fraction.One;
        var sum = Fraction.Zero;
        for (var i = 0; i < columns.Length; i++)
        {
            var term = rows[row][columns[i]].Times(Minor(rows, row + 1, [.. columns.Where((_, n) => n != i)]), budget);
            sum = sum.Plus(i % 2 == 0 ? term : term.Negated(), budget);
        }
        return sum;
    }

    private static bool IsWhole(Fraction value, out BigInteger whole)
    {
        whole = value.Constant is { IsInteger: true } integer ? integer.Numerator : BigInteger.Zero;
        return value.Constant is { IsInteger: true };
    }
}
