using System.Text;

namespace GenPrm.Model.Tokenization.Normalization;

/// <summary>Unicode normalization forms C and D (UAX #15).</summary>
/// <remarks>Our own, since .NET leaves text as it is where it runs without ICU (<c>InvariantGlobalization</c>).</remarks>
internal static class CanonicalForm
{
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TailCount = 28, SyllableCount = LeadCount * VowelCount * TailCount;

    /// <summary>Below it lie neither marks nor anything that composition changes.</summary>
    private const char FirstMovable = '\u0300';

    public static string Compose(string text) => IsComposed(text) ? text : ToText(Composed(Decomposed(text)));

    public static string Decompose(string text) => text.AsSpan().IndexOfAnyExceptInRange('\0', '\u00BF') < 0 ? text : ToText(Decomposed(text));

    private static bool IsComposed(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange(FirstMovable, '\uFFFF') < 0)
            return true;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value >= FirstMovable && (rune.Value is (>= VowelBase and < VowelBase + VowelCount) or (> TailBase and < TailBase + TailCount)
                || CanonicalData.Instance.Movable.Contains(rune.Value)))
            {
                return false;
            }
        }

        return true;
    }

    private static List<int> Decomposed(string text)
    {
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, points);
        Order(points);
        return points;
    }

    private static void Decompose(int point, List<int> points)
    {
        if (point is >= SyllableBase and < SyllableBase + SyllableCount)
        {
            var index = point - SyllableBase;
            points.Add(LeadBase + (index / (VowelCount * TailCount)));
            points.Add(VowelBase + (index % (VowelCount * TailCount) / TailCount));
            if (index % TailCount != 0)
                points.Add(TailBase + (index % TailCount));
        }
        else if (CanonicalData.Instance.Decompositions.TryGetValue(point, out var pair))
        {
            Decompose(pair.First, points);
            if (pair.Second >= 0)
                Decompose(pair.Second, points);
        }
        else
        {
            points.Add(point);
        }
    }

    /// <summary>Sorts each run of marks by combining class, keeping the order of equals.</summary>
    private static void Order(List<int> points)
    {
        for (var start = 0; start < points.Count; start++)
        {
            var end = start;
            while (end < points.Count && ClassOf(points[end]) != 0)
                end++;
            if (end - start > 1)
            {
                var sorted = points.GetRange(start, end - start).OrderBy(ClassOf).ToList();
                for (var index = 0; index < sorted.Count; index++)
                    points[start + index] = sorted[index];
            }

            start = end;
        }
    }

    private static List<int> Composed(List<int> points)
    {
        var composed = new List<int>(points.Count);
        var starter = -1;
        var lastClass = 0;
        foreach (var point in points)
        {
            var ownClass = ClassOf(point);
            var adjacent = starter == composed.Count - 1;
            if (starter >= 0 && (adjacent || (lastClass < ownClass && lastClass != 0)) && TryJoin(composed[starter], point, out var joined))
            {
                composed[starter] = joined;
                continue;
            }

            composed.Add(point);
            lastClass = ownClass;
            if (ownClass == 0)
                starter = composed.Count - 1;
        }

        return composed;
    }

    private static bool TryJoin(int first, int second, out int joined)
    {
        if (first is >= LeadBase and < LeadBase + LeadCount && second is >= VowelBase and < VowelBase + VowelCount)
        {
            joined = SyllableBase + ((((first - LeadBase) * VowelCount) + second - VowelBase) * TailCount);
            return true;
        }

        if (first is >= SyllableBase and < SyllableBase + SyllableCount && (first - SyllableBase) % TailCount == 0 && second is > TailBase and < TailBase + TailCount)
        {
            joined = first + second - TailBase;
            return true;
        }

        return CanonicalData.Instance.Compositions.TryGetValue((first, second), out joined);
    }

    private static int ClassOf(int point) => point < FirstMovable ? 0 : CanonicalData.Instance.CombiningClasses.GetValueOrDefault(point);

    private static string ToText(List<int> points)
    {
        var text = new StringBuilder(points.Count);
        Span<char> units = stackalloc char[2];
        foreach (var point in points)
            text.Append(units[..new Rune(point).EncodeToUtf16(units)]);
        return text.ToString();
    }
}
