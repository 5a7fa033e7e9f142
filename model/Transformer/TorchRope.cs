using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Transformer;

/// <summary>Splitting, norms and rotation of queries and keys, in torch's own operations.</summary>
internal static class TorchRope
{
    /// <summary>Cosines and sines of every position, [positions, D / 2], in f32 (f64 for a f64 model).</summary>
    public static (Tensor Cosines, Tensor Sines) Table(ModelConfig config, int positions, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        var wide = dtype == ScalarType.Float64 ? dtype : ScalarType.Float32;
        // Frequencies are rounded to f32 in every type, as the reference does.
        var frequencies = tensor(Rope.Frequencies(config)).to_type(ScalarType.Float32).to_type(wide);
        var angles = outer(tensor(Enumerable.Range(0, positions).Select(position => (double)position).ToArray()).to_type(wide), frequencies);
        return (angles.cos().to(device).DetachFromDisposeScope(), angles.sin().to(device).DetachFromDisposeScope());
    }

    /// <summary>[B T, (H + 2 Hkv) D] → rotated queries [B, H, T, D] and keys, and values [B, Hkv, T, D].</summary>
    /// <param name="cosines">Of the rows' positions: [T, D / 2], or [B T, D / 2] with T = 1.</param>
    public static (Tensor Query, Tensor Key, Tensor Value) SplitAndRotate(
        ModelConfig config, Tensor projected, Tensor? queryNorm, Tensor? keyNorm, Tensor cosines, Tensor sines, int sequences, int length)
    {
        int heads = config.HeadCount, keyHeads = config.KeyValueHeadCount, size = config.HeadSize;
        var parts = projected.view(sequences, length, heads + (2 * keyHeads), size).split([heads, keyHeads, keyHeads], 2);
        var query = queryNorm is null ? parts[0] : TorchOperations.Norm(parts[0], queryNorm, config.RmsNormEpsilon);
        var key = keyNorm is null ? parts[1] : TorchOperations.Norm(parts[1], keyNorm, config.RmsNormEpsilon);
        var cosine = cosines.reshape(-1, length, 1, size / 2); // [1 or B, T, 1, D/2]
        var sine = sines.reshape(-1, length, 1, size / 2);
        return (Rotate(query, cosine, sine).transpose(1, 2), Rotate(key, cosine, sine).transpose(1, 2), parts[2].transpose(1, 2));
    }

    private static Tensor Rotate(Tensor heads, Tensor cosine, Tensor sine)
    {
        var halves = heads.to_type(cosine.dtype).chunk(2, -1);
        return cat([(halves[0] * cosine) - (halves[1] * sine), (halves[1] * cosine).Plus(halves[0] * sine)], -1).to_type(heads.dtype);
    }
}
