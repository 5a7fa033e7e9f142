using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Engine;
using GenPrm.Model.Torch;
using GenPrm.Model.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Cpu;

/// <summary>Attention of one batch over the key-value memory on a CPU: one pass that norms, rotates and stores, one that attends.</summary>
internal sealed unsafe class CpuBatchAttention<T> : IAttention
    where T : unmanaged, IElement<T>
{
    /// <summary>Query vectors that look at shared spans together: enough to use each key many times, few enough for the cache.</summary>
    private const int TileQueries = 48;

    private readonly ModelConfig config;
    private readonly KeyValueMemory memory;
    private readonly Batch batch;
    private readonly CpuScratch scratch;
    private readonly List<Tile> tiles = [];

    /// <summary>Rows of one group that are attended together.</summary>
    private readonly record struct Tile(RowGroup Group, int First, int Count);

    public CpuBatchAttention(ModelConfig config, KeyValueMemory memory, Batch batch, CpuScratch scratch)
    {
        (this.config, this.memory, this.batch, this.scratch) = (config, memory, batch, scratch);
        var shared = config.HeadCount / config.KeyValueHeadCount;
        var rows = Math.Max(1, TileQueries / shared);
        foreach (var group in batch.Groups)
        {
            for (var first = 0; first < group.RowCount; first += rows)
                tiles.Add(new Tile(group, first, Math.Min(rows, group.RowCount - first)));
        }
        scratch.Prepare(batch.Tokens.Length, AttentionKernel<T>.ScratchFloats(rows * shared, config.HeadSize));
    }

    public Tensor Attend(int layer, Tensor projected, Tensor? queryNorm, Tensor? keyNorm)
    {
        int rows = batch.Tokens.Length, heads = config.HeadCount, keyHeads = config.KeyValueHeadCount, size = config.HeadSize;
        var mixed = empty([rows, heads * size], projected.dtype);
        T* source = Data(projected), destination = Data(mixed), keys = Data(memory.Keys(layer)), values = Data(memory.Values(layer));
        T* queryScale = queryNorm is null ? null : Data(queryNorm), keyScale = keyNorm is null ? null : Data(keyNorm);
        var parts = Math.Clamp(rows / 4, 1, 16);
        ThreadTeam.For(parts, part =>
        {
            for (var row = part * rows / parts; row < (part + 1) * rows / parts; row++)
                Rotate(row, rows, source, queryScale, keyScale, keys, values);
        });
        ThreadTeam.For(tiles.Count * keyHeads, index => Attend(tiles[index / keyHeads], index % keyHeads, rows, keys, values, destination));
        return mixed;
    }

    /// <summary>One row's queries to scratch [Hkv, N, G, D], divided by √D; its key and value to their slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rotate(int row, int rows, T* source, T* queryScale, T* keyScale, T* keys, T* values)
    {
        int heads = config.HeadCount, keyHeads = config.KeyValueHeadCount, size = config.HeadSize, shared = heads / keyHeads;
        float* turned = stackalloc float[size];
        source += (long)row * (heads + (2 * keyHeads)) * size;
        var position = batch.Positions[row];
        for (var head = 0; head < heads; head++, source += size)
        {
            float* query = scratch.Queries + (((((long)head / shared * rows) + row) * shared + (head % shared)) * size);
            Rotate(source, queryScale, position, query, 1 / MathF.Sqrt(size));
        }
        long block = batch.Slots[row] / KeyValueBlocks.Size, place = batch.Slots[row] % KeyValueBlocks.Size;
        for (var head = 0; head < keyHeads; head++, source += size)
        {
            Rotate(source, keyScale, position, turned, 1);
            T* key = keys + (((block * keyHeads) + head) * size * KeyValueBlocks.Size) + place;
            for (var d = 0; d < size; d++)
                T.StoreOne(turned[d], key + (d * KeyValueBlocks.Size));
        }
        for (var head = 0; head < keyHeads; head++, source += size)
        {
            T* value = values + (((((block * keyHeads) + head) * KeyValueBlocks.Size) + place) * size);
            Buffer.MemoryCopy(source, value, size * sizeof(T), size * sizeof(T));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rotate(T* source, T* norm, int position, float* destination, float scale)
    {
        int size = config.HeadSize, half = size / 2;
        float* cosine = scratch.Cosines + ((long)position * half), sine = scratch.Sines + ((long)position * half);
        if (norm is not null)
        {
            var sum = 0f;
            for (var d = 0; d < size; d++)
                sum += T.LoadOne(source + d) * T.LoadOne(source + d);
            var rms = 1 / MathF.Sqrt((sum / size) + (float)config.RmsNormEpsilon);
            for (var d = 0; d < size; d++)
                destination[d] = T.LoadOne(source + d) * rms * T.LoadOne(norm + d);
        }
        else
        {
            for (var d = 0; d < size; d += 16)
                System.Runtime.Intrinsics.Vector512.Store(T.Load(source + d), destination + d);
        }
        for (var d = 0; d < half; d++)
        {
            float x = destination[d], y = destination[d + half];
            destination[d] = ((x * cosine[d]) - (y * sine[d])) * scale;
            destination[d + half] = ((y * cosine[d]) + (x * sine[d])) * scale;
        }
    }

    [SkipLocalsInit]
    private void Attend(Tile tile, int keyHead, int rows, T* keys, T* values, T* destination)
    {
        int keyHeads = config.KeyValueHeadCount, size = config.HeadSize, shared = config.HeadCount / keyHeads;
        var (group, first, count) = tile;
        var firstRow = group.FirstRow + first;
        var head = (long)keyHead * size * KeyValueBlocks.Size;
        float* query = scratch.Queries + ((((long)keyHead * rows) + firstRow) * shared * size);
        float* own = scratch.Rent();
        var kernel = new AttentionKernel<T>(keys + head, values + head, (long)keyHeads * size * KeyValueBlocks.Size, size, own, count * shared);
        if (group.Prefill > 0)
        {
            int* visible = stackalloc int[count * shared];
            for (var index = 0; index < count * shared; index++)
                visible[index] = batch.Positions[firstRow + (index / shared)] + 1;
            kernel.See(query, 0, count * shared, UpTo(group.Shared, visible[(count * shared) - 1]), visible);
        }
        else
        {
            kernel.See(query, 0, count * shared, group.Shared, null);
            for (var row = 0; row < count; row++)
                kernel.See(query + (row * shared * size), row * shared, shared, group.Own[first + row], null);
        }
        for (var row = 0; row < count; row++)
        {
            for (var index = 0; index < shared; index++)
                kernel.Result((row * shared) + index, destination + (((((long)firstRow + row) * config.HeadCount) + (keyHead * shared) + index) * size));
        }
        scratch.Return((nint)own);
    }

    /// <summary>The spans that hold the first so many tokens.</summary>
    private static ReadOnlySpan<KeyValueSpan> UpTo(KeyValueSpan[] spans, int tokens)
    {
        var length = 0;
        for (; length < spans.Length && tokens > 0; length++)
            tokens -= spans[length].Count;
        return spans.AsSpan(0, length);
    }

    private static T* Data(Tensor tensor) => (T*)NativeTorch.DataOf(tensor);
}

/// <summary>Memory that attention of all batches uses again and again: the rotary table, the rotated queries, and workspaces.</summary>
internal sealed unsafe class CpuScratch : IDisposable
{
    private readonly System.Collections.Concurrent.ConcurrentBag<nint> free = [];
    private readonly int vectorsARow;
    private readonly int size;
    private int rows;
    private int floats;

    public CpuScratch(ModelConfig config, int positions)
    {
        (vectorsARow, size) = (config.HeadCount, config.HeadSize);
        var (cosines, sines) = Rope.Table(config, positions);
        Cosines = Copy(cosines);
        Sines = Copy(sines);
    }

    /// <summary>[positions, D / 2]</summary>
    public float* Cosines { get; }

    /// <summary>[positions, D / 2]</summary>
    public float* Sines { get; }

    /// <summary>[Hkv, N, G, D], and 8 vectors more that kernels may read.</summary>
    public float* Queries { get; private set; }

    /// <summary>Makes room for a batch, between batches.</summary>
    /// <param name="batchRows">The batch's tokens.</param>
    /// <param name="workspaceFloats">What one thread needs: the same for every batch of a model.</param>
    public void Prepare(int batchRows, int workspaceFloats)
    {
        if (batchRows > rows)
        {
            rows = batchRows;
            NativeMemory.AlignedFree(Queries);
            Queries = New(((long)rows * vectorsARow * size) + (8 * size));
        }
        if (floats != 0 && floats != workspaceFloats)
            throw new InvalidOperationException($"Workspaces of {floats} numbers are in use; a batch that needs {workspaceFloats} is of another model.");
        floats = workspaceFloats;
    }

    /// <summary>A workspace for one thread, until it is returned. All have the same size, that of the first <see cref="Prepare"/>.</summary>
    public float* Rent() => free.TryTake(out var workspace) ? (float*)workspace : New(floats);

    public void Return(nint workspace) => free.Add(workspace);

    public void Dispose()
    {
        foreach (var workspace in free)
            NativeMemory.AlignedFree((void*)workspace);
        free.Clear();
        NativeMemory.AlignedFree(Cosines);
        NativeMemory.AlignedFree(Sines);
        NativeMemory.AlignedFree(Queries);
    }

    private static float* Copy(float[] source)
    {
        var copy = New(source.Length);
        source.CopyTo(new Span<float>(copy, source.Length));
        return copy;
    }

    private static float* New(long floats)
    {
        var memory = NativeMemory.AlignedAlloc((nuint)(floats * sizeof(float)), 64);
        new Span<byte>(memory, (int)Math.Min(int.MaxValue, floats * sizeof(float))).Clear();
        return (float*)memory;
    }
}
