using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Forms;

/// <summary>An end of an interval: a real constant or an infinity.</summary>
/// <param name="Infinity">-1 or 1 for an infinite end, 0 for a finite one.</param>
/// <param name="Exact">A finite end's normal form.</param>
/// <param name="Value">A finite end's value.</param>
internal sealed record End(int Infinity, Fraction Exact, Real Value)
{
    public static End Lowest { get; } = new(-1, Fraction.Zero, Real.Zero);

    public static End Highest { get; } = new(1, Fraction.Zero, Real.Zero);

    public static End At(Fraction exact, Budget budget) => new(0, exact, Evaluation.RealOf(exact, budget));

    public int CompareTo(End other)
    {
        if (Infinity != 0 || other.Infinity != 0)
            return Infinity.CompareTo(other.Infinity);
        var difference = Value - other.Value;
        return difference.Vanishes(Value.Abs + other.Value.Abs) ? 0 : difference.Sign;
    }
}

/// <summary>An interval with its ends, each open or closed. A point is closed at both.</summary>
internal sealed record Interval(End Low, bool HasLow, End High, bool HasHigh)
{
    public static Interval Point(Fraction value, Budget budget)
    {
        var end = End.At(value, budget);
        return new(end, true, end, true);
    }

    public bool IsEmpty => Low.CompareTo(High) is var order && (order > 0 || (order == 0 && !(HasLow && HasHigh)));
}

/// <summary>A union of intervals in normal form: in order, none empty, none touching the next.</summary>
internal sealed class RealSet
{
    // Steps for each comparison of two ends.
    private const int ComparisonCost = 4;

    private RealSet(IReadOnlyList<Interval> parts) => Parts = parts;

    public static RealSet All { get; } = new([new Interval(End.Lowest, false, End.Highest, false)]);

    public IReadOnlyList<Interval> Parts { get; }

    /// <summary>The union of <paramref name="intervals"/>, however they lie.</summary>
    public static RealSet Of(Budget budget, params IReadOnlyList<Interval> intervals)
    {
        budget.Spend(ComparisonCost * (long)intervals.Count * (1 + int.Log2(intervals.Count + 1)));
        var ordered = intervals.Where(i => !i.IsEmpty).Order(Comparer<Interval>.Create(ByLow));
        var parts = new List<Interval>();
        foreach (var next in ordered)
        {
            if (parts.Count == 0 || !Touches(parts[^1], next))
            {
                parts.Add(next);
                continue;
            }
            var last = parts[^1];
            var order = last.High.CompareTo(next.High);
            parts[^1] = last with { High = order < 0 ? next.High : last.High, HasHigh = order < 0 ? next.HasHigh : order > 0 ? last.HasHigh : last.HasHigh || next.HasHigh };
        }
        return new(parts);
    }

    public static RealSet Point(Fraction value, Budget budget) => new([Interval.Point(value, budget)]);

    public RealSet Union(RealSet other, Budget budget) => UnionOf([this, other], budget);

    public static RealSet UnionOf(IReadOnlyList<RealSet> sets, Budget budget) => Of(budget, [.. sets.SelectMany(s => s.Parts)]);

    public RealSet Complement(Budget budget)
    {
        budget.Spend(ComparisonCost * (long)Parts.Count);
        var (parts, low, hasLow) = (new List<Interval>(), End.Lowest, false);
        foreach (var part in Parts)
        {
            parts.Add(new Interval(low, hasLow, part.Low, !part.HasLow));
            (low, hasLow) = (part.High, !part.HasHigh);
        }
        parts.Add(new Interval(low, hasLow, End.Highest, false));
        // The gaps of a set in normal form lie in order. Infinity itself belongs to no set of numbers.
        return new([.. parts.Select(p => p with { HasLow = p.HasLow && p.Low.Infinity == 0, HasHigh = p.HasHigh && p.High.Infinity == 0 }).Where(p => !p.IsEmpty)]);
    }

    public RealSet Intersection(RealSet other, Budget budget) => IntersectionOf([this, other], budget);

    public static RealSet IntersectionOf(IReadOnlyList<RealSet> sets, Budget budget) => UnionOf([.. sets.Select(s => s.Complement(budget))], budget).Complement(budget);

    private static int ByLow(Interval a, Interval b)
    {
        var order = a.Low.CompareTo(b.Low);
        return order != 0 ? order : b.HasLow.CompareTo(a.HasLow);
    }

    private static bool Touches(Interval left, Interval right)
    {
        var order = left.High.CompareTo(right.Low);
        return order > 0 || (order == 0 && (left.HasHigh || right.HasLow));
    }
}
