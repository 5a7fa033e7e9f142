using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>The passes between matrix products by torch's own operations: any device, any number type. Statistics are in full precision,
/// and where a weight has a master, type promotion does the rest in it.</summary>
internal sealed class TorchTrainingOperations : ITrainingOperations
{
    public (Tensor Output, Tensor Scale) RmsNorm(Tensor x, TrainableWeight weight, double epsilon)
    {
        var norm = TorchLibrary.RowNorm(x);
        var scale = norm.mul_(norm).DivideInPlace(x.shape[^1]).AddInPlace(epsilon).rsqrt_();
        return (RmsNormAgain(x, scale, weight), scale);
    }

    public Tensor RmsNormAgain(Tensor x, Tensor scale, TrainableWeight weight) => x.mul(scale).mul_(weight.Finest).to(x.dtype);

    public Tensor RmsNormGradient(Tensor x, Tensor scale, TrainableWeight weight, Tensor outputGradient, Tensor? residual)
    {
        // x̂ = x·s;  ∂w = Σ g·x̂;  ∂x = s·(g·w − x̂·mean(g·w·x̂))
        var normalized = x.mul(scale);
        var product = outputGradient.mul(normalized);
        if (weight.Trained)
            weight.Accumulate(product.dim() == 2 ? product.sum(dim: 0) : product.flatten(0, -2).sum(dim: 0));
        var mean = product.mul_(weight.Finest).mean([-1], keepdim: true);
        var gradient = outputGradient.mul(weight.Finest).AddProductInPlace(normalized, mean, -1).mul_(scale);
        return (residual is null ? gradient : gradient.AddInPlace(residual)).to(x.dtype);
    }

    public Tensor SwiGlu(Tensor gateUp)
    {
        var (gate, up) = Halves(gateUp);
        return nn.functional.silu(gate).mul_(up);
    }

    public Tensor SwiGluGradient(Tensor gateUp, Tensor outputGradient)
    {
        var (gate, up) = Halves(gateUp);
        return cat([TorchLibrary.SiluGradient(outputGradient.mul(up), gate), nn.functional.silu(gate).mul_(outputGradient)], -1);
    }

    public void Rotate(Tensor heads, int count, Rotary rotary, int sign)
    {
        var half = heads.shape[^1] / 2;
        var rotated = heads.narrow(1, 0, count);
        var (real, imaginary) = (rotated.narrow(-1, 0, half), rotated.narrow(-1, half, half));
        var (cosine, sine) = (rotary.Cosine.to(heads.dtype).unsqueeze(1), rotary.Sine.to(heads.dtype).unsqueeze(1)); // [T, 1, D / 2]
        var newReal = real.mul(cosine).AddProductInPlace(imaginary, sine, -sign);
        imaginary.mul_(cosine).AddProductInPlace(real, sine, sign);
        real.copy_(newReal);
    }

    public PackedAttention Attend(Tensor queries, Tensor keys, Tensor values, AttentionLayout layout, bool differentiable) =>
        TorchPackedAttention.Forward(queries, keys, values, layout, differentiable);

    public double CrossEntropy(Tensor logits, ReadOnlySpan<TrainedPosition> targets, double? scale)
    {
        using var scope = NewDisposeScope();
        var wanted = new long[targets.Length];
        for (var row = 0; row < wanted.Length; row++)
            wanted[row] = targets[row].Target;
        var ids = tensor(wanted, device: logits.device).unsqueeze(1);
        var logProbabilities = logits.to(TrainingHead.Full(logits.dtype)).log_softmax(-1);
        var loss = -logProbabilities.gather(1, ids).sum(ScalarType.Float64).Number();
        if (scale is not { } factor)
            return loss;
        var minusOne = ones([wanted.Length, 1], dtype: logProbabilities.dtype, device: logits.device).neg_();
        logits.copy_(logProbabilities.exp_().scatter_add_(1, ids, minusOne).MultiplyInPlace(factor));
        return loss;
    }

    private static (Tensor Gate, Tensor Up) Halves(Tensor gateUp)
    {
        var size = gateUp.shape[^1] / 2;
        return (gateUp.narrow(-1, 0, size), gateUp.narrow(-1, size, size));
    }
}
