using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Identity;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rollouts;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Queues;
using Orleans.Concurrency;

namespace GenPrm.Grains.Steps;

/// <summary>One state and its completions: k of n. Keys: <c>JOB/17/r3/s2</c> for a step, <c>JOB/17/s0</c> for the bare problem.</summary>
[Alias("genprm.IStepGrain")]
internal interface IStepGrain : IUnitOwner
{
    /// <summary>Goes on until there are K completions, then tells the owner. Safe to repeat.</summary>
    [Alias("Continue"), OneWay]
    Task Continue(StepTask task);

    /// <summary>Leaves memory: its rollout has ended.</summary>
    [Alias("Rest"), OneWay]
    Task Rest();

    /// <summary>What is stored.</summary>
    [Alias("Score"), AlwaysInterleave]
    Task<StateScore> Score();
}

/// <summary>What a step is to do. Only what came of it is stored.</summary>
/// <param name="Context">The job.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Rollout">The rollout's index; -1 for the bare problem.</param>
/// <param name="Steps">The rollout's steps.</param>
/// <param name="Step">The step's number; 0 for the bare problem.</param>
/// <param name="K">Completions wanted.</param>
/// <param name="Owner">The rollout or problem that wants the score, an <see cref="IScoreOwner"/>.</param>
[GenerateSerializer, Immutable, Alias("genprm.step-task")]
internal sealed record StepTask(
    [property: Id(0)] JobContext Context,
    [property: Id(1)] Problem Problem,
    [property: Id(2)] int Rollout,
    [property: Id(3)] ImmutableArray<Step> Steps,
    [property: Id(4)] int Step,
    [property: Id(5)] int K,
    [property: Id(6)] GrainId Owner)
{
    /// <summary>The state's path inside the job.</summary>
    public string Name => Step == 0 ? UnitName.Start(Problem.Ordinal) : UnitName.Step(Problem.Ordinal, Rollout, Step);

    public GenerationRequest Request(ImmutableArray<int> indices) => Step == 0
        ? UnitRequests.Start(Context.Spec, Problem, indices)
        : UnitRequests.Step(Context.Spec, Problem, Rollout, Steps, Step, indices);
}

/// <summary>A grain that wants scores.</summary>
[Alias("genprm.IScoreOwner")]
internal interface IScoreOwner : IGrainWithStringKey
{
    /// <summary>A state has the completions that were wanted.</summary>
    [Alias("Scored")]
    Task Scored(int step, StateScore score);

    /// <summary>A state can not be scored.</summary>
    [Alias("ScoreFailed")]
    Task ScoreFailed(int step, string reason);
}
