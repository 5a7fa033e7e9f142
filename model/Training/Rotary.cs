using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>The angles of rotary position embedding for each token of a micro-batch.</summary>
internal sealed class Rotary : IDisposable
{
    /// <param name="frequencies">Radians a position, D / 2 of them.</param>
    /// <param name="lengths">The sequences of the micro-batch; positions start at 0 in each.</param>
    /// <param name="dtype">The type of sines and cosines. Angles are always computed in double precision.</param>
    /// <param name="device">Where.</param>
    public Rotary(double[] frequencies, ImmutableArray<int> lengths, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        var positions = tensor(lengths.SelectMany(length => Enumerable.Range(0, length)).Select(position => (double)position).ToArray());
        var angles = positions.unsqueeze(1).mul(tensor(frequencies).unsqueeze(0));
        Cosine = angles.cos().to(dtype, device).DetachFromDisposeScope();
        Sine = angles.sin().to(dtype, device).DetachFromDisposeScope();
    }

    /// <summary>[T, D / 2]</summary>
    public Tensor Cosine { get; }

    /// <summary>[T, D / 2]</summary>
    public Tensor Sine { get; }

    public void Dispose()
    {
        Cosine.Dispose();
        Sine.Dispose();
    }
}
