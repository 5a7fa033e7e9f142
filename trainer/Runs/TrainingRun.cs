using System.Globalization;
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
/// <param name="time">For rates, the template's date, and how long ago a checkpoint was written.</param>
public sealed class TrainingRun(TrainingOptions options, ISampleSource source, Action<TrainingEvent> tell, TimeProvider time)
{
    private readonly RunFolder folder = new(options.Out);

    /// <summary>The step of the last checkpoint, and when it was written.</summary>
    private (long Step, long At) saved;

    /// <summary>Whether the weights are fit to be saved.</summary>
    private bool sound = true;

    /// <summary>What a run works with.</summary>
    private sealed record Parts(TrainableModel Model, AdamW Optimizer, BatchReader Reader, MetricsLog Metrics, ComputeThread Compute, long? Steps);

    /// <summary>Trains to the end. Stopped by the token, or by samples that can not be read any more, it leaves a checkpoint of the last finished step.</summary>
    /// <returns>The folder of the last checkpoint.</returns>
    /// <exception cref="TrainingException">Options, data or loss do not allow it, or another process trains in the folder.</exception>
    /// <exception cref="CheckpointException">The model can not be read, or a checkpoint not be written.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        options.Validate();
        var target = Target();
        using var held = folder.Hold();
        var newest = folder.Newest();
        var curve = Curve(target);
        var state = newest is null ? new(0, DataPosition.Start, curve) : RunFolder.ReadState(newest, curve);
        state = state with { Curve = curve, Began = state.Began ?? time.GetLocalNow() };
        var reader = NewReader(state.Began.Value);
        var steps = await CountStepsAsync(reader, cancellationToken);
        var head = options.Objective == Objective.Scalar ? HeadKind.Value : HeadKind.Language;
        using var model = TrainableModelBuilder.Load(options.Model, target, head, options.Lora, seed: (long)options.Seed);
        model.Checkpointing = options.ActivationCheckpointing;
        using var optimizer = new AdamW(model.TrainedWeights, options.Optimizer);
        using var compute = new ComputeThread(options.Threads > 0 ? options.Threads : ComputeThread.Default(model.Config.ParameterCount, options.MicroBatchTokens));
        if (newest is not null)
            RunFolder.ReadOptimizer(newest, optimizer, state.Step);
        var parts = new Parts(model, optimizer, reader, MetricsLog.OpenAt(folder.MetricsFile, state.Step), compute, steps);
        var later = source.Count is null && state.Position.Total is { } total ? await source.LengthAsync(cancellationToken) - total : 0;
        tell(new TrainingEvent.Started(state.Step, steps, model.TrainedWeights.Sum(weight => weight.Master!.numel()), newest, later));

