namespace GenPrm.Model.Training;

/// <summary>How the learning rate goes after warm-up.</summary>
public enum ScheduleKind
{
    Constant,

    /// <summary>Half a cosine down to zero at the last step.</summary>
    Cosine,
}

/// <summary>The learning rate of each optimizer step, a pure function of its number.</summary>
/// <param name="Kind">What follows warm-up.</param>
/// <param name="Peak">The rate after warm-up.</param>
/// <param name="WarmupSteps">Steps of linear growth, the last of which has the peak.</param>
/// <param name="Steps">All steps; a constant schedule needs none.</param>
public sealed record LearningRateSchedule(ScheduleKind Kind, double Peak, int WarmupSteps, long Steps)
{
    /// <param name="step">From 0.</param>
    public double At(long step)
    {
        if (step < WarmupSteps)
            return Peak * (step + 1) / WarmupSteps;
        if (Kind == ScheduleKind.Constant)
            return Peak;
        var progress = Math.Min(1, (double)(step - WarmupSteps) / Math.Max(1, Steps - WarmupSteps));
        return Peak * 0.5 * (1 + Math.Cos(Math.PI * progress));
    }
}
