using System.Collections.Immutable;
using GenPrm.Model.Checkpoints;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>Rotary position embedding over whole heads, the halves of a head being real and imaginary part.</summary>
internal sealed class Rotary : IDisposable
{
    private readonly Tensor cosine; // [T, 1, D / 2]
    private readonly Tensor sine;

    /// <param name="frequencies">Radians a position, D / 2 of them.</param>
    /// <param name="lengths">The sequences of the micro-batch; positions start at 0 in each.</param>
    /// <param name="dtype">The type of what is rotated. Angles are always computed in double precision.</param>
    /// <param name="device">Where.</param>
    public Rotary(double[] frequencies, ImmutableArray<int> lengths, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        var positions = tensor(lengths.SelectMany(length => Enumerable.Range(0, length)).Select(position => (double)position).ToArray());
        var angles = positions.unsqueeze(1).mul(tensor(frequencies).unsqueeze(0)).unsqueeze(1);
        cosine = angles.cos().to(dtype, device).DetachFromDisposeScope();
        sine = angles.sin().to(dtype, device).DetachFromDisposeScope();
    }

    /// <summary>Rotates heads [T, H, D] by their positions.</summary>
    public Tensor Forward(Tensor heads) => Rotate(heads, sign: 1);

    /// <summary>The gradient: rotation back.</summary>
    public Tensor Backward(Tensor gradient) => Rotate(gradient, sign: -1);

    public void Dispose()
    {
        cosine.Dispose();
        sine.Dispose();
    }

    private Tensor Rotate(Tensor heads, int sign)
    {
        var half = heads.shape[^1] / 2;
        var (real, imaginary) = (heads.narrow(-1, 0, half), heads.narrow(-1, half, half));
        return cat(
            [
                real.mul(cosine).addcmul_(imaginary, sine, -sign),
                imaginary.mul(cosine).addcmul_(real, sine, sign),
            ],
            -1);
    }
}
