using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Transformer;

/// <summary>One linear layer, or several with the same input whose outputs stand side by side. A seam: packed weights for CPUs,
/// plain ones for everything else and for training.</summary>
public abstract class Linear : IDisposable
{
    /// <param name="input">[N, inputs]</param>
    /// <returns>[N, outputs]</returns>
    public abstract Tensor Forward(Tensor input);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}

/// <summary>Makes a layer of dense weights [outputs, inputs] and biases [outputs]; takes both over.</summary>
public delegate Linear LinearFactory(Tensor weight, Tensor? bias);

/// <summary>Dense weights, on any device, in any number type; gradients flow.</summary>
public sealed class PlainLinear(Tensor weight, Tensor? bias) : Linear
{
    public static Linear Create(Tensor weight, Tensor? bias) => new PlainLinear(weight, bias);

    public override Tensor Forward(Tensor input) => nn.functional.linear(input, weight, bias);

    protected override void Dispose(bool disposing)
    {
        weight.Dispose();
        bias?.Dispose();
    }
}
