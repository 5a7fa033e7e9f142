using System.Collections.Immutable;

namespace GenPrm.Core.Jobs;

/// <summary>How many of a kind of thing ended in each class. The total is the classes' sum, so that they always add up.</summary>
/// <param name="Classes">Class name in snake_case → count, above 0.</param>
[GenerateSerializer, Immutable, Alias("genprm.class-counts")]
public sealed record ClassCounts([property: Id(0)] ImmutableSortedDictionary<string, long> Classes)
{
    public static readonly ClassCounts Empty = new(ImmutableSortedDictionary<string, long>.Empty.WithComparers(StringComparer.Ordinal));

    public long Total => Classes.Values.Sum();

    public long this[string name] => Classes.GetValueOrDefault(name);

    public ClassCounts Add(string name, long count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return count == 0 ? this : new(Classes.SetItem(name, this[name] + count));
    }

    /// <summary>Counts a value of an enum under its name in snake_case.</summary>
    public ClassCounts Add<T>(T value, long count = 1)
        where T : struct, Enum => Add(NameOf(value), count);

    public ClassCounts Add(ClassCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Classes.Aggregate(this, (sum, pair) => sum.Add(pair.Key, pair.Value));
    }

    /// <summary>An enum value's class name: <c>TooHard</c> is <c>too_hard</c>.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public bool Equals(ClassCounts? other) => other is not null && Classes.SequenceEqual(other.Classes);

    public override int GetHashCode() => Classes.Count;
}
