using GenPrm.Grains.Views;

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
