using GenPrm.Model.Torch;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>A low-rank change of one projection: <c>y += scale · (x · Aᵀ) · Bᵀ</c> on its part of a fused output.</summary>
/// <param name="Module">The projection's name in the checkpoint, without <c>.weight</c>.</param>
/// <param name="Down">A [r, in]</param>
/// <param name="Up">B [out, r]</param>
/// <param name="Scale">alpha / r</param>
/// <param name="Start">The part's first column of the fused output.</param>
internal sealed record LoraAdapter(string Module, TrainableWeight Down, TrainableWeight Up, double Scale, long Start) : IDisposable
{
    private long Width => Up.Compute.shape[0];

    /// <summary>Adds the change to the fused output.</summary>
    public void Forward(Tensor x, Tensor output)
    {
        var change = x.matmul(Down.Compute.t()).matmul(Up.Compute.t());
        output.narrow(-1, Start, Width).AddInPlace(change, Scale);
    }

    /// <summary>Accumulates both gradients and adds to the input's.</summary>
    public void Backward(Tensor x, Tensor outputGradient, Tensor inputGradient)
    {
        var own = outputGradient.narrow(-1, Start, Width).Times(Scale);
        Up.AccumulateProduct(own, x.matmul(Down.Compute.t()));
        var inner = own.matmul(Up.Compute);
        Down.AccumulateProduct(inner, x);
        inputGradient.AddInPlace(inner.matmul(Down.Compute));
    }

    public void Dispose()
    {
        Down.Dispose();
        Up.Dispose();
    }
}
