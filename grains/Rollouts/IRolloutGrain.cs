using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Steps;
using GenPrm.Grains.Views;
using Orleans.Concurrency;

namespace GenPrm.Grains.Rollouts;

/// <summary>What a user may ask of a kept rollout. Key: <c>JOB/17/r3</c>.</summary>
[Alias("genprm.IRolloutViews")]
public interface IRolloutViews : IGrainWithStringKey
{
    /// <summary>The rollout with its steps and rationales; <c>null</c> if it was not kept.</summary>
    [Alias("View")]
    Task<RolloutView?> View();

    /// <summary>One step with every completion; <c>null</c> if there is no such step.</summary>
    /// <param name="step">From 1.</param>
    [Alias("ViewStep")]
    Task<StepView?> ViewStep(int step);
}

/// <summary>One kept rollout: its steps are scored, critiques are written, and each labelling decides which of them become samples.</summary>
[Alias("genprm.IRolloutGrain")]
internal interface IRolloutGrain : IScoreOwner
{
    /// <summary>Goes on until it has ended in the context's pass, then tells the problem. Safe to repeat.</summary>
    [Alias("Continue"), OneWay]
    Task Continue(RolloutTask task);

    /// <summary>Takes results, but asks for nothing more until it is told to go on.</summary>
    [Alias("Halt"), OneWay]
    Task Halt();

    [Alias("RationaleEnded")]
    Task RationaleEnded(int index, Rationale rationale);

    [Alias("RationaleFailed")]
    Task RationaleFailed(int index, string reason);
}

/// <summary>What a rollout is to do.</summary>
/// <param name="Context">The job.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Rollout">The rollout as it was sampled.</param>
/// <param name="PassAtOne"><c>MC(s_1)</c> by the policy, fixed.</param>
/// <param name="Start">The completer's completions of the bare problem, as far as they are there.</param>
[GenerateSerializer, Immutable, Alias("genprm.rollout-task")]
internal sealed record RolloutTask(
    [property: Id(0)] JobContext Context,
    [property: Id(1)] Problem Problem,
    [property: Id(2)] Rollout Rollout,
    [property: Id(3)] Share PassAtOne,
    [property: Id(4)] StateScore Start);
