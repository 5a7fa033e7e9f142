using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using GenPrm.Model.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Engine;

/// <summary>Attention of one batch over the key-value memory, in torch's own operations: any device. What a group shares is one matrix
/// product for all its rows, what each row has for itself another, and the two are merged by the log of their sums of exponentials.</summary>
/// <remarks>Its tensors belong to the dispose scope that it is made in.</remarks>
internal sealed class TorchBatchAttention : IAttention
{
    private readonly ModelConfig config;
    private readonly KeyValueMemory memory;
    private readonly Tensor cosines; // [N, D / 2]
    private readonly Tensor sines;
    private readonly Tensor slotBlocks; // [N]
    private readonly Tensor slotPlaces; // [N]
    private readonly List<(RowGroup Group, Window? Shared, Window? Own)> groups = [];

    /// <summary>Blocks that rows look at, and what of them they see.</summary>
    /// <param name="Blocks">Block numbers [1 or R, M]; short rows are filled up with any.</param>
    /// <param name="Hidden">What to add to scores: 0 or -infinity, [R, 1, 1, M · 16].</param>
    private sealed record Window(Tensor Blocks, Tensor Hidden);

    public TorchBatchAttention(ModelConfig config, KeyValueMemory memory, Batch batch, Tensor cosineTable, Tensor sineTable)
    {
        (this.config, this.memory) = (config, memory);
        var device = cosineTable.device;
        var positions = tensor(Array.ConvertAll(batch.Positions, position => (long)position), device: device);
        cosines = cosineTable.index_select(0, positions);
        sines = sineTable.index_select(0, positions);
        slotBlocks = tensor(Array.ConvertAll(batch.Slots, slot => (long)slot / KeyValueBlocks.Size), device: device);
        slotPlaces = tensor(Array.ConvertAll(batch.Slots, slot => (long)slot % KeyValueBlocks.Size), device: device);
        foreach (var group in batch.Groups)
        {
            var seen = Enumerable.Range(group.FirstRow, group.RowCount).Select(row => batch.Positions[row] + 1).ToArray();
            groups.Add((group,
                group.Shared.Length == 0 ? null : WindowOf([group.Shared], seen, device),
                group.Own.Count == 0 ? null : WindowOf([.. group.Own], [.. Enumerable.Repeat(int.MaxValue, group.RowCount)], device)));
        }
    }

    public Tensor Attend(int layer, Tensor projected, Tensor? queryNorm, Tensor? keyNorm)
    {
        using var inner = NewDisposeScope();
        int heads = config.HeadCount, keyHeads = config.KeyValueHeadCount, size = config.HeadSize;
        var (query, key, value) = TorchRope.SplitAndRotate(config, projected, queryNorm, keyNorm, cosines, sines, (int)projected.shape[0], 1);
        Tensor keys = memory.Keys(layer), values = memory.Values(layer);
        // Index arrays around a slice put the indexed dimension first: [N, Hkv, D].
        keys.index_put_(key.squeeze(2), [TensorIndex.Tensor(slotBlocks), TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Tensor(slotPlaces)]);
        values.index_put_(value.squeeze(2), [TensorIndex.Tensor(slotBlocks), TensorIndex.Colon, TensorIndex.Tensor(slotPlaces)]);
        var grouped = query.reshape(-1, keyHeads, heads / keyHeads, size); // [N, Hkv, G, D]
        var mixed = new List<Tensor>();
        foreach (var (group, shared, own) in groups)
        {
            var rows = grouped.narrow(0, group.FirstRow, group.RowCount);
            var parts = new[] { shared, own }.OfType<Window>().Select(window => Part(rows, keys, values, window)).ToList();
            mixed.Add((parts.Count == 1 ? parts[0].Mixed : Merged(parts[0], parts[1])).to_type(projected.dtype));
        }
        return cat(mixed, 0).reshape(-1, heads * size).MoveToOuterDisposeScope();
    }

