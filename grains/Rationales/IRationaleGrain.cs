using System.Collections.Immutable;
using GenPrm.Core.Identity;
using GenPrm.Core.Problems;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Queues;
using Orleans.Concurrency;

namespace GenPrm.Grains.Rationales;

/// <summary>One critique of a rollout: the judge writes, its code runs, the judge goes on. Key: <c>JOB/17/r3/v0</c>.</summary>
[Alias("genprm.IRationaleGrain")]
internal interface IRationaleGrain : IUnitOwner
{
    /// <summary>Goes on until it has ended, then tells the rollout. Safe to repeat.</summary>
    [Alias("Continue"), OneWay]
    Task Continue(RationaleTask task);

    /// <summary>Takes results, but asks for nothing more until it is told to go on.</summary>
    [Alias("Halt"), OneWay]
    Task Halt();

    /// <summary>Leaves memory: its rollout has ended.</summary>
    [Alias("Rest"), OneWay]
    Task Rest();

    /// <summary>What is stored.</summary>
    [Alias("Read"), AlwaysInterleave]
    Task<Rationale> Read();
}

/// <summary>What a rationale is about.</summary>
/// <param name="Context">The job.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Rollout">The rollout's index.</param>
/// <param name="Steps">The rollout's steps.</param>
/// <param name="Index">The rationale's number at the rollout, from 0.</param>
[GenerateSerializer, Immutable, Alias("genprm.rationale-task")]
internal sealed record RationaleTask(
    [property: Id(0)] JobContext Context,
    [property: Id(1)] Problem Problem,
    [property: Id(2)] int Rollout,
    [property: Id(3)] ImmutableArray<Step> Steps,
    [property: Id(4)] int Index)
{
    /// <summary>Its path inside the job.</summary>
    public string Name => UnitName.Rationale(Problem.Ordinal, Rollout, Index);
}
