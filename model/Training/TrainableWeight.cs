using System.Collections.Immutable;
using GenPrm.Model.Torch;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>Rows of a weight that are one tensor of the checkpoint.</summary>
/// <param name="Name">The checkpoint's name, such as <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
/// <param name="Start">The first row.</param>
/// <param name="Count">How many rows.</param>
public sealed record WeightPart(string Name, long Start, long Count);

/// <summary>One weight of the model in training. Weights that are read together lie in one tensor (q, k and v; gate and up), their rows
/// one part after another.</summary>
/// <remarks>A trained weight has a master in full precision, a copy in the number type that the model computes in (the same tensor where
/// the types are equal), and a gradient in the master's type, so that small contributions of many micro-batches are not rounded away.
/// A frozen weight has the computing copy alone.</remarks>
public sealed class TrainableWeight : IDisposable
{
    private readonly Tensor? gradient;
    private bool hasGradient;

    /// <param name="parts">The checkpoint's tensors in it, top to bottom.</param>
    /// <param name="values">The values in the master's type; belongs to this weight from now on.</param>
    /// <param name="compute">The type to compute in.</param>
    /// <param name="trained">False for a frozen weight.</param>
    public TrainableWeight(ImmutableArray<WeightPart> parts, Tensor values, ScalarType compute, bool trained)
    {
        ArgumentNullException.ThrowIfNull(values);
        Parts = parts;
        var shared = values.dtype == compute;
        Compute = shared ? values : values.to(compute).DetachFromDisposeScope();
        if (trained)
        {
            Master = values;
            gradient = empty_like(values).DetachFromDisposeScope();
        }
        else if (!shared)
        {
            values.Dispose();
        }
    }

    public ImmutableArray<WeightPart> Parts { get; }

    /// <summary>What the model multiplies with.</summary>
    public Tensor Compute { get; }

    /// <summary>What the optimizer changes; null for a frozen weight.</summary>
    public Tensor? Master { get; }

    /// <summary>The master where there is one, else the computing copy.</summary>
    internal Tensor Finest => Master ?? Compute;

    /// <summary>The sum of gradients since <see cref="ClearGradient"/>, in the master's type; null for a frozen weight.</summary>
    public Tensor? Gradient
    {
        get
        {
            // What was cleared is written over by the next gradient; only who reads before that must find zeros.
            if (!hasGradient)
                gradient?.zero_();
            hasGradient = true;
            return gradient;
        }
    }

    public bool Trained => Master is not null;

    /// <summary>Adds to the gradient.</summary>
    public void Accumulate(Tensor addend)
    {
        ArgumentNullException.ThrowIfNull(addend);
        if (hasGradient)
            gradient!.AddInPlace(addend);
        else
            gradient!.copy_(addend);
        hasGradient = true;
    }

    /// <summary>Adds <c>leftᵀ · right</c> to the gradient: a linear layer's, from its output's gradient [T, O] and its input [T, I].</summary>
    public void AccumulateProduct(Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        using var transposed = left.t();
        if (left.dtype == gradient!.dtype)
        {
            gradient.addmm_(transposed, right, beta: hasGradient ? 1 : 0, alpha: 1);
            hasGradient = true;
            return;
        }

        using var product = transposed.matmul(right);
        Accumulate(product);
    }

    /// <summary>Adds rows to the gradient at the rows given by <paramref name="index"/>, in their order.</summary>
    public void AccumulateRows(Tensor index, Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var converted = rows.to(gradient!.dtype);
        Gradient!.AddRowsInPlace(index, converted);
    }

    /// <summary>Makes the gradient zero.</summary>
    public void ClearGradient() => hasGradient = false;

    /// <summary>Brings the computing copy up to date with the master.</summary>
    public void Publish()
    {
        if (Master is not null && !ReferenceEquals(Master, Compute))
            Compute.copy_(Master);
    }

    public void Dispose()
    {
        Compute.Dispose();
        Master?.Dispose();
        gradient?.Dispose();
    }
}
