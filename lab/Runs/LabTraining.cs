using GenPrm.Trainer.Data;
using GenPrm.Trainer.Runs;

namespace GenPrm.Lab.Runs;

/// <summary>A finished training, all of it, however often it was stopped.</summary>
/// <param name="Folder">The model's folder.</param>
/// <param name="Loss">Of the last steps, in nats a token.</param>
/// <param name="Seconds">Of its steps.</param>
public sealed record TrainedModel(string Folder, long Steps, long Tokens, double Loss, double Seconds)
{
    /// <summary>A training's figures by its own record of its steps, which is on disk before a checkpoint is.</summary>
    /// <exception cref="LabException">There is no record.</exception>
    internal static TrainedModel Of(string folder, string metrics)
    {
        var rows = MetricsLog.OpenAt(metrics, long.MaxValue).Rows;
        if (rows.IsEmpty)
            throw new LabException($"{metrics} holds no step of a training that has ended in {folder}. Remove {Path.GetDirectoryName(metrics)}, and the model is trained again.");
        return new(folder, rows[^1].Step, rows.Sum(row => row.Tokens), rows.Select(row => row.Loss).Aggregate(LabTraining.Smooth), rows.Sum(row => row.Tokens / row.TokensPerSecond));
    }
}

/// <summary>Trains a lab model by the product's own trainer; stopped and begun again, it goes on from its checkpoint.</summary>
public static class LabTraining
{
    /// <param name="model">The folder that it begins with.</param>
    /// <param name="to">Where checkpoints go.</param>
    /// <param name="device">Where it is trained; always in f32.</param>
    /// <param name="stepped">Told after each step: steps made, and the loss.</param>
    public static async Task<TrainedModel> RunAsync(
        string model, string to, Course course, ISampleSource source, ulong seed, string device, TimeProvider time, Action<long, double> stepped, CancellationToken cancellationToken,
        Objective objective = Objective.Critique)
    {
        ArgumentNullException.ThrowIfNull(course);
        ArgumentNullException.ThrowIfNull(stepped);
        double? loss = null;
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
            Device = device,
            Dtype = "f32",
        };
        var folder = await new TrainingRun(options, source, Hear, time).RunAsync(cancellationToken);
        return TrainedModel.Of(folder, new RunFolder(to).MetricsFile);

        void Hear(TrainingEvent happened)
        {
            if (happened is not TrainingEvent.Stepped { Metrics: var row })
                return;
            loss = loss is { } before ? Smooth(before, row.Loss) : row.Loss;
            stepped(row.Step, loss.Value);
        }
    }

    internal static double Smooth(double before, double loss) => (0.9 * before) + (0.1 * loss);
}
