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

    public static End At(Fraction exact) => new(0, exact, Evaluation.RealOf(exact));

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
    public bool IsEmpty => Low.CompareTo(High) is var order && (order > 0 || (order == 0 && !(HasLow && HasHigh)));
}

/// <summary>A union of intervals in normal form: in order, none empty, none touching the next.</summary>
internal sealed class RealSet
{
    private RealSet(IReadOnlyList<Interval> parts) => Parts = parts;

    public static RealSet All { get; } = Of(new Interval(End.Lowest, false, End.Highest, false));

    public IReadOnlyList<Interval> Parts { get; }

    public static RealSet Of(params IEnumerable<Interval> intervals)
    {
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

    public static RealSet Point(Fraction value) => Of(new Interval(End.At(value), true, End.At(value), true));

    public RealSet Union(RealSet other) => Of([.. Parts, .. other.Parts]);

    public RealSet Complement()
    {
        var (parts, low, hasLow) = (new List<Interval>(), End.Lowest, false);
        foreach (var part in Parts)
        {
            parts.Add(new Interval(low, hasLow, part.Low, !part.HasLow));
            (low, hasLow) = (part.High, !part.HasHigh);
        }
        // Infinity itself belongs to no set of numbers.
        parts.Add(new Interval(low, hasLow && low.Infinity == 0, End.Highest, false));
        return Of(parts.Select(p => p with { HasLow = p.HasLow && p.Low.Infinity == 0, HasHigh = p.HasHigh && p.High.Infinity == 0 }));
    }

    public RealSet Intersection(RealSet other) => Complement().Union(other.Complement()).Complement();

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
