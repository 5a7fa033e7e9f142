using System.Collections.Immutable;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Client.Sessions;
using GenPrm.Core.Labels;
using GenPrm.Grains.Jobs;

namespace GenPrm.Client.Jobs;

/// <summary>Finds the job that a user means.</summary>
public static class JobNames
{
    /// <summary>All jobs of the store, oldest first.</summary>
    public static Task<ImmutableArray<string>> AllAsync(IGrainFactory grains, CancellationToken cancellation) =>
        GrainCalls.AskAsync(() => grains.GetGrain<IJobIndexGrain>(IJobIndexGrain.Key).List(), cancellation);

    /// <summary>The job of exactly this name, else the only one that begins so; the newest for null.</summary>
    /// <exception cref="CommandException">There is none, or several begin so.</exception>
    public static async Task<string> FindAsync(IGrainFactory grains, string? asked, CancellationToken cancellation)
    {
        ImmutableArray<string> names = await AllAsync(grains, cancellation);
        return Choose(names, asked);
    }

    /// <summary>The job as <see cref="FindAsync(IGrainFactory, string?, CancellationToken)"/> finds it, if it has a labelling of this number.</summary>
    /// <exception cref="CommandException">There is no such job, or it has no such labelling.</exception>
    public static async Task<string> FindAsync(IGrainFactory grains, string? asked, int labelling, CancellationToken cancellation)
    {
        string name = await FindAsync(grains, asked, cancellation);
        ImmutableArray<Labelling> there = await GrainCalls.AskAsync(grains.GetGrain<IJobGrain>(name).Labellings, cancellation);
        return there.Any(one => one.Number == labelling)
            ? name
            : throw new CommandException($"Job {name} has no labelling {labelling}. It has: {string.Join(", ", there.Select(one => $"{one.Number} ({LabellingText.Of(one)})"))}.");
    }

    internal static string Choose(ImmutableArray<string> names, string? asked)
    {
        if (names.IsEmpty)
            throw new CommandException("There are no jobs in this store. Start one with `genprm run`, or give the store's folder with --data.");
        if (asked is null)
            return names[^1];
        if (names.Contains(asked))
            return asked;
        string[] near = [.. names.Where(name => name.StartsWith(asked, StringComparison.Ordinal))];
        return near.Length switch
        {
            1 => near[0],
            0 => throw new CommandException($"There is no job '{asked}'. There are: {string.Join(", ", names.TakeLast(10))}."),
            _ => throw new CommandException($"'{asked}' may be any of {string.Join(", ", near)}. Give more of the name."),
        };
    }
}
