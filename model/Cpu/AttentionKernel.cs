using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GenPrm.Model.Engine;

namespace GenPrm.Model.Cpu;

/// <summary>Softmax attention of some query vectors over keys and values that come span by span, kept as a running maximum, a running sum
/// and a running weighted mean (Milakov and Gimelshein 2018): spans seen by many queries and spans seen by few merge without a further pass.</summary>
/// <remarks>Inner loops skip the quick first compilation: the thread that would compile them again competes with torch's waiting threads.
/// Queries are f32 and already divided by √D; D is a multiple of 16. Memory behind the last query is readable for 8 more vectors.</remarks>
internal unsafe struct AttentionKernel<T>
    where T : unmanaged, IElement<T>
{
    /// <summary>Spans whose scores are taken together.</summary>
    public const int ChunkSpans = 8;

    private const int Lanes = KeyValueBlocks.Size;
    private const int Chunk = ChunkSpans * Lanes;

    private readonly T* keys; // this layer's, moved to this key head
    private readonly T* values;
    private readonly long blockStride;
    private readonly int size;
    private readonly float* scores; // [queries + 8, Chunk]
    private readonly float* mixed; // [queries, D]
    private readonly float* largest; // [queries]
    private readonly float* sums; // [queries]

    /// <summary>How many floats of scratch so many queries need.</summary>
    public static int ScratchFloats(int queries, int size) => ((queries + 8) * (Chunk + size + 2)) + 64;

    public AttentionKernel(T* keys, T* values, long blockStride, int size, float* scratch, int queries)
    {
        this.keys = keys;
        this.values = values;
        (this.blockStride, this.size) = (blockStride, size);
        scores = scratch;
        mixed = scores + ((queries + 8) * Chunk);
        largest = mixed + ((queries + 8) * size);
        sums = largest + queries;
        new Span<float>(mixed, queries * size).Clear();
        new Span<float>(largest, queries).Fill(float.NegativeInfinity);
        new Span<float>(sums, queries).Clear();
    }

    /// <summary>Lets queries <paramref name="first"/> .. + <paramref name="count"/> - 1 see spans.</summary>
    /// <param name="query">The first of these queries, [count, D].</param>
    /// <param name="visible">How many of the spans' tokens each query sees, by its number from <paramref name="first"/>; null for all.</param>
    public readonly void See(float* query, int first, int count, ReadOnlySpan<KeyValueSpan> spans, int* visible)
    {
        var before = 0;
        while (spans.Length > 0)
        {
            var part = spans[..Math.Min(spans.Length, ChunkSpans)];
            for (var index = 0; index < part.Length; index++)
            {
                var key = keys + (part[index].Block * blockStride);
                var at = 0;
                for (; at + 8 <= count; at += 8)
                    Score8(query + (at * size), key, scores + (at * Chunk) + (index * Lanes));
                for (; at < count; at += 4)
                    Score4(query + (at * size), key, scores + (at * Chunk) + (index * Lanes));
            }
            var tokens = 0;
            foreach (var span in part)
                tokens += span.Count;
            for (var row = 0; row < count; row++)
                Weigh(scores + (row * Chunk), first + row, part, visible is null ? int.MaxValue : visible[row] - before);
            for (var column = 0; column < size;)
            {
                var wide = size - column >= 64;
                for (var row = 0; row < count; row += 4)
                {
                    if (wide)
                        Mix64(row, first, count, part, column);
                    else
                        Mix16(row, first, count, part, column);
                }
                column += wide ? 64 : 16;
            }
            before += tokens;
            spans = spans[part.Length..];
        }
    }

    /// <summary>A query's result, [D].</summary>
    public readonly void Result(int query, T* destination)
    {
        var scale = Vector512.Create(1 / sums[query]);
        for (var at = 0; at < size; at += 16)
            T.Store(Vector512.Load(mixed + (query * size) + at) * scale, destination + at);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Score8(float* q, T* key, float* scores)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        float* q4 = q + (4 * size);
        int size2 = 2 * size, size3 = 3 * size;
        for (var d = 0; d < size; d++, q++, q4++)
        {
            var k = T.Load(key + (d * Lanes));
            s0 = Vector512.FusedMultiplyAdd(Vector512.Create(q[0]), k, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Create(q[size]), k, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Create(q[size2]), k, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Create(q[size3]), k, s3);
            s4 = Vector512.FusedMultiplyAdd(Vector512.Create(q4[0]), k, s4);
            s5 = Vector512.FusedMultiplyAdd(Vector512.Create(q4[size]), k, s5);
            s6 = Vector512.FusedMultiplyAdd(Vector512.Create(q4[size2]), k, s6);
            s7 = Vector512.FusedMultiplyAdd(Vector512.Create(q4[size3]), k, s7);
        }
        s0.Store(scores);
        s1.Store(scores + Chunk);
        s2.Store(scores + (2 * Chunk));
        s3.Store(scores + (3 * Chunk));
        s4.Store(scores + (4 * Chunk));
        s5.Store(scores + (5 * Chunk));
        s6.Store(scores + (6 * Chunk));
        s7.Store(scores + (7 * Chunk));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Score4(float* q, T* key, float* scores)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        int size2 = 2 * size, size3 = 3 * size;
        for (var d = 0; d < size; d++, q++)
        {
            var k = T.Load(key + (d * Lanes));
            s0 = Vector512.FusedMultiplyAdd(Vector512.Create(q[0]), k, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Create(q[size]), k, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Create(q[size2]), k, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Create(q[size3]), k, s3);
        }
        s0.Store(scores);
        s1.Store(scores + Chunk);
        s2.Store(scores + (2 * Chunk));
        s3.Store(scores + (3 * Chunk));
    }

    /// <summary>Turns a query's scores into weights relative to its new maximum, and what it has so far to the same scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Weigh(float* row, int query, ReadOnlySpan<KeyValueSpan> spans, int visible)
    {
        var most = Vector512.Create(float.NegativeInfinity);
        for (var index = 0; index < spans.Length; index++)
        {
            var (_, offset, count) = spans[index];
            var seen = Math.Clamp(visible, 0, count);
            visible -= count;
            // Lanes outside hold scores with memory that belongs to others or was never written.
            if (offset > 0 || seen < Lanes)
            {
                var lane = Vector512<int>.Indices;
                var inside = Vector512.GreaterThanOrEqual(lane, Vector512.Create(offset)) & Vector512.LessThan(lane, Vector512.Create(offset + seen));
                Vector512.ConditionalSelect(inside.AsSingle(), Vector512.Load(row + (index * Lanes)), Vector512.Create(float.NegativeInfinity))
                    .Store(row + (index * Lanes));
            }
            most = Vector512.Max(most, Vector512.Load(row + (index * Lanes)));
        }
        var newLargest = Math.Max(largest[query], VectorMath.Largest(most));
        if (float.IsNegativeInfinity(newLargest))
        {
            new Span<float>(row, spans.Length * Lanes).Clear();
            return;
        }
        var shift = Vector512.Create(newLargest);
        var sum = Vector512<float>.Zero;
        for (var index = 0; index < spans.Length; index++)
        {
            var weight = VectorMath.Exp(Vector512.Load(row + (index * Lanes)) - shift);
            weight.Store(row + (index * Lanes));
            sum += weight;
        }
        var kept = MathF.Exp(largest[query] - newLargest);
        if (kept < 1)
        {
            var scale = Vector512.Create(kept);
            float* mean = mixed + (query * size);
            for (var at = 0; at < size; at += 16)
                (Vector512.Load(mean + at) * scale).Store(mean + at);
        }
        sums[query] = (sums[query] * kept) + Vector512.Sum(sum);
        largest[query] = newLargest;
    }

    /// <summary>Adds weighted values to columns .. + 63 of up to 4 queries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Mix64(int row, int first, int count, ReadOnlySpan<KeyValueSpan> spans, int column)
    {
        float* m = mixed + ((first + row) * size) + column;
        float* w = scores + (row * Chunk);
        var rows = Math.Min(4, count - row);
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        for (var index = 0; index < spans.Length; index++)
        {
            var (block, offset, tokens) = spans[index];
            T* value = values + (block * blockStride) + (offset * size) + column;
            float* weight = w + (index * Lanes) + offset;
            for (var token = 0; token < tokens; token++, value += size, weight++)
            {
                Vector512<float> v0 = T.Load(value), v1 = T.Load(value + 16), v2 = T.Load(value + 32), v3 = T.Load(value + 48);
                var p = Vector512.Create(weight[0]);
                a0 = Vector512.FusedMultiplyAdd(p, v0, a0);
                a1 = Vector512.FusedMultiplyAdd(p, v1, a1);
                a2 = Vector512.FusedMultiplyAdd(p, v2, a2);
                a3 = Vector512.FusedMultiplyAdd(p, v3, a3);
                p = Vector512.Create(weight[Chunk]);
                b0 = Vector512.FusedMultiplyAdd(p, v0, b0);
                b1 = Vector512.FusedMultiplyAdd(p, v1, b1);
                b2 = Vector512.FusedMultiplyAdd(p, v2, b2);
                b3 = Vector512.FusedMultiplyAdd(p, v3, b3);
                p = Vector512.Create(weight[2 * Chunk]);
                c0 = Vector512.FusedMultiplyAdd(p, v0, c0);
                c1 = Vector512.FusedMultiplyAdd(p, v1, c1);
                c2 = Vector512.FusedMultiplyAdd(p, v2, c2);
                c3 = Vector512.FusedMultiplyAdd(p, v3, c3);
                p = Vector512.Create(weight[3 * Chunk]);
                d0 = Vector512.FusedMultiplyAdd(p, v0, d0);
                d1 = Vector512.FusedMultiplyAdd(p, v1, d1);
                d2 = Vector512.FusedMultiplyAdd(p, v2, d2);
                d3 = Vector512.FusedMultiplyAdd(p, v3, d3);
            }
        }
        Add(m, a0, a1, a2, a3);
        if (rows > 1)
            Add(m + size, b0, b1, b2, b3);
        if (rows > 2)
            Add(m + (2 * size), c0, c1, c2, c3);
        if (rows > 3)
            Add(m + (3 * size), d0, d1, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* sum, Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, Vector512<float> x3)
    {
        (Vector512.Load(sum) + x0).Store(sum);
        (Vector512.Load(sum + 16) + x1).Store(sum + 16);
        (Vector512.Load(sum + 32) + x2).Store(sum + 32);
        (Vector512.Load(sum + 48) + x3).Store(sum + 48);
    }

    /// <summary>The same for 16 columns: heads whose size is no multiple of 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Mix16(int row, int first, int count, ReadOnlySpan<KeyValueSpan> spans, int column)
    {
        for (var query = row; query < Math.Min(row + 4, count); query++)
        {
            float* m = mixed + ((first + query) * size) + column;
            var sum = Vector512.Load(m);
            for (var index = 0; index < spans.Length; index++)
            {
                var (block, offset, tokens) = spans[index];
                T* value = values + (block * blockStride) + (offset * size) + column;
                float* weight = scores + (query * Chunk) + (index * Lanes) + offset;
                for (var token = 0; token < tokens; token++)
                    sum = Vector512.FusedMultiplyAdd(Vector512.Create(weight[token]), T.Load(value + (token * size)), sum);
            }
            sum.Store(m);
        }
    }
}
