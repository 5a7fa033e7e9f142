using System.Collections.Immutable;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>A linear layer, of one or several of the checkpoint's projections over the same input, with its adapters.</summary>
internal sealed class Projection(TrainableWeight weight, TrainableWeight? bias, ImmutableArray<LoraAdapter> adapters) : IDisposable
{
    /// <summary>What is trained or frozen here, adapters last.</summary>
    public IEnumerable<TrainableWeight> Weights =>
        [weight, .. bias is null ? [] : (TrainableWeight[])[bias], .. adapters.SelectMany(adapter => new[] { adapter.Down, adapter.Up })];

    public IEnumerable<LoraAdapter> Adapters => adapters;

    /// <param name="x">[T, in]</param>
    /// <returns>[T, out], all parts side by side.</returns>
    public Tensor Forward(Tensor x)
    {
        var output = nn.functional.linear(x, weight.Compute, bias?.Compute);
        foreach (var adapter in adapters)
            adapter.Forward(x, output);
        return output;
    }

    /// <summary>Accumulates the weights' gradients.</summary>
    /// <returns>The input's gradient [T, in].</returns>
    public Tensor Backward(Tensor x, Tensor outputGradient)
    {
        if (weight.Trained)
            weight.AccumulateProduct(outputGradient, x);
        if (bias is { Trained: true })
            bias.Accumulate(outputGradient.sum(dim: 0, type: bias.Master!.dtype));
        var inputGradient = outputGradient.matmul(weight.Compute);
        foreach (var adapter in adapters)
            adapter.Backward(x, outputGradient, inputGradient);
        return inputGradient;
    }

    public void Dispose()
    {
        weight.Dispose();
        bias?.Dispose();
        foreach (var adapter in adapters)
            adapter.Dispose();
    }
}
