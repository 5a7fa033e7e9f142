using System.Collections.Immutable;
using GenPrm.Grains.Hosting;
using Orleans.Concurrency;
using Orleans.Placement;

namespace GenPrm.Grains.Queues;

/// <summary>A set of names that grows. Reentrant, since watchers wait inside of it.</summary>
[GrainType("genprm.queue-directory"), Role(SiloRole.Coordinate), ActivationCountBasedPlacement, Reentrant]
public sealed class QueueDirectoryGrain(GrainsOptions options, TimeProvider time) : Grain, IQueueDirectoryGrain
{
    private ImmutableSortedSet<string> queues = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
    private TaskCompletionSource growth = New();

    public Task Announce(ImmutableArray<string> queues)
    {
        var before = this.queues.Count;
        this.queues = this.queues.Union(queues);
        if (this.queues.Count > before)
            Interlocked.Exchange(ref growth, New()).TrySetResult();
        return Task.CompletedTask;
    }

    public async Task<ImmutableArray<string>> Watch(int known, CancellationToken cancellationToken)
    {
        try
        {
            if (queues.Count <= known)
                await growth.Task.WaitAsync(options.Queue.LongPoll, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nothing new; the watcher asks again.
        }

        return [.. queues];
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
