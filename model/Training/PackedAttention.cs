using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>Causal attention inside each sequence of a micro-batch, with what its gradient needs. No token sees another sequence.</summary>
internal abstract class PackedAttention(Tensor output) : IDisposable
{
    /// <summary>[T, H · D]; lives as long as this object.</summary>
    public Tensor Output => output;

    /// <summary>The gradients of queries, keys and values side by side, [T, H + 2 · G, D]. May be called once.</summary>
    public abstract Tensor Backward(Tensor outputGradient);

    public virtual void Dispose() => output.Dispose();
}

/// <summary>Attention by torch's fused kernels: any device, any number type.</summary>
/// <remarks>The one place that uses autograd: the kernels keep a statistic of their own that only their own gradient understands.
/// Sequences of like length are one call, padded on the right, where causality hides the padding.</remarks>
internal sealed class TorchPackedAttention : PackedAttention
{
    private readonly AttentionLayout layout;
    private readonly ImmutableArray<Part> parts;

    private TorchPackedAttention(AttentionLayout layout, ImmutableArray<Part> parts, Tensor output)
        : base(output)
    {
        this.layout = layout;
        this.parts = parts;
    }

    /// <inheritdoc cref="ITrainingOperations.Attend"/>
    public static TorchPackedAttention Forward(Tensor queries, Tensor keys, Tensor values, AttentionLayout layout, bool differentiable)
    {
        using var scope = NewDisposeScope();
        var parts = layout.Groups.Select(group => Part.Of(queries, keys, values, group, differentiable)).ToImmutableArray();
        return new(layout, parts, layout.Gather(parts.Select(part => part.Attended.detach())).DetachFromDisposeScope());
    }

    public override Tensor Backward(Tensor outputGradient)
    {
        foreach (var (part, gradient) in parts.Zip(layout.Scatter(outputGradient)))
            part.Attended.backward([gradient]);
        return cat([Gather(part => part.Queries), Gather(part => part.Keys), Gather(part => part.Values)], 1);
    }

    public override void Dispose()
    {
        foreach (var part in parts)
            part.Dispose();
        base.Dispose();
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