        saved = (state.Step, time.GetTimestamp());
        await EvaluateLateAsync(parts, state, cancellationToken);
        state = await TrainAsync(parts, state, cancellationToken);
        if (state.Step == 0)
            throw new TrainingException($"no sample is left to train on: {Text(await CountAsync(reader, cancellationToken))}");
        if (state.Step > saved.Step)
            Save(parts, state);
        await EvaluateLateAsync(parts, state, cancellationToken);
        var last = folder.Newest()!;
        tell(new TrainingEvent.Finished(last, state.Step, state.Position.Counts));
        return last;
    }

    /// <summary>Makes steps until all are made or no sample is left.</summary>
    private async Task<RunState> TrainAsync(Parts parts, RunState state, CancellationToken cancellationToken)
    {
        var schedule = new LearningRateSchedule(options.Schedule, options.LearningRate, options.WarmupSteps, parts.Steps ?? 0);
        while (options.Steps is null || state.Step < options.Steps)
        {
            StepMetrics row;
            try
            {
                if (await parts.Reader.ReadAsync(state.Position, cancellationToken) is not { } batch)
                    return state with { Position = await parts.Reader.EndAsync(state.Position, cancellationToken) };
                row = await StepAsync(parts, schedule, batch, cancellationToken);
                state = state with { Step = row.Step, Position = batch.After };
                try
                {
                    if (IsDue(parts, state))
                        row = row with { HeldOutLoss = await EvaluateAsync(parts, state, cancellationToken) };
                }
                finally
                {
                    // Stopped while it is evaluated, a step was made all the same; it is evaluated when the run goes on.
                    parts.Metrics.Add(row);
                }
            }
            catch (Exception stopped) when (sound && state.Step > saved.Step && stopped is OperationCanceledException or TrainingException)
            {
                Save(parts, state);
                throw;
            }

            tell(new TrainingEvent.Stepped(row, parts.Steps));
            if (state.Step % options.SaveEvery == 0 || time.GetElapsedTime(saved.At) >= options.SaveInterval)
                Save(parts, state);
        }

        return state;
    }

    private async Task<StepMetrics> StepAsync(Parts parts, LearningRateSchedule schedule, SampleBatch batch, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var packed = MicroBatches.Pack(batch.Samples, options.MicroBatchTokens);
        StepReport report;
        try
        {
            report = await parts.Compute.Run(() => OptimizerStep.Run(parts.Model, parts.Optimizer, schedule, packed, cancellationToken));
        }
        catch (TrainingException error)
        {
            throw Diverged(error.Message, parts.Optimizer.Step);
        }

        var seconds = time.GetElapsedTime(start).TotalSeconds;
        return new(
            report.Step, batch.Epoch, report.Loss, null, report.LearningRate, report.GradientNorm, report.Tokens, report.TrainedPositions,
            (double)report.TrainedPositions / report.Tokens, seconds > 0 ? report.Tokens / seconds : 0);
    }

    /// <summary>The same command would only come to the same end: what to type instead.</summary>
    /// <param name="fact">What is no number.</param>
    /// <param name="good">The last step whose weights can be gone on with.</param>
    private TrainingException Diverged(string fact, long good)
    {
        const string Change = "a lower --lr, a longer --warmup or --dtype f32";
        var from = sound && good > 0 ? folder.Of(good) : folder.Newest();
        if (from is null)
            return new($"{fact} No checkpoint was written: type it again with {Change}.");
        var model = options.Lora is null
            ? $"--model {from}"
            : $"--model MERGED, which `genprm train merge --adapter {from} --model {options.Model} --out MERGED` makes";
        return new($"{fact} The same command would come to the same end. Begin another run from the weights of {from}: {model}, with another --out and {Change} (--lr is {Text(options.LearningRate)}).");
    }

    private TorchTarget Target()
    {
        try
        {
            return TorchTarget.Parse(options.Device, options.Dtype);
        }
        catch (ArgumentException error)
        {
            throw new TrainingException($"--device {options.Device}: {error.Message}", error);
        }
    }

    /// <summary>All that must be the same for a run to go on.</summary>
    private Dictionary<string, string> Curve(TorchTarget target)
    {
        // What auto means is another thing on another machine.
        var curve = new Dictionary<string, string>(options.Curve()) { ["--dtype"] = target.DtypeName };
        if (source.Identity.Length > 0)
            curve["samples"] = source.Identity;
        return curve;
    }

    private BatchReader NewReader(DateTimeOffset began) => new(
        source,
        new(options.Seed, options.WindowSize, options.HeldOutShare),
        new(Tokenizer.Load(options.Model), ChatTemplate.Load(options.Model, new StoppedClock(began)), options.Objective),
        options.BatchSize,
        options.MaxLength,
        options.Epochs);

    private void Save(Parts parts, RunState state)
    {
        parts.Metrics.Flush();
        var written = folder.Write(state, parts.Model, parts.Optimizer, options);
        Draw(parts.Metrics);
        saved = (state.Step, time.GetTimestamp());
        tell(new TrainingEvent.Saved(written));
    }

    private void Draw(MetricsLog metrics) =>
        File.WriteAllText(folder.PlotFile, TrainingPlot.Draw($"{Path.GetFileName(Path.GetFullPath(options.Model))}, {metrics.Rows.Length} steps", metrics.Rows));

    private bool IsDue(Parts parts, RunState state) =>
        state.Step == parts.Steps || state.Position.Epoch >= options.Epochs || state.Step % options.EvaluateEvery == 0;

    /// <summary>Evaluates the last step if that is due and was not done: the run was stopped in it, or did not know that it was the last.</summary>
    private async Task EvaluateLateAsync(Parts parts, RunState state, CancellationToken cancellationToken)
    {
        if (state.Step == 0 || !IsDue(parts, state) || parts.Metrics.Rows.LastOrDefault() is not { HeldOutLoss: null } row || row.Step != state.Step
            || await EvaluateAsync(parts, state, cancellationToken) is not { } loss)
            return;
        parts.Metrics.Evaluated(loss);
        Draw(parts.Metrics);
        tell(new TrainingEvent.Evaluated(state.Step, loss));
    }

    /// <summary>Mean loss over held-out samples; null where there are none.</summary>
    private async Task<double?> EvaluateAsync(Parts parts, RunState state, CancellationToken cancellationToken)
    {
        if (options.HeldOutShare == 0)
            return null;
        var samples = await parts.Reader.ReadHeldOutAsync(state.Position, options.HeldOutSamples, cancellationToken);
        var batches = MicroBatches.Pack(samples, options.MicroBatchTokens);
        if (batches.Count == 0)
            return null;
        var loss = await parts.Compute.Run(() => batches.Sum(batch => Loss(parts.Model, batch, cancellationToken))) / batches.Sum(batch => (long)batch.Targets.Length);
        sound = double.IsFinite(loss);
        return sound ? loss : throw Diverged($"step {state.Step}: the held-out loss is {Text(loss)}.", 0);

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
        while (position.Epoch == 0 && await reader.ReadAsync(position, cancellationToken) is { Epoch: 0 } batch)
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
        $"{counts.Read} read, {counts.HeldOut} held out (--held-out {Text(options.HeldOutShare)}), {counts.TooLong} longer than {options.MaxLength} tokens (--max-length), {counts.NothingToTrain} without a trained token, "
        + $"{counts.Refused} refused{(counts.FirstRefusal is { } first ? $" (the first: {first})" : "")}";

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
