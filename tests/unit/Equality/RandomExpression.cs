using CsCheck;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>A random expression that has a value everywhere: no divisor but a whole number.</summary>
internal abstract record RandomExpression
{
    public sealed record Number(int Value) : RandomExpression;

    public sealed record Variable(string Name) : RandomExpression;

    public sealed record Sum(RandomExpression Left, RandomExpression Right) : RandomExpression;

    public sealed record Product(RandomExpression Left, RandomExpression Right) : RandomExpression;

    public sealed record Divided(RandomExpression Dividend, int Divisor) : RandomExpression;

    public sealed record Power(RandomExpression Base, int Exponent) : RandomExpression;

    public sealed record Root(int Radicand) : RandomExpression;

    public static Gen<RandomExpression> Any { get; } = Of(3);

    private static Gen<RandomExpression> Of(int depth)
    {
        var leaf = Gen.OneOf<RandomExpression>(
            Gen.Int[0, 120].Select(n => (RandomExpression)new Number(n)),
            Gen.Int[0, 3].Select(i => (RandomExpression)new Variable("xynt"[i].ToString())),
            Gen.Int[2, 60].Select(n => (RandomExpression)new Root(n)));
        if (depth == 0)
            return leaf;
        var inner = Of(depth - 1);
        return Gen.OneOf<RandomExpression>(
            leaf,
            Gen.Select(inner, inner, (a, b) => (RandomExpression)new Sum(a, b)),
            Gen.Select(inner, inner, (a, b) => (RandomExpression)new Product(a, b)),
            Gen.Select(inner, Gen.Int[1, 30], (a, n) => (RandomExpression)new Divided(a, n)),
            Gen.Select(inner, Gen.Int[1, 3], (a, n) => (RandomExpression)new Power(a, n)));
    }
}

/// <summary>Writes expressions in one of many spellings that mean the same; which, is in the bits of a seed.</summary>
internal sealed class Spelling(uint seed)
{
    private ulong state = seed + 0x9E3779B97F4A7C15UL;

    public string Answer(RandomExpression expression)
    {
        var text = Of(expression);
        return Next(6) switch
        {
            0 => $"${text}$",
            1 => $@"\boxed{{{text}}}",
            2 => $@"\({text}\)",
            3 => text + ".",
            4 => $@"\left({text}\right)",
            _ => text,
        };
    }

    public string List(IEnumerable<int> numbers, string open, string close) => open + string.Join(Next(2) == 0 ? ", " : @",\ ", numbers) + close;

    private string Of(RandomExpression expression) => expression switch
    {
        RandomExpression.Number number => Number(number.Value),
        RandomExpression.Variable variable => variable.Name,
        RandomExpression.Root root => Next(3) switch { 0 => $@"\sqrt{{{root.Radicand}}}", 1 => $"√{{{root.Radicand}}}", _ => $@"{{{root.Radicand}}}^{{\frac12}}" },
        RandomExpression.Sum sum => Next(2) == 0 ? $"{Of(sum.Left)} + {Bracketed(sum.Right)}" : $"{Bracketed(sum.Right)}+{Of(sum.Left)}",
        RandomExpression.Product product => Next(2) == 0 ? Times(product.Left, product.Right) : Times(product.Right, product.Left),
        RandomExpression.Divided divided => Next(4) switch
        {
            0 => $@"\frac{{{Of(divided.Dividend)}}}{{{divided.Divisor}}}",
            1 => $@"\dfrac{{{Of(divided.Dividend)}}}{{{divided.Divisor}}}",
            2 => $@"\frac{{1}}{{{divided.Divisor}}}\cdot {Bracketed(divided.Dividend)}",
            _ => $"({Of(divided.Dividend)})/{divided.Divisor}",
        },
        RandomExpression.Power power => Next(2) == 0 ? $"{Bracketed(power.Base)}^{{{power.Exponent}}}" : $"{Bracketed(power.Base)}^{power.Exponent}",
        _ => throw new InvalidOperationException("an expression without a spelling"),
    };

    private string Times(RandomExpression left, RandomExpression right) => Bracketed(left) + Next(3) switch { 0 => @"\cdot ", 1 => @" \times ", _ => "" } + Bracketed(right);

    private string Bracketed(RandomExpression expression) => Next(2) == 0 ? $"({Of(expression)})" : $@"\left( {Of(expression)} \right)";

    private string Number(int value) => Next(4) switch
    {
        0 => $"{value}.0",
        1 => $@"\frac{{{2 * value}}}{{2}}",
        2 => $"({value})",
        _ => $"{value}",
    };

    // SplitMix64.
    private int Next(int choices)
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (int)((z ^ (z >> 31)) % (ulong)choices);
    }
}
