using System.Globalization;
using System.Text.Json;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Training;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Verification;

namespace GenPrm.Trainer.Runs;

/// <summary>What stands beside a checkpoint's weights and optimizer, so that the run goes on as if it had never stopped.</summary>
/// <param name="Step">Steps made; the schedule is a function of it.</param>
/// <param name="Position">Where the next batch begins; order and seed give all randomness there is.</param>
/// <param name="Curve">The options that the loss curve depends on, and what the samples are.</param>
/// <param name="Began">When the run first began: templates that write today's date go on writing that day's.</param>
public sealed record RunState(long Step, DataPosition Position, IReadOnlyDictionary<string, string> Curve, DateTimeOffset? Began = null);

/// <summary>A run's folder: <c>step-000050/</c> (a model or adapter folder, with <c>training/</c> in it), <c>metrics.jsonl</c>, <c>training.svg</c>,
/// and <c>lock</c>.</summary>
/// <remarks>A checkpoint is written aside, flushed and renamed into place, and older ones go only then: whatever has the name is whole, and
/// one that was whole is there whenever the process or the machine stops.</remarks>
public sealed class RunFolder(string path)
{
    private const string StateFolder = "training";
    private const string StateFile = "state.json";
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string MetricsFile => System.IO.Path.Combine(Path, "metrics.jsonl");

    public string PlotFile => System.IO.Path.Combine(Path, "training.svg");

    /// <summary>Keeps other processes from training here, until it is disposed of or the process ends, however it ends.</summary>
    /// <exception cref="TrainingException">Another one does, or nothing can be written here.</exception>
    public IDisposable Hold()
    {
        try
        {
            return FolderLock.TryTake(Path) ?? throw new TrainingException($"{Path}: another process trains here. Wait for its end, stop it, or give another --out.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"{Path} can not be written: {error.Message} Give another --out.", error);
        }
    }

    /// <summary>The checkpoint of a step, whether it is there or not.</summary>
    public string Of(long step) => System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"step-{step:000000}"));

    /// <summary>The newest checkpoint, or null.</summary>
    public string? Newest() => Checkpoints().LastOrDefault();

    /// <summary>Reads a checkpoint's state.</summary>
    /// <exception cref="TrainingException">It is broken, or was made with options that give another loss curve, which are named.</exception>
    public static RunState ReadState(string checkpoint, IReadOnlyDictionary<string, string> curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        var file = System.IO.Path.Combine(checkpoint, StateFolder, StateFile);
        RunState state;
        try
        {
            state = JsonSerializer.Deserialize<RunState>(File.ReadAllText(file), Json) ?? throw new JsonException("is empty");
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            throw new TrainingException($"{file}: can not be read: {error.Message} Remove {checkpoint} to go on from the checkpoint before it.", error);
        }

        // Runs that kept auto were in bf16 on every machine.
        var began = state.Curve.ToDictionary(option => option.Key, option => option is ("--dtype", "auto") ? "bf16" : option.Value);
        var changed = curve.Where(option => began.TryGetValue(option.Key, out var before) && before != option.Value)
            .Select(option => $"{option.Key} was {began[option.Key]} and is {option.Value}").ToList();
        return changed.Count == 0
            ? state
            : throw new TrainingException($"{checkpoint} is of a run with other options: {string.Join("; ", changed)}. Give the same options and samples to go on (--dtype in so many words, if it is of another machine), or another --out to begin anew.");
    }

    /// <summary>Reads masters and moments of a checkpoint.</summary>
    public static void ReadOptimizer(string checkpoint, AdamW optimizer, long step) =>
        OptimizerState.Read(System.IO.Path.Combine(checkpoint, StateFolder), optimizer, step);

    /// <summary>Writes a checkpoint and removes the oldest beyond those that are kept.</summary>
    /// <returns>Its folder.</returns>
    /// <exception cref="TrainingException">It can not be written, as on a full disk; the checkpoints before it stay as they are.</exception>
    public string Write(RunState state, TrainableModel model, AdamW optimizer, TrainingOptions options) => Write(state, model, optimizer, options, _ => { });

    /// <inheritdoc cref="Write(RunState, TrainableModel, AdamW, TrainingOptions)"/>
    /// <param name="passed">Told after each step; a test stops there.</param>
    internal string Write(RunState state, TrainableModel model, AdamW optimizer, TrainingOptions options, Action<string> passed)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var folder = Of(state.Step);
        if (Directory.Exists(folder))
            return folder;
        try
        {
            Directory.CreateDirectory(Path);
            RemoveUnfinished();
            var aside = System.IO.Path.Combine(Path, $".{System.IO.Path.GetFileName(folder)}.new");
            if (options.Lora is { } lora)
                TrainedFolder.WriteAdapter(model, lora, options.Model, aside);
            else
                TrainedFolder.WriteModel(model, options.Model, aside, model.Target.Dtype == TorchSharp.torch.ScalarType.BFloat16 ? ElementType.BFloat16 : ElementType.Float32);
            passed("weights");
            new TrainedMark(options.Objective).Write(aside);
            var beside = Directory.CreateDirectory(System.IO.Path.Combine(aside, StateFolder)).FullName;
            OptimizerState.Write(beside, optimizer);
            passed("optimizer");
            File.WriteAllText(System.IO.Path.Combine(beside, StateFile), JsonSerializer.Serialize(state, Json) + "\n");
            passed("state");
            DurableFolder.Publish(aside, folder);
            passed("published");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CheckpointException)
        {
            throw Unwritable(folder, error);
        }

        foreach (var old in Checkpoints().SkipLast(options.Keep).ToList())
            DurableFolder.Remove(old);
        return folder;
    }

    /// <summary>What a stopped run left in the middle of writing or removing takes place and is of no use.</summary>
    private void RemoveUnfinished()
    {
        foreach (var left in Directory.EnumerateDirectories(Path, ".*step-*").ToList())
            DurableFolder.Remove(left);
    }

    private TrainingException Unwritable(string folder, Exception error)
    {
        try
        {
            RemoveUnfinished();
        }
        catch (Exception second) when (second is IOException or UnauthorizedAccessException)
        {
            // The first error says it.
        }

        var before = Newest() is { } newest ? $"{newest} is whole: the same command goes on from there" : "No checkpoint was written before: the same command begins anew";
        return new($"The checkpoint {folder} can not be written: {error.Message} {before} when there is room and the right to write (df -h {Path}, ls -ld {Path}).", error);
    }

    private IEnumerable<string> Checkpoints() => Directory.Exists(Path)
        ? Directory.EnumerateDirectories(Path, "step-*").OrderBy(folder => folder.Length).ThenBy(folder => folder, StringComparer.Ordinal)
        : [];
}
