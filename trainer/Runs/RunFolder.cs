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
/// <param name="Curve">The options that the loss curve depends on.</param>
public sealed record RunState(long Step, DataPosition Position, IReadOnlyDictionary<string, string> Curve);

/// <summary>A run's folder: <c>step-000050/</c> (a model or adapter folder, with <c>training/</c> in it), <c>metrics.jsonl</c>, <c>training.svg</c>.</summary>
/// <remarks>A checkpoint is written aside and renamed into place: whatever has the name is whole.</remarks>
public sealed class RunFolder(string path)
{
    private const string StateFolder = "training";
    private const string StateFile = "state.json";
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string MetricsFile => System.IO.Path.Combine(Path, "metrics.jsonl");

    public string PlotFile => System.IO.Path.Combine(Path, "training.svg");

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

        var changed = curve.Where(option => state.Curve.TryGetValue(option.Key, out var before) && before != option.Value)
            .Select(option => $"{option.Key} was {state.Curve[option.Key]} and is {option.Value}").ToList();
        return changed.Count == 0
            ? state
            : throw new TrainingException($"{checkpoint} is of a run with other options: {string.Join("; ", changed)}. Give the same options to go on, or another --out to begin anew.");
    }

    /// <summary>Reads masters and moments of a checkpoint.</summary>
    public static void ReadOptimizer(string checkpoint, AdamW optimizer, long step) =>
        OptimizerState.Read(System.IO.Path.Combine(checkpoint, StateFolder), optimizer, step);

    /// <summary>Writes a checkpoint and removes the oldest beyond those that are kept.</summary>
    /// <returns>Its folder.</returns>
    public string Write(RunState state, TrainableModel model, AdamW optimizer, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(Path);
        var folder = System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"step-{state.Step:000000}"));
        var aside = System.IO.Path.Combine(Path, $".{System.IO.Path.GetFileName(folder)}.new");
        if (Directory.Exists(folder))
            return folder;
        if (Directory.Exists(aside))
            Directory.Delete(aside, recursive: true);
        if (options.Lora is { } lora)
            TrainedFolder.WriteAdapter(model, lora, options.Model, aside);
        else
            TrainedFolder.WriteModel(model, options.Model, aside, model.Target.Dtype == TorchSharp.torch.ScalarType.BFloat16 ? ElementType.BFloat16 : ElementType.Float32);
        new TrainedMark(options.Objective).Write(aside);
        var beside = Directory.CreateDirectory(System.IO.Path.Combine(aside, StateFolder)).FullName;
        OptimizerState.Write(beside, optimizer);
        File.WriteAllText(System.IO.Path.Combine(beside, StateFile), JsonSerializer.Serialize(state, Json) + "\n");
        Directory.Move(aside, folder);
        foreach (var old in Checkpoints().SkipLast(options.Keep))
            Directory.Delete(old, recursive: true);
        return folder;
    }

    private IEnumerable<string> Checkpoints() => Directory.Exists(Path)
        ? Directory.EnumerateDirectories(Path, "step-*").Order(StringComparer.Ordinal)
        : [];
}
