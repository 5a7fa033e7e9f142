using GenPrm.Trainer.Data;
using GenPrm.Trainer.Runs;

namespace GenPrm.Lab.Runs;

/// <summary>A finished training.</summary>
/// <param name="Folder">The model's folder.</param>
/// <param name="Loss">Of the last steps, in nats a token.</param>
/// <param name="Seconds">Of this process's part.</param>
public sealed record TrainedModel(string Folder, long Steps, long Tokens, double Loss, double Seconds);

/// <summary>Trains a lab model by the product's own trainer; stopped and begun again, it goes on from its checkpoint.</summary>
public static class LabTraining
{
    /// <param name="model">The folder that it begins with.</param>
    /// <param name="to">Where checkpoints go.</param>
    /// <param name="stepped">Told after each step: steps made, and the loss.</param>
    public static async Task<TrainedModel> RunAsync(
        string model, string to, Course course, ISampleSource source, ulong seed, TimeProvider time, Action<long, double> stepped, CancellationToken cancellationToken,
        Objective objective = Objective.Critique)
    {
        ArgumentNullException.ThrowIfNull(course);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(stepped);
        var (start, tokens, loss, steps) = (time.GetTimestamp(), 0L, double.NaN, 0L);
        var options = new TrainingOptions
        {
            Model = model,
            Out = to,
            Objective = objective,
            LearningRate = course.Rate,
            WarmupSteps = Math.Min(20, Math.Max(1, course.Steps / 10)),
            Epochs = 1000,
            Steps = course.Steps,
            BatchSize = course.Batch,
            MaxLength = 1024,
            MicroBatchTokens = 8192,
            WindowSize = 128,
            HeldOutShare = 0,
            EvaluateEvery = int.MaxValue,
            SaveEvery = 100,
            Keep = 1,
            Seed = seed,
            Dtype = "f32",
        };
        var folder = await new TrainingRun(options, source, Hear, time).RunAsync(cancellationToken);
        return new(folder, steps, tokens, loss, time.GetElapsedTime(start).TotalSeconds);

        void Hear(TrainingEvent happened)
        {
            if (happened is TrainingEvent.Started began)
                steps = began.Step;
            if (happened is not TrainingEvent.Stepped { Metrics: var row })
                return;
            steps = row.Step;
            tokens += row.Tokens;
            loss = double.IsNaN(loss) ? row.Loss : (0.9 * loss) + (0.1 * row.Loss);
            stepped(row.Step, loss);
        }
    }
}
