using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Forms;

/// <summary>Families of angles over the integers: <c>π/6 + 2kπ</c>, <c>30° + 360°n</c>.</summary>
internal static class Families
{
    // Letters that count; #0, #1, … are letters that were declared as integers.
    private const string Counters = "knmlNK#";

    /// <summary>Whether two families are the same set of angles: equal but for the letter that counts. Where it was declared as an integer, the first angle may be
    /// any of the family: <c>-π/2 + kπ</c>, k ∈ ℤ, is <c>π/2 + kπ</c>. Where it was not it may be a number that is given: the angles of a polygon sum to (n - 2)π, not to nπ.</summary>
    public static bool AreOne(Form.Scalar x, Form.Scalar y, Budget budget)
    {
        if (Find(x, budget) is not var (counter, step, first) || Find(y, budget) is not var (otherCounter, otherStep, otherFirst))
            return false;
        var apart = first.Plus(otherFirst.Negated(), budget);
        if (counter != "v:#0" && otherCounter != "v:#0")
            return counter != otherCounter && apart.IsZero && AreEqual(step, otherStep, budget);
        if (!AreEqual(step, otherStep, budget) && !AreEqual(step, otherStep.Negated(), budget))
            return false;
        return Fraction.Of(apart).Times(Fraction.Of(step).Inverse(budget), budget).Constant is { IsInteger: true };
    }

    private static bool AreEqual(Polynomial a, Polynomial b, Budget budget) => a.Plus(b.Negated(), budget).IsZero;

    // first + step · counter, with constants that are angles.
    private static (string Counter, Polynomial Step, Polynomial First)? Find(Form.Scalar value, Budget budget)
    {
        if (!value.Value.Denominator.IsOne || value.Value.Any(g => !g.IsIndependent))
            return null;
        var parts = value.Value.Numerator.By(g => g.Kind == GeneratorKind.Variable, budget);
        parts.Remove(Monomial.Unit, out var first);
        if (parts.Count != 1)
            return null;
        var (monomial, step) = parts.Single();
        if (monomial.Factors is not [var (counter, power)] || !power.IsOne || !Counters.Contains(counter.Name[2], StringComparison.Ordinal))
            return null;
        return step.Any(g => g.Kind == GeneratorKind.Pi) || Algebra.HasDegrees(value.Node) ? (counter.Name, step, first ?? Polynomial.Zero) : null;
    }
}
