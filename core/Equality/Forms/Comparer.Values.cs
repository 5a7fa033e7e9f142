using System.Numerics;
using GenPrm.Core.Equality.Grammar;
using GenPrm.Core.Equality.Values;
using Complex = GenPrm.Core.Equality.Values.Complex;

namespace GenPrm.Core.Equality.Forms;

/// <summary>Compares values: exactly where the difference decides it, else by numbers.</summary>
internal sealed partial class Comparer
{
    private static readonly Comparison SameValue = new(Verdict.Equal, "same value");
    private static readonly Comparison SameSet = new(Verdict.Equal, "same set");
    private static readonly Comparison OtherValue = new(Verdict.Different, "other value");
    private static readonly Comparison NumericEvidence = new(Verdict.Equal, "numeric evidence");
    private static readonly Comparison TooLarge = new(Verdict.Unknown, "too large");
    private static readonly Comparison TooClose = new(Verdict.Unknown, "too close");

    // Fewer points where both values are real do not make an identity.
    private const int WantedPoints = 4;

    // A decimal of as many digits is a machine's print of a number that has no finite decimal.
    private const int MachineDigits = 10;

    private Comparison Scalars(Form.Scalar x, Form.Scalar y)
    {
        // Words compare as words: MAKE is not EKM.
        if (x.Letters is { Length: > 2 } a && y.Letters is { Length: > 2 } b && a.All(char.IsUpper) && b.All(char.IsUpper))
            return a == b ? SameText : OtherText;
        // 30° is π/6 radians and π/6, and never 30 radians; π/6° is not π/6: no one leaves out the sign of degrees behind π.
        if (x.Mark != y.Mark && (InDegrees(x, y) ?? InDegrees(y, x)) is { } angles)
            return angles;
        // 20 miles, 20° and 20% are quantities of three kinds; a bare 20 may be any of them.
        if (x.Mark != y.Mark && IsQuantity(x) && IsQuantity(y))
            return new(Verdict.Different, "other unit");
        var result = Plain(x, y);
        if (result.Verdict == Verdict.Equal)
            return result;
        if (x.Mark != y.Mark && Percentage(x, y) is { Verdict: Verdict.Equal } marked)
            return marked;
        if (Families.AreOne(x, y, Budget))
            return SameSet;
        return IsMachinePrint(x, y) || IsMachinePrint(y, x) ? NumericEvidence : result;
    }

    // Degrees against what can not be degrees; null where it may be.
    private Comparison? InDegrees(Form.Scalar degrees, Form.Scalar other)
        => degrees.Mark == Mark.Degrees && (other.Mark == Mark.Radians || (other.Mark == Mark.None && HasPi(other) && !IsQuantity(other)))
            ? Values(degrees.Value.Times(Fraction.Of(algebra.Generators.Pi), Budget).Times(Fraction.Of(new Rational(1, 180)), Budget), other.Value)
            : null;

    private static bool HasPi(Form.Scalar value) => value.Value.Any(g => g.Kind == GeneratorKind.Pi);

    private static bool IsQuantity(Form.Scalar value) => value.Mark != Mark.None || Units.IsKnown(value.Unit);

    private Comparison Plain(Form.Scalar x, Form.Scalar y)
    {
        if (x.Unit.Length > 0 && y.Unit.Length > 0 && Phrases.AreOpposite(x.Unit, y.Unit))
            return new(Verdict.Different, "other unit");
        if (x.Unit.Length == 0 || y.Unit.Length == 0 || Units.Ratio(x.Unit, y.Unit) is not { } ratio || ratio.IsOne)
            return Values(x.Value, y.Value);
        return ratio.IsZero ? new(Verdict.Different, "other unit") : Values(x.Value.Times(Fraction.Of(ratio), Budget), y.Value);
    }

    // 62.5% is 62.5 where a percentage was asked for, and 0.625.
    private Comparison Percentage(Form.Scalar x, Form.Scalar y)
    {
        if (x.Mark == Mark.None)
            (x, y) = (y, x);
        return x.Mark == Mark.Percent ? Values(x.Value.Times(Fraction.Of(new Rational(1, 100)), Budget), y.Value) : OtherValue;
    }

