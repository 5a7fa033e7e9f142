using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>The gate of the feed-forward block, <c>silu(gate) · up</c>, both halves in one tensor [T, 2 · I].</summary>
internal static class SwiGlu
{
    /// <returns>[T, I]</returns>
    public static Tensor Forward(Tensor gateUp)
    {
        var (gate, up) = Halves(gateUp);
        return nn.functional.silu(gate).mul_(up);
    }

    /// <summary>The output again, and the gradient [T, 2 · I] of <paramref name="gateUp"/>.</summary>
    public static (Tensor Output, Func<Tensor, Tensor> Gradient) Again(Tensor gateUp)
    {
        var (gate, up) = Halves(gateUp);
        var activated = nn.functional.silu(gate);
        return (activated.mul(up), outputGradient =>
        {
            var gateGradient = TorchLibrary.SiluGradient(outputGradient.mul(up), gate);
            return cat([gateGradient, activated.mul_(outputGradient)], -1);
        }
        );
    }

    private static (Tensor Gate, Tensor Up) Halves(Tensor gateUp)
    {
        var size = gateUp.shape[^1] / 2;
        return (gateUp.narrow(-1, 0, size), gateUp.narrow(-1, size, size));
    }
}
