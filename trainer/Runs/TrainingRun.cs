using System.Collections.Immutable;
using GenPrm.Model.Chat;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization;
using GenPrm.Model.Torch;
using GenPrm.Model.Training;
using GenPrm.Trainer.Data;

namespace GenPrm.Trainer.Runs;

/// <summary>Fine-tunes a model on samples, from the beginning or from the newest checkpoint in its folder.</summary>
/// <param name="options">How.</param>
/// <param name="source">The samples.</param>
/// <param name="tell">Hears what happens, on the training thread.</param>
/// <param name="time">For rates.</param>
public sealed class TrainingRun(TrainingOptions options, ISampleSource source, Action<TrainingEvent> tell, TimeProvider time)
{
    private readonly RunFolder folder = new(options.Out);

    /// <summary>Trains to the end. Stopped by the token, it leaves a checkpoint of the last finished step.</summary>
    /// <returns>The folder of the last checkpoint.</returns>
    /// <exception cref="TrainingException">Options, data or loss do not allow it.</exception>
    /// <exception cref="CheckpointException">The model can not be read, or a checkpoint not be written.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        options.Validate();
        var target = TorchTarget.Parse(options.Device, options.Dtype);
        var reader = NewReader();
        var steps = await CountStepsAsync(reader, cancellationToken);
        var head = options.Objective == Objective.Scalar ? HeadKind.Value : HeadKind.Language;
        using var model = TrainableModelBuilder.Load(options.Model, target, head, options.Lora, seed: (long)options.Seed);
        model.Checkpointing = options.ActivationCheckpointing;
        using var optimizer = new AdamW(model.TrainedWeights, options.Optimizer);
        using var compute = new ComputeThread(options.Threads > 0 ? options.Threads : ComputeThread.Default(model.Config.ParameterCount, options.MicroBatchTokens));
        var newest = folder.Newest();
        var state = newest is null ? new(0, DataPosition.Start, options.Curve()) : RunFolder.ReadState(newest, options.Curve());
        if (newest is not null)
            RunFolder.ReadOptimizer(newest, optimizer, state.Step);
        var metrics = MetricsLog.OpenAt(folder.MetricsFile, state.Step);
        tell(new TrainingEvent.Started(state.Step, steps, model.TrainedWeights.Sum(weight => weight.Master!.numel()), newest));

        var schedule = new LearningRateSchedule(options.Schedule, options.LearningRate, options.WarmupSteps, steps ?? 0);
        var saved = state.Step;
        try
        {
            while (steps is null || state.Step < steps)
            {
                if (await reader.ReadAsync(state.Position, cancellationToken) is not { } batch)
                    break;
                var start = time.GetTimestamp();
                var packed = MicroBatches.Pack(batch.Samples, options.MicroBatchTokens);
                var report = await compute.Run(() => OptimizerStep.Run(model, optimizer, schedule, packed, cancellationToken));
                var seconds = time.GetElapsedTime(start).TotalSeconds;
                var epoch = state.Position.Epoch;
                state = state with { Step = report.Step, Position = batch.After };
                var atEnd = state.Step == steps || batch.After.Epoch >= options.Epochs;
                var heldOut = atEnd || state.Step % options.EvaluateEvery == 0 ? await EvaluateAsync(compute, model, reader, state.Position, cancellationToken) : null;
                var row = new StepMetrics(
                    report.Step, epoch, report.Loss, heldOut, report.LearningRate, report.GradientNorm, report.Tokens, report.TrainedPositions,
                    (double)report.TrainedPositions / report.Tokens, report.Tokens / seconds);
                metrics.Add(row);
                tell(new TrainingEvent.Stepped(row, steps));
                if (state.Step % options.SaveEvery == 0)
                    saved = Save(state, model, optimizer, metrics);
            }
        }
        catch (OperationCanceledException) when (state.Step > saved)
        {
            Save(state, model, optimizer, metrics);
            throw;
        }

        if (state.Step == 0)
            throw new TrainingException($"no sample is left to train on: {Text(await CountAsync(reader, cancellationToken))}");
        if (state.Step > saved)
            Save(state, model, optimizer, metrics);
        var last = folder.Newest()!;
        tell(new TrainingEvent.Finished(last, state.Step, state.Position.Counts));
        return last;
    }

    private BatchReader NewReader() => new(
        source,
        new(options.Seed, options.WindowSize, options.HeldOutShare),
        new(Tokenizer.Load(options.Model), ChatTemplate.Load(options.Model, time), options.Objective),
        options.BatchSize,
        options.MaxLength,
        options.Epochs);

    private long Save(RunState state, TrainableModel model, AdamW optimizer, MetricsLog metrics)
    {
        metrics.Flush();
        var written = folder.Write(state, model, optimizer, options);
        File.WriteAllText(folder.PlotFile, TrainingPlot.Draw($"{Path.GetFileName(Path.GetFullPath(options.Model))}, {metrics.Rows.Length} steps", metrics.Rows));
        tell(new TrainingEvent.Saved(written));
        return state.Step;
    }

    /// <summary>Mean loss over held-out samples; null where there are none.</summary>
    private async Task<double?> EvaluateAsync(ComputeThread compute, TrainableModel model, BatchReader reader, DataPosition position, CancellationToken cancellationToken)
    {
        // Of a growing log only what was read counts, so that the curve does not depend on when it was read.
        var windows = source.Count is null ? position.Window : long.MaxValue;
        var batches = MicroBatches.Pack(await reader.ReadHeldOutAsync(windows, options.HeldOutSamples, cancellationToken), options.MicroBatchTokens);
        if (batches.Count == 0)
            return null;
        return await compute.Run(() => batches.Sum(batch => Loss(model, batch, cancellationToken))) / batches.Sum(batch => (long)batch.Targets.Length);

        static double Loss(TrainableModel model, MicroBatch batch, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return model.Loss(batch);
        }
    }

    /// <summary>Steps in all: what was asked for, or all epochs of a known number of samples; null for a growing log without a limit.</summary>
    private async Task<long?> CountStepsAsync(BatchReader reader, CancellationToken cancellationToken)
    {
        if (source.Count is null)
        {
            return options.Steps is not null || options.Schedule == ScheduleKind.Constant
                ? options.Steps
                : throw new TrainingException("a cosine schedule needs its end: give --steps, or --schedule constant, when following a job that is still running");
        }

        long perEpoch = 0;
        var position = DataPosition.Start;
        while (position.Epoch == 0 && await reader.ReadAsync(position, cancellationToken) is { } batch)
        {
            perEpoch++;
            position = batch.After;
        }

        if (perEpoch == 0)
            throw new TrainingException($"no sample is left to train on: {Text(await CountAsync(reader, cancellationToken))}");
        return Math.Min(options.Steps ?? long.MaxValue, perEpoch * options.Epochs);
    }

    /// <summary>The classes of all samples, where none is trained.</summary>
    private async Task<SampleCounts> CountAsync(BatchReader reader, CancellationToken cancellationToken)
    {
        var counts = SampleCounts.None;
        for (long window = 0; ; window++)
        {
            var samples = await source.WindowAsync(window, options.WindowSize, cancellationToken);
            foreach (var sample in samples)
                reader.Sort(sample, ref counts);
            if (samples.Length < options.WindowSize)
                return counts;
        }
    }

    private string Text(SampleCounts counts) =>
        $"{counts.Read} read, {counts.HeldOut} held out (--held-out {options.HeldOutShare}), {counts.TooLong} longer than {options.MaxLength} tokens (--max-length), {counts.NothingToTrain} without a trained token";
}