    // 0.0833333333333333 for 1/12: all its digits are right, and the exact value has no end.
    private bool IsMachinePrint(Form.Scalar printed, Form.Scalar exact)
    {
        if (printed.Digits < MachineDigits || exact.Digits > 0 || printed.Value.Constant is not { } rounded || exact.Value.Constant is { IsTerminating: true } || !Sets.IsReal(exact.Value) || Sets.IsInfinite(exact.Value))
            return false;
        var value = Evaluation.RealOf(exact.Value, Budget);
        var error = (value - Real.Of(rounded)).Abs;
        return error < value.Abs * Real.Of(new Rational(1, BigInteger.Pow(10, Math.Min(printed.Digits, 60) - 1)));
    }

    /// <summary>Compares two values by their difference.</summary>
    private Comparison Values(Fraction x, Fraction y)
    {
        if (ReferenceEquals(x, y))
            return SameValue;
        if (x.Constant is { } a && y.Constant is { } b)
            return a == b ? SameValue : OtherValue;
        var difference = x.Denominator.IsOne && y.Denominator.IsOne
            ? x.Numerator.Plus(y.Numerator.Negated(), Budget)
            : x.Numerator.Times(y.Denominator, Budget).Plus(y.Numerator.Times(x.Denominator, Budget).Negated(), Budget);
        if (difference.IsZero)
            return SameValue;
        if (IsDecided(difference))
            return OtherValue;
        // What is divided by nothing vanishes in every cross product, and has no value.
        foreach (var denominator in (ReadOnlySpan<Polynomial>)[x.Denominator, y.Denominator])
        {
            if (!denominator.IsOne && !IsDecided(denominator) && Vanishing(denominator).Verdict != Verdict.Different)
                return new(Verdict.Unknown, "undefined");
        }
        return Vanishing(difference);
    }

    // A nonzero difference is a proof where its generators are independent of each other.
    private static bool IsDecided(Polynomial difference)
        => !difference.Any(g => !g.IsIndependent || (g.Kind == GeneratorKind.Prime && g.Prime > Primes.Bound * Primes.Bound));

    private Comparison Vanishing(Polynomial difference)
    {
        if (difference.Any(g => g.IsUnknown))
            return AtPoints(point => ZeroTest.Of(difference, point, Budget) is var (vanishes, value) ? (vanishes, value.Principal) : default, difference);
        try
        {
            return !ZeroTest.Of(difference, Point.None, Budget).Vanishes ? OtherValue : difference.Any(HasHugePower) ? TooLarge : NumericEvidence;
        }
        catch (TooCloseException)
        {
            return difference.Any(HasHugePower) ? TooLarge : TooClose;
        }
    }

    /// <summary>Asks a question at the points that the subjects call for. Where real algebra has no value the answer does not count, unless nothing else is left: two
    /// expressions are compared where both have real values.</summary>
    private Comparison AtPoints(Func<Point, (bool Holds, bool Principal)> question, params IReadOnlyList<Polynomial> subjects)
    {
        if (!subjects.Any(s => s.Any(IsStepwise)))
            return AtPoints(question, integers: false, subjects);
        // Factorials, powers of -1 and whatever is said of n and k are asked at integers; floors of other variables at fractions as well.
        var atIntegers = AtPoints(question, integers: true, subjects);
        return atIntegers.Verdict == Verdict.Equal && subjects.Any(s => s.Any(IsFloor)) && subjects.Any(s => s.Any(g => IsNamed(g, isInteger: false)))
            ? AtPoints(question, integers: false, subjects)
            : atIntegers;
    }

    private Comparison AtPoints(Func<Point, (bool Holds, bool Principal)> question, bool integers, IReadOnlyList<Polynomial> subjects)
    {
        var (real, principal, fails, close) = (0, 0, 0, 0);
        foreach (var point in SamplePoints.Of(subjects, integers, Budget))
        {
            try
            {
                var (holds, isPrincipal) = question(point);
                if (!isPrincipal && !holds)
                    return OtherValue;
                real += isPrincipal ? 0 : 1;
                principal += isPrincipal ? 1 : 0;
                fails += holds ? 0 : 1;
            }
            catch (UndefinedException)
            {
            }
            catch (TooCloseException)
            {
                close++;
            }
        }
        if (close > 0)
            return TooClose;
        if (real >= WantedPoints)
            return NumericEvidence;
        if (real + principal < WantedPoints)
            return new(Verdict.Unknown, "no value at the points tried");
        return fails == 0 ? NumericEvidence : OtherValue;
    }

