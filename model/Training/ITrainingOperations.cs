using System.Collections.Immutable;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Cpu;
using GenPrm.Model.Torch;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>What a block and a head do between matrix products, forward and backward.</summary>
/// <remarks>Torch does each as several passes over memory; on a CPU they are one pass each (<see cref="CpuTrainingOperations{T}"/>).</remarks>
internal interface ITrainingOperations
{
    /// <summary>Root mean square normalization of rows, <c>y = x · w / sqrt(mean(x²) + ε)</c>.</summary>
    /// <param name="x">[.., W]</param>
    /// <param name="weight">[W]</param>
    /// <param name="epsilon">ε</param>
    /// <returns>The normalized rows, and 1 / rms of each row [.., 1].</returns>
    (Tensor Output, Tensor Scale) RmsNorm(Tensor x, TrainableWeight weight, double epsilon);

    /// <summary>The normalized rows again.</summary>
    Tensor RmsNormAgain(Tensor x, Tensor scale, TrainableWeight weight);

    /// <summary>The gradient of <paramref name="x"/>, plus <paramref name="residual"/> where there is one; the weight's is accumulated.</summary>
    Tensor RmsNormGradient(Tensor x, Tensor scale, TrainableWeight weight, Tensor outputGradient, Tensor? residual);

    /// <summary><c>silu(gate) · up</c> [T, I] of both halves of [T, 2 · I].</summary>
    Tensor SwiGlu(Tensor gateUp);

    /// <summary>The gradient [T, 2 · I] of <paramref name="gateUp"/>.</summary>
    Tensor SwiGluGradient(Tensor gateUp, Tensor outputGradient);

    /// <summary>Rotates the first heads of each token by its position, in place.</summary>
    /// <param name="heads">[T, N, D], contiguous; the halves of a head are real and imaginary part.</param>
    /// <param name="count">How many of the N.</param>
    /// <param name="rotary">The angles.</param>
    /// <param name="sign">1, or -1 to rotate back.</param>
    void Rotate(Tensor heads, int count, Rotary rotary, int sign);

    /// <summary>Causal softmax attention, scaled by 1 / √D, inside each sequence.</summary>
    /// <remarks>A token's heads lie side by side in all three, and they stay as they are until the result is disposed of.</remarks>
    /// <param name="queries">[T, H, D]</param>
    /// <param name="keys">[T, G, D], where G divides H.</param>
    /// <param name="values">[T, G, D]</param>
    /// <param name="layout">The sequences.</param>
    /// <param name="differentiable">Whether <see cref="PackedAttention.Backward"/> will be called.</param>
    PackedAttention Attend(Tensor queries, Tensor keys, Tensor values, AttentionLayout layout, bool differentiable);

    /// <summary>The summed cross entropy of logits, in nats.</summary>
    /// <param name="logits">[R, V], contiguous; with a <paramref name="scale"/> the gradient takes their place.</param>
    /// <param name="targets">One a row.</param>
    /// <param name="scale">The gradient is that of the loss times this; null to take the loss alone.</param>
    double CrossEntropy(Tensor logits, ReadOnlySpan<TrainedPosition> targets, double? scale);

    /// <summary>The fastest for a model on a device.</summary>
    static ITrainingOperations For(ModelConfig config, TorchTarget target) =>
        !CpuPath.Runs(config, target) || config.HeadSize % 32 != 0 ? new TorchTrainingOperations()
        : target.Dtype == ScalarType.BFloat16 ? new CpuTrainingOperations<Bf16>() : new CpuTrainingOperations<F32>();
}
