using System.Collections.Immutable;
using GenPrm.Model.Training;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Runs;

namespace GenPrm.Tests.Unit.Training;

/// <summary>Short trainings of a tiny model.</summary>
internal static class TrainingRuns
{
    /// <summary>The folder that training begins with.</summary>
    public static string ModelFolder => Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "tiny-llama");

    /// <summary>Six steps that take a second.</summary>
    public static TrainingOptions Options(string folder, bool lora = false, Objective objective = Objective.Critique) => new()
    {
        Model = ModelFolder,
        Out = folder,
        Objective = objective,
        Lora = lora ? new() { Rank = 2, Alpha = 4 } : null,
        LearningRate = 0.01,
        WarmupSteps = 2,
        BatchSize = 4,
        Steps = 6,
        SaveEvery = 2,
        EvaluateEvery = 3,
        HeldOutShare = 0.2,
        WindowSize = 8,
        MicroBatchTokens = 512,
        Device = "cpu",
        Dtype = "f32",
    };

    /// <summary>Runs; with <paramref name="stopAt"/> the process "dies" right after that step: nothing more is written.</summary>
    public static async Task<List<TrainingEvent>> RunAsync(TrainingOptions options, int stopAt = 0, ISampleSource? samples = null, TimeProvider? time = null)
    {
        var events = new List<TrainingEvent>();
        await new TrainingRun(options, samples ?? Conversations.Many(40), Hear, time ?? TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        return events;

        void Hear(TrainingEvent happened)
        {
            events.Add(happened);
            if (happened is TrainingEvent.Stepped { Metrics.Step: var step } && step == stopAt)
                throw new InvalidOperationException("killed");
        }
    }

    /// <summary>All that does not depend on the clock.</summary>
    public static List<StepMetrics> Curve(string folder) =>
        [.. MetricsLog.OpenAt(Path.Combine(folder, "metrics.jsonl"), long.MaxValue).Rows.Select(row => row with { TokensPerSecond = 0 })];

    /// <summary>Samples that tell which window is read.</summary>
    public sealed class WatchedSamples(ISampleSource samples, Action<long> read) : ISampleSource
    {
        public long? Count => samples.Count;

        public string Identity => samples.Identity;

        public Task<ImmutableArray<Conversation>> WindowAsync(long window, int size, CancellationToken cancellationToken)
        {
            read(window);
            return samples.WindowAsync(window, size, cancellationToken);
        }
    }
}
