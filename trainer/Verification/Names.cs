using System.Collections.Immutable;
using System.Text.Json;

namespace GenPrm.Trainer.Verification;

/// <summary>Counts by class, under the classes' names in snake_case.</summary>
internal static class Names
{
    public static ImmutableSortedDictionary<string, int> Count<T>(IEnumerable<T> classes)
        where T : struct, Enum => classes
        .GroupBy(one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()))
        .ToImmutableSortedDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
}
