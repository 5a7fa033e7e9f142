using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Transformer;

/// <summary>Torch's own operations: any device, any number type, gradients flow.</summary>
public sealed class TorchOperations : IOperations
{
    public Tensor RmsNorm(Tensor input, Tensor weight, double epsilon) => Norm(input, weight, epsilon);

    public (Tensor Sum, Tensor Normalized) AddRmsNorm(Tensor residual, Tensor addend, Tensor weight, double epsilon)
    {
        var sum = residual.Plus(addend);
        return (sum, Norm(sum, weight, epsilon));
    }

    public Tensor SiluMultiply(Tensor gateAndUp)
    {
        var halves = gateAndUp.chunk(2, -1);
        return nn.functional.silu(halves[0]) * halves[1];
    }

    /// <summary>Over the last dimension, in f32 for narrower types, as the reference does.</summary>
    internal static Tensor Norm(Tensor input, Tensor weight, double epsilon)
    {
        var wide = input.dtype == ScalarType.BFloat16 ? input.to_type(ScalarType.Float32) : input;
        var scale = (wide * wide).mean([-1], keepdim: true).AddInPlace(epsilon).rsqrt();
        return (wide * scale).to_type(input.dtype) * weight;
    }
}
