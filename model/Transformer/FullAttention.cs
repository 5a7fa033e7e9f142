using GenPrm.Model.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Transformer;

/// <summary>Causal attention over whole sequences of one length, without a cache: for checks and training. Gradients flow.</summary>
public sealed class FullAttention : IAttention, IDisposable
{
    private readonly ModelConfig config;
    private readonly int sequences;
    private readonly int length;
    private readonly Tensor cosines;
    private readonly Tensor sines;

    /// <param name="config">The model.</param>
    /// <param name="sequences">How many sequences the rows are of, one after the other.</param>
    /// <param name="length">The length of each, in tokens.</param>
    /// <param name="dtype">The number type that angles are computed in: that of the model, f32 at least.</param>
    /// <param name="device">Where the model is.</param>
    public FullAttention(ModelConfig config, int sequences, int length, ScalarType dtype, Device device)
    {
        this.config = config;
        this.sequences = sequences;
        this.length = length;
        (cosines, sines) = TorchRope.Table(config, length, dtype, device);
    }

    public Tensor Attend(int layer, Tensor projected, Tensor? queryNorm, Tensor? keyNorm)
    {
        var (query, key, value) = TorchRope.SplitAndRotate(config, projected, queryNorm, keyNorm, cosines, sines, sequences, length);
        // All [B, heads, T, D]; each key head serves heads / key heads query heads.
        var shared = config.HeadCount / config.KeyValueHeadCount;
        var mixed = nn.functional.scaled_dot_product_attention(
            query, key.repeat_interleave(shared, 1), value.repeat_interleave(shared, 1), is_casual: true);
        return mixed.transpose(1, 2).reshape(sequences * length, -1); // [B T, H D]
    }

    public void Dispose()
    {
        cosines.Dispose();
        sines.Dispose();
    }
}
