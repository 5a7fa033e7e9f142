using System.Collections.Frozen;
using System.Globalization;

namespace GenPrm.Model.Tokenization.Normalization;

/// <summary>Unicode's canonical decompositions, compositions and combining classes, from the embedded <c>canonical.txt</c>.</summary>
internal sealed class CanonicalData
{
    private static readonly Lazy<CanonicalData> Shared = new(() => new CanonicalData());

    private CanonicalData()
    {
        var decompositions = new Dictionary<int, (int, int)>();
        var compositions = new Dictionary<(int, int), int>();
        var classes = new Dictionary<int, byte>();
        using var reader = new StreamReader(typeof(CanonicalData).Assembly.GetManifestResourceStream("canonical.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            if (line.Split(':') is [var span, var value])
            {
                var ends = span.Split('-');
                for (var point = Point(ends[0]); point <= Point(ends[1]); point++)
                    classes.Add(point, byte.Parse(value, CultureInfo.InvariantCulture));
                continue;
            }

            var sides = line.Split('=', '>');
            var parts = sides[1].Split(' ');
            var pair = (Point(parts[0]), parts.Length == 2 ? Point(parts[1]) : -1);
            decompositions.Add(Point(sides[0]), pair);
            if (line.Contains('=', StringComparison.Ordinal))
                compositions.Add(pair, Point(sides[0]));
        }

        Decompositions = decompositions.ToFrozenDictionary();
        Compositions = compositions.ToFrozenDictionary();
        CombiningClasses = classes.ToFrozenDictionary();
        Movable = decompositions.Keys.Except(compositions.Values).Concat(compositions.Keys.Select(pair => pair.Item2)).Concat(classes.Keys).ToFrozenSet();
    }

    public static CanonicalData Instance => Shared.Value;

    /// <summary>One step of decomposition: two code points, or one and -1.</summary>
    public FrozenDictionary<int, (int First, int Second)> Decompositions { get; }

    public FrozenDictionary<(int First, int Second), int> Compositions { get; }

    /// <summary>Combining classes other than 0.</summary>
    public FrozenDictionary<int, byte> CombiningClasses { get; }

    /// <summary>Code points that composition may change or join to what stands before; text without any of them is composed already.</summary>
    public FrozenSet<int> Movable { get; }

    private static int Point(string hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
