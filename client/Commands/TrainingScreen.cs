using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Runs;

namespace GenPrm.Client.Commands;

/// <summary>Prints what a training run tells, a line an event.</summary>
internal sealed class TrainingScreen(TextWriter output, bool json)
{
    private static readonly JsonSerializerOptions Lines = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public void Show(TrainingEvent happened)
    {
        output.WriteLine(json ? Json(happened) : Text(happened));
        output.Flush();
    }

    private static string Json(TrainingEvent happened) => happened switch
    {
        TrainingEvent.Started one => Line("started", one),
        TrainingEvent.Stepped one => Line("step", one.Metrics),
        TrainingEvent.Evaluated one => Line("evaluated", one),
        TrainingEvent.Saved one => Line("saved", one),
        TrainingEvent.Finished one => Line("finished", one),
        _ => throw new InvalidOperationException($"event {happened.GetType().Name} is not known"),
    };

    private static string Line<T>(string name, T value) => $$"""{"event":"{{name}}",{{JsonSerializer.Serialize(value, Lines)[1..]}}""";

    private static string Text(TrainingEvent happened) => happened switch
    {
        TrainingEvent.Started one => Invariant(
            $"{(one.From is null ? "Training" : $"Going on from {one.From}, step {one.Step},")} {one.TrainedWeights:N0} weights, {(one.Steps is { } steps ? $"{steps} steps" : "until the job ends")}{(one.Later > 0 ? Invariant($"; {one.Later} samples came after this run had read the job's log to its end, and are not part of it (another --out trains them)") : "")}"),
        TrainingEvent.Stepped { Metrics: var row } one => Invariant(
            $"step {row.Step}{(one.Steps is { } steps ? $"/{steps}" : "")}  loss {row.Loss:0.0000}{(row.HeldOutLoss is { } held ? Invariant($"  held out {held:0.0000}") : "")}  lr {row.LearningRate:0.00e+0}  norm {row.GradientNorm:0.000}  {row.TokensPerSecond:0} tokens/s, {row.TrainedShare:P0} trained"),
        TrainingEvent.Evaluated one => Invariant($"step {one.Step}  held out {one.HeldOutLoss:0.0000}"),
        TrainingEvent.Saved one => $"saved {one.Folder}",
        TrainingEvent.Finished { Counts: var counts } one => Invariant(
            $"Done: {one.Steps} steps; of {counts.Read} samples {counts.Trained} trained, {counts.HeldOut} held out, {counts.TooLong} too long, {counts.NothingToTrain} with nothing to train{(counts.Refused > 0 ? $", {counts.Refused} refused (the first: {counts.FirstRefusal})" : "")}. The model is in {one.Folder}"),
        _ => throw new InvalidOperationException($"event {happened.GetType().Name} is not known"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
