using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>Master weights and moments in full precision, beside a checkpoint: with them training goes on as if it had never stopped.</summary>
public static class OptimizerState
{
    public const string File = "optimizer.safetensors";
    private const string Master = "master.", First = "first.", Second = "second.";

    /// <summary>Writes the state to a folder.</summary>
    public static void Write(string folder, AdamW optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(
            Path.Combine(folder, File),
            [
                .. optimizer.Moments.SelectMany(state => (IEnumerable<TensorContent>)
                [
                    .. Prefixed(Master, state.Weight, state.Weight.Master!), .. Prefixed(First, state.Weight, state.First), .. Prefixed(Second, state.Weight, state.Second),
                ]),
            ]);
    }

    /// <summary>Reads the state into a model and its optimizer.</summary>
    /// <param name="folder">Where <see cref="Write"/> put it.</param>
    /// <param name="optimizer">Over the same trained weights.</param>
    /// <param name="step">Updates that were made.</param>
    /// <exception cref="CheckpointException">The file is broken or belongs to another model.</exception>
    public static void Read(string folder, AdamW optimizer, long step)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        using var reader = CheckpointReader.OpenLone(Path.Combine(folder, File));
        using var noGradient = no_grad();
        foreach (var (weight, first, second) in optimizer.Moments)
        {
            Fill(reader, Master, weight, weight.Master!);
            Fill(reader, First, weight, first);
            Fill(reader, Second, weight, second);
            weight.Publish();
        }

        optimizer.Step = step;
    }

    private static IEnumerable<TensorContent> Prefixed(string prefix, TrainableWeight weight, Tensor values) =>
        TrainedFolder.Parts(weight, values).Select(part => TensorContents.Of(prefix + part.Name, part.Value, ElementType.Float32));

    private static void Fill(CheckpointReader reader, string prefix, TrainableWeight weight, Tensor values)
    {
        foreach (var part in weight.Parts)
        {
            using var scope = NewDisposeScope();
            var target = values.narrow(0, part.Start, part.Count);
            var stored = empty(target.shape, ScalarType.Float32);
            reader.Read(reader.Find(prefix + part.Name, target.shape), NativeTorch.DataOf(stored));
            target.copy_(stored);
        }
    }
}
