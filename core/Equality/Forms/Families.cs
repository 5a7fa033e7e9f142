using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Forms;

/// <summary>Families over the integers: <c>π/6 + 2kπ</c>, <c>30° + 360°n</c>, <c>2k + 1, k ∈ ℤ</c>.</summary>
internal static class Families
{
    // Letters that count; #0, #1, … are letters that were declared as integers.
    private const string Counters = "knmlNK#";

    private const string Declared = "v:#0";

    /// <summary>Whether two families are the same set: equal but for the letter that counts. Where both letters were declared as integers, or one was and they are angles, the first
    /// member may be any of the family: <c>-π/2 + kπ</c>, k ∈ ℤ, is <c>π/2 + kπ</c>. Where none was, it may be a number that is given: the angles of a polygon sum to (n - 2)π, not to nπ.</summary>
    public static bool AreOne(Form.Scalar x, Form.Scalar y, Budget budget)
    {
        if (Find(x, budget) is not var (counter, step, first) || Find(y, budget) is not var (otherCounter, otherStep, otherFirst))
            return false;
        var apart = first.Plus(otherFirst.Negated(), budget);
        var (areAngles, declared) = (IsAngle(x, step) && IsAngle(y, otherStep), (counter == Declared ? 1 : 0) + (otherCounter == Declared ? 1 : 0));
        if (declared == 0 || (declared == 1 && !areAngles))
            return (areAngles || declared == 1) && counter != otherCounter && apart.IsZero && AreEqual(step, otherStep, budget);
        if (!AreEqual(step, otherStep, budget) && !AreEqual(step, otherStep.Negated(), budget))
            return false;
        return Fraction.Of(apart).Times(Fraction.Of(step).Inverse(budget), budget).Constant is { IsInteger: true };
    }

    private static bool AreEqual(Polynomial a, Polynomial b, Budget budget) => a.Plus(b.Negated(), budget).IsZero;

    // first + step · counter, with constants.
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
        return (counter.Name, step, first ?? Polynomial.Zero);
    }

    private static bool IsAngle(Form.Scalar value, Polynomial step) => step.Any(g => g.Kind == GeneratorKind.Pi) || Algebra.HasDegrees(value.Node);
}
