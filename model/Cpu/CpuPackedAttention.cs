using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GenPrm.Model.Torch;
using GenPrm.Model.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Cpu;

/// <summary>Attention in f32 on a CPU: a block of queries at a time against all keys that the last of them sees, so that a sequence's scores are
/// never all there and nothing above the diagonal is computed but inside a block.</summary>
/// <remarks>Kept for the gradient are the queries, keys, values and output, and of each query the logarithm of its softmax' sum, from which
/// weights are computed again (Dao et al. 2022, sections 3.1 and B.4).</remarks>
internal sealed unsafe class CpuPackedAttention : PackedAttention
{
    /// <summary>Queries whose scores are taken together.</summary>
    private const int Block = 64;

    [ThreadStatic]
    private static float[]? scratch;

    private readonly Tensor[] kept;
    private readonly AttentionLayout layout;
    private readonly int headCount;
    private readonly int keyHeadCount;
    private readonly int size;
    private readonly float scale;
    private readonly float* logSums; // [T, H]
    private readonly Matrix queries;
    private readonly Matrix keys;
    private readonly Matrix values;
    private readonly Matrix attended;

    private CpuPackedAttention(Tensor queries, Tensor keys, Tensor values, Tensor logSums, AttentionLayout layout, Tensor output)
        : base(output)
    {
        // Where matrices lie is read once: to ask a tensor costs more than a small product.
        kept = [queries, keys, values, logSums];
        this.layout = layout;
        (headCount, keyHeadCount, size) = ((int)queries.shape[1], (int)keys.shape[1], (int)queries.shape[2]);
        scale = 1 / MathF.Sqrt(size);
        this.logSums = (float*)NativeTorch.DataOf(logSums);
        (this.queries, this.keys, this.values, attended) = (Tokens(queries), Tokens(keys), Tokens(values), Tokens(output));
    }

    /// <inheritdoc cref="ITrainingOperations.Attend"/>
    public static CpuPackedAttention Forward(Tensor queries, Tensor keys, Tensor values, AttentionLayout layout)
    {
        long tokens = queries.shape[0], heads = queries.shape[1];
        if (layout.TokenCount != tokens)
            throw new ArgumentException($"sequences of {layout.TokenCount} tokens in all, and {tokens} queries", nameof(layout));
        var attention = new CpuPackedAttention(
            queries.alias().DetachFromDisposeScope(), keys.alias().DetachFromDisposeScope(), values.alias().DetachFromDisposeScope(),
            empty([tokens, heads], ScalarType.Float32).DetachFromDisposeScope(), layout,
            empty([tokens, heads * queries.shape[2]], ScalarType.Float32).DetachFromDisposeScope());
        ThreadTeam.For(layout.Sequences.Length * (int)heads, unit => attention.Attend(unit / (int)heads, unit % (int)heads));
        return attention;
    }

    public override Tensor Backward(Tensor outputGradient)
    {
        outputGradient = outputGradient.contiguous();
        var gradient = empty([Output.shape[0], headCount + (2 * keyHeadCount), size], ScalarType.Float32);
        Matrix after = Tokens(outputGradient), before = Tokens(gradient);
        // Heads that share a key head are one unit: they add to the same gradient.
        ThreadTeam.For(layout.Sequences.Length * keyHeadCount, unit =>
        {
            var repeats = headCount / keyHeadCount;
            for (var repeat = 0; repeat < repeats; repeat++)
                Differentiate(unit / keyHeadCount, (unit % keyHeadCount * repeats) + repeat, after, before, first: repeat == 0);
        });
        GC.KeepAlive(outputGradient);
        return gradient;
    }

    public override void Dispose()
    {
        foreach (var tensor in kept)
            tensor.Dispose();
        base.Dispose();
    }

    private void Attend(int sequence, int head)
    {
        var (start, length) = layout.Sequences[sequence];
        var keyHead = head / (headCount / keyHeadCount);
        Matrix q = Head(queries, head, start), k = Head(keys, keyHead, start), v = Head(values, keyHead, start), o = Head(attended, head, start);
        var logs = logSums + ((long)start * headCount) + head;
        var stride = RowStride(length);
        var scores = Scratch(Block * stride);
        var inverses = stackalloc float[Block];
        for (var row = 0; row < length; row += Block)
        {
            var (count, seen) = (Math.Min(Block, length - row), Math.Min(row + Block, length));
            var weights = new Matrix(scores, stride);
            Blas.Multiply(count, seen, size, scale, q.From(row), k.T, 0, weights);
            for (var query = 0; query < count; query++)
            {
                var (largest, sum) = Weigh(scores + (query * stride), row + query + 1, seen);
                inverses[query] = 1 / sum;
                logs[(long)(row + query) * headCount] = largest + MathF.Log(sum);
            }

            Blas.Multiply(count, size, seen, 1, weights, v, 0, o.From(row));
            for (var query = 0; query < count; query++)
                Multiply(o.From(row + query).Data, inverses[query], size);
        }
    }

