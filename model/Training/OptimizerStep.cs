using System.Globalization;

namespace GenPrm.Model.Training;

/// <summary>What one optimizer step did.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Loss">Mean over the step's trained positions, in nats.</param>
/// <param name="GradientNorm">Over all trained weights, before clipping.</param>
/// <param name="LearningRate">Of this step.</param>
/// <param name="TrainedPositions">Positions with a loss.</param>
/// <param name="Tokens">All tokens that went through the model, padding too.</param>
public sealed record StepReport(long Step, double Loss, double GradientNorm, double LearningRate, long TrainedPositions, long Tokens);

/// <summary>One optimizer step over one or several micro-batches.</summary>
public static class OptimizerStep
{
    /// <summary>Accumulates all micro-batches, the loss divided by the trained positions of the whole step, clips, and updates.</summary>
    /// <exception cref="TrainingException">Nothing is trained, or the loss or the gradient is not a number; no weight has changed then.</exception>
    public static StepReport Run(
        TrainableModel model, AdamW optimizer, LearningRateSchedule schedule, IReadOnlyCollection<MicroBatch> batches, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(batches);
        var trained = batches.Sum(batch => (long)batch.Targets.Length);
        if (trained == 0)
            throw new TrainingException($"step {optimizer.Step + 1} has no trained token");
        foreach (var weight in model.TrainedWeights)
            weight.ClearGradient();
        var loss = 0.0;
        foreach (var batch in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            loss += model.Accumulate(batch, 1.0 / trained);
        }

        var norm = optimizer.GradientNorm();
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new TrainingException(string.Create(
                CultureInfo.InvariantCulture,
                $"step {optimizer.Step + 1}: the loss is {loss / trained} and the gradient norm {norm}; the weights are as they were before it."));
        }

        var rate = schedule.At(optimizer.Step);
        optimizer.Update(rate, norm);
        return new(optimizer.Step, loss / trained, norm, rate, trained, batches.Sum(batch => (long)batch.Tokens.Length));
    }
}
