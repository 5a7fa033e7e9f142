using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>Causal attention inside each sequence of a micro-batch, with what its gradient needs.</summary>
/// <remarks>The one place that uses autograd: the fused kernels keep a statistic of their own that only their own gradient understands.
/// Sequences of one length are a single call; others are one call each, on slices, so that no pair of tokens of two sequences is ever
/// computed.</remarks>
internal sealed class PackedAttention : IDisposable
{
    private readonly Tensor queries;
    private readonly Tensor keys;
    private readonly Tensor values;
    private readonly Tensor attended;

    private PackedAttention(Tensor queries, Tensor keys, Tensor values, Tensor attended, Tensor output)
    {
        this.queries = queries;
        this.keys = keys;
        this.values = values;
        this.attended = attended;
        Output = output;
    }

    /// <summary>[T, H · D]; lives as long as this object.</summary>
    public Tensor Output { get; }

    /// <param name="queries">[T, H, D]</param>
    /// <param name="keys">[T, G, D], where G divides H.</param>
    /// <param name="values">[T, G, D]</param>
    /// <param name="lengths">The sequences.</param>
    /// <param name="differentiable">Whether <see cref="Backward"/> will be called.</param>
    public static PackedAttention Forward(Tensor queries, Tensor keys, Tensor values, ImmutableArray<int> lengths, bool differentiable)
    {
        using var scope = NewDisposeScope();
        using var mode = differentiable ? enable_grad() : (IDisposable)no_grad();
        var (q, k, v) = (Leaf(queries, differentiable), Leaf(keys, differentiable), Leaf(values, differentiable));
        var attended = lengths.All(length => length == lengths[0])
            ? Attend(q, k, v, lengths.Length, lengths[0])
            : Separately(q, k, v, lengths);
        return new(
            q.DetachFromDisposeScope(), k.DetachFromDisposeScope(), v.DetachFromDisposeScope(), attended.DetachFromDisposeScope(), attended.detach().DetachFromDisposeScope());
    }

    /// <summary>The gradients of queries, keys and values. May be called once.</summary>
    public (Tensor Queries, Tensor Keys, Tensor Values) Backward(Tensor outputGradient)
    {
        attended.backward([outputGradient]);
        return (Gradient(queries), Gradient(keys), Gradient(values));
    }

    public void Dispose()
    {
        queries.Dispose();
        keys.Dispose();
        values.Dispose();
        attended.Dispose();
        Output.Dispose();
    }

    private static Tensor Leaf(Tensor source, bool differentiable)
    {
        var leaf = source.detach();
        return differentiable ? leaf.requires_grad_() : leaf;
    }

    private static Tensor Gradient(Tensor leaf) => leaf.grad ?? throw new InvalidOperationException("attention gave no gradient");

    private static Tensor Separately(Tensor q, Tensor k, Tensor v, ImmutableArray<int> lengths)
    {
        long[] sizes = [.. lengths];
        var (qs, ks, vs) = (q.split(sizes, 0), k.split(sizes, 0), v.split(sizes, 0));
        return cat([.. lengths.Select((length, index) => Attend(qs[index], ks[index], vs[index], 1, length))], 0);
    }

    private static Tensor Attend(Tensor q, Tensor k, Tensor v, int sequences, int length)
    {
        var group = q.shape[1] / k.shape[1];
        var attended = nn.functional.scaled_dot_product_attention(
            Heads(q, 1, sequences, length), Heads(k, group, sequences, length), Heads(v, group, sequences, length), is_casual: true);
        return attended.transpose(1, 2).reshape(sequences * length, -1); // [T, H · D]
    }

    /// <summary>[B·L, G, D] to [B, G·group, L, D], each head repeated for the queries that share it.</summary>
    private static Tensor Heads(Tensor heads, long group, int sequences, int length)
    {
        var (count, size) = (heads.shape[1], heads.shape[2]);
        if (group > 1)
            heads = heads.unsqueeze(2).expand(heads.shape[0], count, group, size).reshape(heads.shape[0], count * group, size);
        return heads.view(sequences, length, count * group, size).transpose(1, 2);
    }
}