    private static bool HasHugePower(Generator generator) => generator.Kind == GeneratorKind.HugePower || generator.Function == "factorial" || generator.Arguments.Any(a => a.Any(HasHugePower));

    private static bool IsFloor(Generator generator) => generator.Function is "floor" or "ceil" or "mod" || generator.Arguments.Any(a => a.Any(IsFloor));

    private static bool IsNamed(Generator generator, bool isInteger)
        => (generator.Kind == GeneratorKind.Variable && (generator.Name[2] is 'n' or 'm' or 'k' or 'i' or 'j' or 'N' or 'M' or 'K' or '#') == isInteger)
            || generator.Arguments.Any(a => a.Any(g => IsNamed(g, isInteger)));

    private static bool IsStepwise(Generator generator) => generator.Function is "factorial" or "binom" or "floor" or "ceil" or "mod" or "gcd" or "lcm" or "doublefactorial"
        || (generator.Function == "pow" && generator.Arguments[0].Constant is { Sign: < 0 }) || generator.Arguments.Any(a => a.Any(IsStepwise));

    /// <summary>Compares equations: whether one difference is a constant multiple of the other.</summary>
    private Comparison Proportional(Fraction x, Fraction y)
    {
        var (a, b) = (Cleared(x.Numerator), Cleared(y.Numerator));
        if (a.IsZero || b.IsZero)
            return a.IsZero == b.IsZero ? SameValue : OtherValue;
        var (left, right) = (a.By(g => g.IsUnknown, Budget), b.By(g => g.IsUnknown, Budget));
        var shared = left.Keys.Where(right.ContainsKey).Order().FirstOrDefault();
        if (shared is null)
            return a.Any(g => !g.IsIndependent) || b.Any(g => !g.IsIndependent) ? ProportionalAtPoints(a, b) : OtherValue;
        var difference = a.Times(right[shared], Budget).Plus(b.Times(left[shared], Budget).Negated(), Budget);
        if (difference.IsZero)
            return SameValue;
        return IsDecided(difference) ? OtherValue : ProportionalAtPoints(a, b);
    }

    // Negative powers of variables are multiplied away: y = 1/x and xy = 1 are one equation.
    private Polynomial Cleared(Polynomial polynomial)
    {
        var lowest = new Dictionary<Generator, Rational>();
        foreach (var monomial in polynomial.Terms.Keys)
        {
            foreach (var (generator, exponent) in monomial.Factors)
            {
                if (exponent.Sign < 0 && generator.IsUnknown && (!lowest.TryGetValue(generator, out var known) || exponent < known))
                    lowest[generator] = exponent;
            }
        }
        return lowest.Aggregate(polynomial, (sum, low) => sum.Times(Polynomial.Of(Monomial.Of(low.Key, -low.Value), 1), Budget));
    }

    private Comparison ProportionalAtPoints(Polynomial a, Polynomial b)
    {
        Complex? ratio = null;
        return AtPoints(point =>
        {
            var ((isNone, x), (isNothing, y)) = (ZeroTest.Of(a, point, Budget), ZeroTest.Of(b, point, Budget));
            if (isNone || isNothing)
                return isNone == isNothing ? throw new UndefinedException() : (false, x.Principal || y.Principal);
            var quotient = x / y;
            ratio ??= quotient;
            return ((quotient - ratio.Value).Size.Vanishes(quotient.Size + ratio.Value.Size, Real.LeastPrecision), quotient.Principal);
        }, a, b);
    }

    // a > 0 and c·a > 0 are one inequality for c > 0.
    private Comparison Inequalities(Form.Inequality x, Form.Inequality y)
    {
        if (x.Relation != y.Relation)
            return new(Verdict.Different, "other relation");
        var proportional = Proportional(x.Difference, y.Difference);
        if (proportional.Verdict != Verdict.Equal || x.Relation == "≠")
            return proportional;
        var evaluation = new Evaluation(Point.None, Real.LeastPrecision, Budget);
        var (a, b) = (evaluation.Value(x.Difference), evaluation.Value(y.Difference));
        return a.Re.Sign == b.Re.Sign ? proportional : OtherValue;
    }
}