    /// <summary>Softmax-weighted values of one window, and the log of the sum of exponentials, in f32: [R, Hkv, G, D] and [R, Hkv, G, 1].</summary>
    private (Tensor Mixed, Tensor LogSum) Part(Tensor query, Tensor keys, Tensor values, Window window)
    {
        long tables = window.Blocks.shape[0], rows = query.shape[0], tokens = window.Blocks.shape[1] * KeyValueBlocks.Size;
        int keyHeads = config.KeyValueHeadCount, size = config.HeadSize;
        // [T, M, Hkv, D, 16] → [T, Hkv, D, tokens], and [T, M, Hkv, 16, D] → [T, Hkv, tokens, D]; T is 1 where rows share.
        var key = keys.index_select(0, window.Blocks.view(-1)).view(tables, -1, keyHeads, size, KeyValueBlocks.Size)
            .permute(0, 2, 3, 1, 4).reshape(tables, keyHeads, size, tokens);
        var value = values.index_select(0, window.Blocks.view(-1)).view(tables, -1, keyHeads, KeyValueBlocks.Size, size)
            .permute(0, 2, 1, 3, 4).reshape(tables, keyHeads, tokens, size);
        // Memory that was never written may hold anything, and zero times infinity is no number.
        var wide = query.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var isHidden = window.Hidden.isneginf();
        var stacked = tables == 1 ? query.permute(1, 0, 2, 3).reshape(1, keyHeads, -1, size) : query; // rows of one table: one product
        var scores = matmul(stacked, key).to_type(wide).DivideInPlace(Math.Sqrt(size));
        if (tables == 1)
            scores = scores.view(keyHeads, rows, -1, tokens).permute(1, 0, 2, 3);
        scores = scores.Masked(isHidden, double.NegativeInfinity); // [R, Hkv, G, tokens]
        var logSum = scores.logsumexp(-1, keepdim: true);
        var weights = (scores - logSum).exp_().to_type(query.dtype);
        var unseen = tables == 1 ? isHidden.all(0, keepdim: true) : isHidden;
        value = value.Masked(unseen.squeeze(2).unsqueeze(-1), 0);
        if (tables == 1)
            weights = weights.permute(1, 0, 2, 3).reshape(1, keyHeads, -1, tokens);
        var mixed = matmul(weights, value).to_type(wide);
        if (tables == 1)
            mixed = mixed.view(keyHeads, rows, -1, size).permute(1, 0, 2, 3);
        return (mixed, logSum);
    }

    private static Tensor Merged((Tensor Mixed, Tensor LogSum) left, (Tensor Mixed, Tensor LogSum) right)
    {
        // Each one's part of the sum of both.
        var (ofLeft, ofRight) = ((left.LogSum - right.LogSum).sigmoid(), (right.LogSum - left.LogSum).sigmoid());
        return (left.Mixed * ofLeft).Plus(right.Mixed * ofRight);
    }

    /// <param name="tables">One list of places for all rows, or one a row.</param>
    /// <param name="seen">How many tokens of its table each row sees.</param>
    private static Window WindowOf(KeyValueSpan[][] tables, int[] seen, Device device)
    {
        var width = tables.Max(table => table.Length);
        var blocks = new long[tables.Length * width];
        var hidden = new float[seen.Length * width * KeyValueBlocks.Size];
        Array.Fill(hidden, float.NegativeInfinity);
        for (var row = 0; row < seen.Length; row++)
        {
            var table = tables[tables.Length == 1 ? 0 : row];
            var left = seen[row];
            for (var index = 0; index < table.Length; index++)
            {
                var (block, offset, count) = table[index];
                blocks[((tables.Length == 1 ? 0 : row) * width) + index] = block;
                var visible = Math.Clamp(left, 0, count);
                hidden.AsSpan((((row * width) + index) * KeyValueBlocks.Size) + offset, visible).Clear();
                left -= count;
            }
        }
        return new Window(
            tensor(blocks, [tables.Length, width], device: device),
            tensor(hidden, [seen.Length, 1, 1, width * KeyValueBlocks.Size], device: device));
    }
}
