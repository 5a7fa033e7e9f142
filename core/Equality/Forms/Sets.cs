using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Forms;

/// <summary>Sets of real numbers from other forms.</summary>
internal static class Sets
{
    /// <summary>The set that <paramref name="form"/> is, or null where it is none.</summary>
    public static RealSet? Of(Form form, Budget budget)
    {
        switch (form)
        {
            case Form.Region region:
                return region.Set;
            case Form.Labelled labelled:
                return Of(labelled.Value, budget);
            case Form.Tuple { Items: [Form.Scalar low, Form.Scalar high] } pair:
                return IsReal(low.Value) && IsReal(high.Value)
                    ? RealSet.Of(budget, new Interval(EndOf(low.Value, budget), pair.Open == '[', EndOf(high.Value, budget), pair.Close == ']'))
                    : null;
            case Form.Several several when several.Items.All(i => i is Form.Scalar scalar && IsReal(scalar.Value) && !IsInfinite(scalar.Value)):
                return RealSet.Of(budget, [.. several.Items.Select(i => Interval.Point(((Form.Scalar)i).Value, budget))]);
            case Form.Several several when several.Items.Count > 0 && several.Items.All(i => i is Form.Region or Form.Labelled or Form.Tuple or Form.Several):
                return several.Items.Select(i => Of(i, budget)).ToArray() is var sets && sets.All(s => s is not null) ? RealSet.UnionOf(sets!, budget) : null;
            default:
                return null;
        }
    }

    /// <summary>Whether the value is a real constant or an infinity.</summary>
    public static bool IsReal(Fraction value) => IsInfinite(value) || !value.Any(IsNotReal);

    public static bool IsInfinite(Fraction value) => value.Denominator.IsOne && value.Numerator.Terms.Count == 1
        && value.Numerator.Leading() is var (monomial, coefficient) && coefficient.Abs.IsOne && monomial.Factors is [var (generator, exponent)] && exponent.IsOne && generator.Name == "v:infty";

    public static End EndOf(Fraction value, Budget budget) => !IsInfinite(value) ? End.At(value, budget) : value.Numerator.Leading().Coefficient.Sign < 0 ? End.Lowest : End.Highest;

    private static bool IsNotReal(Generator generator) => generator.IsNamed || generator.Kind is GeneratorKind.Variable or GeneratorKind.I || generator.Arguments.Any(a => a.Any(IsNotReal));
}
