using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>Root mean square normalization of the last dimension and its gradient by hand: nothing kept but one number a row.</summary>
internal sealed class RmsNorm(TrainableWeight weight, double epsilon, ITrainingOperations operations) : IDisposable
{
    public TrainableWeight Weight => weight;

    /// <returns>The normalized rows in the type of <paramref name="x"/>, and 1 / rms of each row [.., 1].</returns>
    public (Tensor Output, Tensor Scale) Forward(Tensor x) => operations.RmsNorm(x, weight, epsilon);

    /// <summary>The output again, from the input and what <see cref="Forward"/> gave.</summary>
    public Tensor Again(Tensor x, Tensor scale) => operations.RmsNormAgain(x, scale, weight);

    /// <summary>The gradient of the input, plus <paramref name="residual"/>; the weight's is accumulated.</summary>
    public Tensor Backward(Tensor x, Tensor scale, Tensor outputGradient, Tensor? residual = null) =>
        operations.RmsNormGradient(x, scale, weight, outputGradient, residual);

    public void Dispose() => weight.Dispose();
}
