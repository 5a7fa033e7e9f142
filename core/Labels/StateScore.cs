using System.Collections.Immutable;

namespace GenPrm.Core.Labels;

/// <summary>The completions of one state: k of n, topped up and never redone. A fold over arriving completions.</summary>
[GenerateSerializer, Immutable, Alias("genprm.state-score")]
public sealed record StateScore
{
    public static readonly StateScore Empty = new();

    /// <summary>Every completion, by index.</summary>
    [Id(0)] public ImmutableArray<CompletionFact> Completions { get; init; } = [];

    /// <summary>Takes completions in. One whose index is known already changes nothing.</summary>
    public StateScore Apply(IEnumerable<CompletionFact> arrived)
    {
        var known = Completions.ToDictionary(fact => fact.Index);
        foreach (var fact in arrived)
            known.TryAdd(fact.Index, fact);
        return known.Count == Completions.Length ? this : this with { Completions = [.. known.Values.OrderBy(fact => fact.Index)] };
    }

    /// <summary>The indices below K that are still to be sampled; empty when the score stands.</summary>
    public ImmutableArray<int> Missing(int k) => [.. Enumerable.Range(0, k).Except(Completions.Select(fact => fact.Index))];

    /// <summary>The score over the first K completions, or null while some are missing.</summary>
    public Share? Mc(int k)
    {
        var first = Completions.Where(fact => fact.Index < k).ToArray();
        return first.Length < k ? null : new Share(first.Count(fact => fact.Class == CompletionClass.Right), k);
    }

    /// <summary>The same completions as this program's checker sees them.</summary>
    public StateScore CheckedAgain(string goldAnswer) => this with { Completions = [.. Completions.Select(fact => fact.CheckedAgain(goldAnswer))] };
}
