using System.Collections.Immutable;
using Orleans.Configuration;

namespace GenPrm.Grains.Hosting;

/// <summary>What a silo needs to take part in a cluster.</summary>
public sealed class GrainsOptions
{
    /// <summary>Where the store is that speaks the Redis protocol: a StackExchange.Redis connection string.</summary>
    public string Store { get; set; } = "127.0.0.1:6379";

    /// <summary>The name of the running cluster: silos of another name never meet.</summary>
    public string ClusterId { get; set; } = "genprm";

    /// <summary>The name that stored states are kept under; outlives clusters.</summary>
    public string ServiceId { get; set; } = "genprm";

    /// <summary>This silo's roles; all of them unless told otherwise.</summary>
    public ImmutableArray<SiloRole> Roles { get; set; } = [.. Enum.GetValues<SiloRole>()];

    /// <summary>How often a running job asks again for whatever is missing.</summary>
    public TimeSpan SweepPeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How queues lend work.</summary>
    public QueueOptions Queue { get; set; } = new();

    /// <exception cref="OrleansConfigurationException">A value can not be used; the message names it and the remedy.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Store), nameof(Store), Store, "give a connection string such as 127.0.0.1:6379");
        Require(!Roles.IsDefaultOrEmpty, nameof(Roles), "none", "give at least one of coordinate, generate, sandbox, train");
        Require(SweepPeriod > TimeSpan.Zero, nameof(SweepPeriod), SweepPeriod, "give a time above zero");
        Require(Queue.Capacity > 0, "Queue.Capacity", Queue.Capacity, "give a number above zero");
        Require(Queue.MaxTries > 0, "Queue.MaxTries", Queue.MaxTries, "give a number above zero");
        Require(Queue.LeaseTime > TimeSpan.Zero, "Queue.LeaseTime", Queue.LeaseTime, "give a time above zero");
        Require(Queue.LongPoll > TimeSpan.Zero && Queue.LongPoll < TimeSpan.FromSeconds(50), "Queue.LongPoll", Queue.LongPoll, "give a time above zero and below 50 s");
    }

    private static void Require(bool holds, string name, object value, string remedy)
    {
        if (!holds)
            throw new OrleansConfigurationException($"{nameof(GrainsOptions)}.{name} is '{value}': {remedy}.");
    }
}

/// <summary>How a queue lends work to workers.</summary>
public sealed class QueueOptions
{
    /// <summary>The most units that wait in one queue; further offers are refused until there is room.</summary>
    public int Capacity { get; set; } = 4096;

    /// <summary>How long a worker has a unit before it must prolong the lease.</summary>
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a request for work waits when there is none.</summary>
    public TimeSpan LongPoll { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a unit is tried before its owner is told that it failed.</summary>
    public int MaxTries { get; set; } = 5;

    /// <summary>The wait before the second try; it doubles with each further one.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A worker that has not asked for this long is not counted as there.</summary>
    public TimeSpan WorkerMemory { get; set; } = TimeSpan.FromSeconds(30);
}
