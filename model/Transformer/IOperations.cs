using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Transformer;

/// <summary>What a layer does between its linear layers. A seam: torch's own operations, or one fused pass each on a CPU.</summary>
public interface IOperations
{
    /// <summary>Each row divided by its root mean square, times the weight: [N, width] → [N, width].</summary>
    Tensor RmsNorm(Tensor input, Tensor weight, double epsilon);

    /// <summary>The sum, and its norm. May write the sum over <paramref name="residual"/>.</summary>
    (Tensor Sum, Tensor Normalized) AddRmsNorm(Tensor residual, Tensor addend, Tensor weight, double epsilon);

    /// <summary>silu(gate) · up, of the two side by side: [N, 2 · width] → [N, width].</summary>
    Tensor SiluMultiply(Tensor gateAndUp);
}

/// <summary>Attention of one forward pass: it knows which sequences the rows belong to, and their positions.</summary>
public interface IAttention
{
    /// <param name="layer">The layer's index.</param>
    /// <param name="projected">Queries, keys and values side by side before rotation: [N, (H + 2 Hkv) · D].</param>
    /// <param name="queryNorm">Weight [D] of each query head's norm, or null for none.</param>
    /// <param name="keyNorm">Weight [D] of each key head's norm, or null for none.</param>
    /// <returns>[N, H · D]</returns>
    Tensor Attend(int layer, Tensor projected, Tensor? queryNorm, Tensor? keyNorm);
}
