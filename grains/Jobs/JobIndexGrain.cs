using System.Collections.Immutable;
using GenPrm.Grains.Hosting;
using Orleans.Placement;

namespace GenPrm.Grains.Jobs;

/// <summary>The stored list of names.</summary>
[GenerateSerializer, Immutable, Alias("genprm.job-index")]
internal sealed record JobIndex
{
    [Id(0)] public ImmutableArray<string> Jobs { get; init; } = [];
}

[GrainType("genprm.job-index"), Role(SiloRole.Coordinate), ActivationCountBasedPlacement]
internal sealed class JobIndexGrain([PersistentState("jobs", GrainStore.Provider)] IPersistentState<JobIndex> stored) : Grain, IJobIndexGrain
{
    public Task Register(string job) =>
        stored.State.Jobs.Contains(job) ? Task.CompletedTask : stored.CommitAsync(new() { Jobs = stored.State.Jobs.Add(job) }, this);

    public Task<ImmutableArray<string>> List() => Task.FromResult(stored.State.Jobs);
}
