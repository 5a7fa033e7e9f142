using GenPrm.Model.Torch;
using GenPrm.Model.Transformer;
using TorchSharp;

namespace GenPrm.Model.Checking;

/// <summary>The project's own transformer, for a check.</summary>
public sealed class DecoderForwardPass : IForwardPass
{
    private readonly DecoderModel model;

    private DecoderForwardPass(DecoderModel model) => this.model = model;

    /// <param name="target">Where the model runs and in which numbers; a check's tolerances are for f32 and f64.</param>
    /// <exception cref="Checkpoints.CheckpointException">The folder is no model that this project runs.</exception>
    public static DecoderForwardPass Load(string folder, TorchTarget target) => new(DecoderModel.Load(folder, target));

    public void Run(ReadOnlySpan<int> ids, LogitsRow row)
    {
        using var scope = torch.NewDisposeScope();
        var logits = model.SequenceLogits(ids); // [T, vocabulary]
        for (var position = 0; position < ids.Length; position++)
        {
            using var one = logits[position].to_type(torch.ScalarType.Float32).cpu();
            row(position, one.data<float>().ToArray());
        }
    }

    public void Dispose() => model.Dispose();
}
