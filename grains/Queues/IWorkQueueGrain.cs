using System.Collections.Immutable;

namespace GenPrm.Grains.Queues;

/// <summary>Units of one kind that wait for a worker, and those that workers hold. Keys: <see cref="Sandbox"/>, <see cref="Generate"/>.
/// It keeps nothing on disk: whoever needs a unit asks again, so a lost queue is filled again by the next sweep of each job.</summary>
[Alias("genprm.IWorkQueueGrain")]
public interface IWorkQueueGrain : IGrainWithStringKey
{
    /// <summary>The key of the queue of code blocks.</summary>
    const string Sandbox = "sandbox";

    /// <summary>The key of the queue of a model's prompts.</summary>
    static string Generate(string model) => "generate/" + model;

    /// <summary>Puts units in, as far as there is room and the job is not held; units that are known are not put in twice.</summary>
    [Alias("Offer")]
    Task<OfferOutcome> Offer(ImmutableArray<WorkUnit> units);

    /// <summary>Gives a worker units for a while. Waits for the first one, up to the long-poll time; empty if none came.</summary>
    /// <param name="worker">The worker's name.</param>
    /// <param name="capacity">The room it has (<see cref="Work.Size"/>), above 0. The last unit given may be larger than what is left of it.</param>
    [Alias("Lease"), ResponseTimeout("00:01:00")]
    Task<ImmutableArray<WorkUnit>> Lease(string worker, int capacity, CancellationToken cancellationToken);

    /// <summary>Prolongs leases. Gives back the ids that are no longer this worker's: it may stop working on them.</summary>
    [Alias("Extend")]
    Task<ImmutableArray<string>> Extend(string worker, ImmutableArray<string> units);

    /// <summary>Ends a unit whose outcome its owner has.</summary>
    [Alias("Complete")]
    Task Complete(string worker, string unit, Receipt receipt);

    /// <summary>Gives a unit back: it is tried again after a delay, or, as often as it may be tried, its owner is told that it failed.</summary>
    /// <param name="permanent">It would fail again in the same way: it is not tried again.</param>
    [Alias("Fail")]
    Task Fail(string worker, string unit, string reason, bool permanent);

    /// <summary>Gives units back untouched, since they have no part in it that the worker can not go on: it counts as no try.</summary>
    /// <param name="reason">What the worker lacks, for people to read; null if it only stops.</param>
    [Alias("Return")]
    Task Return(string worker, ImmutableArray<string> units, string? reason);

    /// <summary>Drops a job's waiting units and takes no more of them; leased ones may end.</summary>
    [Alias("Hold")]
    Task Hold(string job);

    /// <summary>Takes a job's units again.</summary>
    [Alias("Admit")]
    Task Admit(string job);

    [Alias("View")]
    Task<QueueView> View();
}

/// <summary>The queues that jobs use now: how a generate silo learns which models are wanted. One grain, key <see cref="Key"/>.
/// It keeps nothing on disk: running jobs announce their queues again with every sweep.</summary>
[Alias("genprm.IQueueDirectoryGrain")]
public interface IQueueDirectoryGrain : IGrainWithStringKey
{
    /// <summary>The key of the one directory.</summary>
    const string Key = "queues";

    [Alias("Announce")]
    Task Announce(ImmutableArray<string> queues);

    /// <summary>All names, as soon as there are more than <paramref name="known"/> of them, or after the long-poll time.</summary>
    [Alias("Watch"), ResponseTimeout("00:01:00")]
    Task<ImmutableArray<string>> Watch(int known, CancellationToken cancellationToken);
}

/// <summary>What a queue did with an offer.</summary>
/// <param name="Taken">How many units were put in or were there already.</param>
/// <param name="Refused">How many found no room; the queue wakes the job when there is room again.</param>
[GenerateSerializer, Immutable, Alias("genprm.offer-outcome")]
public sealed record OfferOutcome([property: Id(0)] int Taken, [property: Id(1)] int Refused);

/// <summary>A queue as a user sees it; counters since its activation.</summary>
/// <param name="Name">The queue's key.</param>
/// <param name="Waiting">Units without a worker, those that wait out a delay included.</param>
/// <param name="Leased">Units that workers hold.</param>
/// <param name="Workers">Workers that asked for work lately.</param>
/// <param name="Completed">Units whose result was taken.</param>
/// <param name="Dropped">Results that came second.</param>
/// <param name="Expired">Leases that ran out.</param>
/// <param name="Retried">Units given back and tried again.</param>
/// <param name="Failed">Units given up.</param>
/// <param name="Trouble">What a worker lacked that gave units back since the last one was done, such as a Docker engine; <c>null</c> if nothing.</param>
[GenerateSerializer, Immutable, Alias("genprm.queue-view")]
public sealed record QueueView(
    [property: Id(0)] string Name,
    [property: Id(1)] int Waiting,
    [property: Id(2)] int Leased,
    [property: Id(3)] int Workers,
    [property: Id(4)] long Completed,
    [property: Id(5)] long Dropped,
    [property: Id(6)] long Expired,
    [property: Id(7)] long Retried,
    [property: Id(8)] long Failed,
    [property: Id(9)] string? Trouble);
