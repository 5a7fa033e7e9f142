using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>Causal attention inside each sequence of a micro-batch, with what its gradient needs.</summary>
/// <remarks>The one place that uses autograd: the fused kernels keep a statistic of their own that only their own gradient understands.
/// Sequences of like length are one call, padded on the right, where causality hides the padding: no token sees another sequence.</remarks>
internal sealed class PackedAttention : IDisposable
{
    private readonly AttentionLayout layout;
    private readonly ImmutableArray<Part> parts;

    private PackedAttention(AttentionLayout layout, ImmutableArray<Part> parts, Tensor output)
    {
        this.layout = layout;
        this.parts = parts;
        Output = output;
    }

    /// <summary>[T, H · D]; lives as long as this object.</summary>
    public Tensor Output { get; }

    /// <param name="queries">[T, H, D]</param>
    /// <param name="keys">[T, G, D], where G divides H.</param>
    /// <param name="values">[T, G, D]</param>
    /// <param name="layout">The sequences.</param>
    /// <param name="differentiable">Whether <see cref="Backward"/> will be called.</param>
    public static PackedAttention Forward(Tensor queries, Tensor keys, Tensor values, AttentionLayout layout, bool differentiable)
    {
        using var scope = NewDisposeScope();
        var parts = layout.Groups.Select(group => Part.Of(queries, keys, values, group, differentiable)).ToImmutableArray();
        return new(layout, parts, layout.Gather(parts.Select(part => part.Attended.detach())).DetachFromDisposeScope());
    }

    /// <summary>The gradients of queries, keys and values. May be called once.</summary>
    public (Tensor Queries, Tensor Keys, Tensor Values) Backward(Tensor outputGradient)
    {
        foreach (var (part, gradient) in parts.Zip(layout.Scatter(outputGradient)))
            part.Attended.backward([gradient]);
        return (Gather(part => part.Queries), Gather(part => part.Keys), Gather(part => part.Values));
    }

    public void Dispose()
    {
        foreach (var part in parts)
            part.Dispose();
        Output.Dispose();
    }

    private Tensor Gather(Func<Part, Tensor> leaf) =>
        layout.Gather(parts.Select(part => leaf(part).grad ?? throw new InvalidOperationException("attention gave no gradient")));

    /// <summary>One call: sequences of one length after padding.</summary>
    /// <param name="Queries">[B · L, H, D]</param>
    /// <param name="Keys">[B · L, G, D]</param>
    /// <param name="Values">[B · L, G, D]</param>
    /// <param name="Attended">[B · L, H · D]</param>
    private sealed record Part(Tensor Queries, Tensor Keys, Tensor Values, Tensor Attended) : IDisposable
    {
        public static Part Of(Tensor queries, Tensor keys, Tensor values, AttentionGroup group, bool differentiable)
        {
            var (q, k, v) = (Leaf(queries), Leaf(keys), Leaf(values));
            using var mode = differentiable ? enable_grad() : (IDisposable)no_grad();
            var repeats = q.shape[1] / k.shape[1];
            var attended = nn.functional.scaled_dot_product_attention(Heads(q, 1), Heads(k, repeats), Heads(v, repeats), is_casual: true)
                .transpose(1, 2).reshape(group.Count * group.Length, -1);
            return new(q.DetachFromDisposeScope(), k.DetachFromDisposeScope(), v.DetachFromDisposeScope(), attended.DetachFromDisposeScope());

            Tensor Leaf(Tensor source)
            {
                var leaf = group.Take(source).detach();
                return differentiable ? leaf.requires_grad_() : leaf;
            }

            // [B·L, G, D] to [B, G·repeats, L, D], each head repeated for the queries that share it.
            Tensor Heads(Tensor heads, long repeats)
            {
                var (rows, count, size) = (heads.shape[0], heads.shape[1], heads.shape[2]);
                if (repeats > 1)
                    heads = heads.unsqueeze(2).expand(rows, count, repeats, size).reshape(rows, count * repeats, size);
                return heads.view(group.Count, group.Length, count * repeats, size).transpose(1, 2);
            }
        }

        public void Dispose()
        {
            Queries.Dispose();
            Keys.Dispose();
            Values.Dispose();
            Attended.Dispose();
        }
    }
}
