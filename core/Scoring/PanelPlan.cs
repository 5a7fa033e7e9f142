using System.Collections.Immutable;

namespace GenPrm.Core.Scoring;

/// <summary>How far the paths over a solution go.</summary>
public enum PanelStop
{
    /// <summary>Every step is judged: a verifier's average needs all of them.</summary>
    Never,

    /// <summary>The panel of all paths ends at its first wrong step: the place of an error is asked for.</summary>
    FirstWrong,

    /// <summary>Each path goes on as long as any vote that it takes part in (<see cref="Votes"/>) has found no wrong step: one run gives Pass@1 and every
    /// Maj@N.</summary>
    FirstWrongOfEveryVote,
}

/// <summary>How many independent paths judge a solution, and how far they go.</summary>
[GenerateSerializer, Immutable, Alias("genprm.panel-plan")]
public sealed record PanelPlan([property: Id(0)] int Paths, [property: Id(1)] PanelStop Stop)
{
    /// <summary>The paths that judge their next step, by index; none when the solution is judged.</summary>
    /// <param name="rewards">Of each path the rewards of the steps that it has judged.</param>
    /// <param name="steps">Steps of the solution.</param>
    public ImmutableArray<int> Next(IReadOnlyList<ImmutableArray<double>> rewards, int steps)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        var votes = Stop == PanelStop.FirstWrongOfEveryVote ? Votes.Sizes(Paths).SelectMany(size => Votes.Of(Paths, size)) : [Enumerable.Range(0, Paths).ToImmutableArray()];
        return [.. votes.Where(GoesOn).SelectMany(vote => vote).Distinct().Order()];

        bool GoesOn(ImmutableArray<int> vote)
        {
            var panel = Panel.Rewards([.. vote.Select(path => rewards[path])]);
            return panel.Length < steps && (Stop == PanelStop.Never || Panel.FirstWrong(panel) is null);
        }
    }
}

/// <summary>The smaller votes that N paths hold as well: disjoint groups of 1, 2, 4, … paths in a row, and all N. The figures of a size are means over its groups:
/// those of size 1 are Pass@1.</summary>
public static class Votes
{
    /// <summary>1, 2, 4, … and N.</summary>
    public static ImmutableArray<int> Sizes(int paths)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(paths);
        var sizes = ImmutableArray.CreateBuilder<int>();
        for (var size = 1; size < paths; size *= 2)
            sizes.Add(size);
        sizes.Add(paths);
        return sizes.ToImmutable();
    }

    /// <summary>The groups of a size, as indices of paths; what is left over takes part in none.</summary>
    public static ImmutableArray<ImmutableArray<int>> Of(int paths, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        return [.. Enumerable.Range(0, paths / size).Select(group => Enumerable.Range(group * size, size).ToImmutableArray())];
    }
}