    /// <summary>S = scale·Q·Kᵀ, P = softmax(S), O = P·V;  ∂V = Pᵀ·∂O,  ∂S = P·(∂O·Vᵀ − rows' ∂O·O),  ∂Q = scale·∂S·K,  ∂K = scale·∂Sᵀ·Q.</summary>
    private void Differentiate(int sequence, int head, Matrix outputGradient, Matrix gradient, bool first)
    {
        var (start, length) = layout.Sequences[sequence];
        var keyHead = head / (headCount / keyHeadCount);
        Matrix q = Head(queries, head, start), k = Head(keys, keyHead, start), v = Head(values, keyHead, start), o = Head(attended, head, start);
        var after = Head(outputGradient, head, start);
        Matrix dq = Head(gradient, head, start), dk = Head(gradient, headCount + keyHead, start), dv = Head(gradient, headCount + keyHeadCount + keyHead, start);
        var logs = logSums + ((long)start * headCount) + head;
        var stride = RowStride(length);
        var scores = Scratch(2 * Block * stride);
        Matrix weights = new(scores, stride), weightGradients = new(scores + (Block * stride), stride);
        // From the last block, which sees every key and overwrites what is there, to the first.
        for (var row = (length - 1) / Block * Block; row >= 0; row -= Block)
        {
            var (count, seen) = (Math.Min(Block, length - row), Math.Min(row + Block, length));
            var beta = first && seen == length ? 0 : 1;
            Blas.Multiply(count, seen, size, scale, q.From(row), k.T, 0, weights);
            Blas.Multiply(count, seen, size, 1, after.From(row), v.T, 0, weightGradients);
            for (var query = 0; query < count; query++)
            {
                var shift = Dot(after.From(row + query).Data, o.From(row + query).Data, size);
                ScoreGradient(weights.From(query).Data, weightGradients.From(query).Data, row + query + 1, seen, logs[(long)(row + query) * headCount], shift);
            }

            Blas.Multiply(seen, size, count, 1, weights.T, after.From(row), beta, dv);
            Blas.Multiply(count, size, seen, scale, weightGradients, k, 0, dq.From(row));
            Blas.Multiply(seen, size, count, scale, weightGradients.T, q.From(row), beta, dk);
        }
    }

    /// <summary>Turns a query's scores into <c>exp(score − largest)</c>, zero for what it does not see.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Largest, float Sum) Weigh(float* row, int visible, int count)
    {
        Hide(row, visible, count, float.NegativeInfinity);
        var most = Vector512.Create(float.NegativeInfinity);
        for (var at = 0; at < count; at += 16)
            most = Vector512.Max(most, Vector512.Load(row + at));
        var largest = VectorMath.Largest(most);
        var shift = Vector512.Create(largest);
        Vector512<float> even = default, odd = default;
        for (var at = 0; at < count; at += 16)
        {
            var weight = VectorMath.Exp(Vector512.Load(row + at) - shift);
            weight.Store(row + at);
            (even, odd) = (odd, even + weight);
        }

        return (largest, Vector512.Sum(even + odd));
    }

    /// <summary>Turns scores into weights, and the weights' gradients into the scores'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScoreGradient(float* scores, float* gradients, int visible, int count, float logSum, float shift)
    {
        Hide(scores, visible, count, float.NegativeInfinity);
        Hide(gradients, visible, count, 0);
        Vector512<float> logs = Vector512.Create(logSum), shifts = Vector512.Create(shift);
        for (var at = 0; at < count; at += 16)
        {
            var weight = VectorMath.Exp(Vector512.Load(scores + at) - logs);
            weight.Store(scores + at);
            (weight * (Vector512.Load(gradients + at) - shifts)).Store(gradients + at);
        }
    }

    /// <summary>What lies behind the last visible number up to the end of the last vector, some of it never written, becomes a value.</summary>
    private static void Hide(float* row, int visible, int count, float value) => new Span<float>(row + visible, RowStride(count) - visible).Fill(value);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(float* row, float factor, int count)
    {
        for (var at = 0; at < count; at += 16)
            (Vector512.Load(row + at) * factor).Store(row + at);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot(float* left, float* right, int count)
    {
        Vector512<float> sum = default;
        for (var at = 0; at < count; at += 16)
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(left + at), Vector512.Load(right + at), sum);
        return Vector512.Sum(sum);
    }

    /// <summary>A head of a sequence's tokens, [L, D].</summary>
    private Matrix Head(Matrix tokens, int head, int start) => new(tokens.From(start).Data + (head * size), tokens.Stride);

    /// <summary>A token a row, [T, .., D], whose numbers lie side by side.</summary>
    private static Matrix Tokens(Tensor tensor)
    {
        var width = tensor.shape[1..].Aggregate(1L, (product, size) => product * size);
        if (tensor.stride(-1) != 1 || (tensor.shape.Length == 3 && tensor.stride(1) != tensor.shape[2]))
            throw new ArgumentException($"a token's heads must lie side by side; strides are {string.Join(", ", tensor.stride())}", nameof(tensor));
        // A single row may have any distance to the next.
        return new((float*)NativeTorch.DataOf(tensor), (int)Math.Max(tensor.stride(0), width));
    }

    /// <summary>Numbers of a row of scores, a whole number of vectors.</summary>
    private static int RowStride(int count) => (count + 15) / 16 * 16;

    /// <summary>Memory of this thread's own, at the start of a cache line.</summary>
    private static float* Scratch(int count)
    {
        if (scratch is null || scratch.Length < count + 16)
            scratch = GC.AllocateUninitializedArray<float>(count + 16, pinned: true);
        var address = (nint)Unsafe.AsPointer(ref scratch[0]);
        return (float*)((address + 63) & ~63);
    }
}
