using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>Root mean square normalization of the last dimension, <c>y = x · w / sqrt(mean(x²) + ε)</c>, and its gradient by hand:
/// statistics in full precision, nothing kept but one number a row.</summary>
internal sealed class RmsNorm(TrainableWeight weight, double epsilon) : IDisposable
{
    public TrainableWeight Weight => weight;

    /// <returns>The normalized rows in the type of <paramref name="x"/>, and 1 / rms of each row [.., 1].</returns>
    public (Tensor Output, Tensor Scale) Forward(Tensor x)
    {
        var scale = Scale(x);
        return (Apply(x, scale), scale);
    }

    /// <summary>The output again, from the input and what <see cref="Forward"/> gave.</summary>
    public Tensor Apply(Tensor x, Tensor scale) => x.mul(scale).mul_(Values).to(x.dtype);

    /// <summary>The gradient of the input, in the type of <paramref name="x"/>; the weight's is added to it.</summary>
    public Tensor Backward(Tensor x, Tensor scale, Tensor outputGradient)
    {
        // x̂ = x·s;  ∂w = Σ g·x̂;  ∂x = s·(g·w − x̂·mean(g·w·x̂))
        var normalized = x.mul(scale);
        var product = outputGradient.mul(normalized);
        if (weight.Trained)
            weight.Accumulate(product.dim() == 2 ? product.sum(dim: 0) : product.flatten(0, -2).sum(dim: 0));
        var mean = product.mul_(Values).mean([-1], keepdim: true);
        var gradient = outputGradient.mul(Values).addcmul_(normalized, mean, -1).mul_(scale);
        return gradient.to(x.dtype);
    }

    public void Dispose() => weight.Dispose();

    // The weight in full precision where there is one: type promotion then does the rest in it.
    private Tensor Values => weight.Master ?? weight.Compute;

    private Tensor Scale(Tensor x) => TorchLibrary.RowNorm(x).pow_(2).div_((double)x.shape[^1]).add_(epsilon).rsqrt_();
}
