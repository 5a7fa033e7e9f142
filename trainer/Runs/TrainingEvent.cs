using GenPrm.Trainer.Data;

namespace GenPrm.Trainer.Runs;

/// <summary>A line of <c>metrics.jsonl</c>.</summary>
/// <param name="Step">From 1.</param>
/// <param name="Epoch">From 0.</param>
/// <param name="Loss">Mean over the step's trained tokens, in nats.</param>
/// <param name="HeldOutLoss">The same over the held-out samples after this step; null where they were not evaluated.</param>
/// <param name="LearningRate">Of the step.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="Tokens">That went through the model.</param>
/// <param name="TrainedTokens">With a loss.</param>
/// <param name="TrainedShare">Of the tokens.</param>
/// <param name="TokensPerSecond">All tokens, over the step's whole time.</param>
public sealed record StepMetrics(
    long Step, int Epoch, double Loss, double? HeldOutLoss, double LearningRate, double GradientNorm, long Tokens, long TrainedTokens, double TrainedShare, double TokensPerSecond);

/// <summary>What a run tells while it goes. Closed.</summary>
public abstract record TrainingEvent
{
    private TrainingEvent()
    {
    }

    /// <summary>It begins, or goes on.</summary>
    /// <param name="Step">Steps already made.</param>
    /// <param name="Steps">Steps in all; null while a live run's end is not known.</param>
    /// <param name="TrainedWeights">Numbers that are trained.</param>
    /// <param name="From">The checkpoint that it goes on from, or null.</param>
    /// <param name="Later">Samples that came after the run had read the log to its end: they are not part of it.</param>
    public sealed record Started(long Step, long? Steps, long TrainedWeights, string? From, long Later = 0) : TrainingEvent;

    /// <summary>A step was made.</summary>
    public sealed record Stepped(StepMetrics Metrics, long? Steps) : TrainingEvent;

    /// <summary>A step that was made before was evaluated: the run had been stopped in the middle of it, or it turned out to be the last.</summary>
    public sealed record Evaluated(long Step, double HeldOutLoss) : TrainingEvent;

    /// <summary>A checkpoint stands in its place.</summary>
    public sealed record Saved(string Folder) : TrainingEvent;

    /// <summary>All is done.</summary>
    public sealed record Finished(string Folder, long Steps, SampleCounts Counts) : TrainingEvent;
}
