using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Engine;

/// <summary>Keys and values of every layer, in blocks of <see cref="KeyValueBlocks.Size"/> tokens.</summary>
/// <remarks>Keys lie [block, Hkv, D, token], so that a vector register takes one number of 16 tokens; values [block, Hkv, token, D].
/// On a CPU the operating system gives a page when it is first written: memory never used is never taken.</remarks>
public sealed class KeyValueMemory : IDisposable
{
    private readonly Tensor[] keys;
    private readonly Tensor[] values;

    public KeyValueMemory(ModelConfig config, TorchTarget target, int blocks)
    {
        keys = [.. Enumerable.Range(0, config.LayerCount).Select(_ => New(config.HeadSize, KeyValueBlocks.Size))];
        values = [.. Enumerable.Range(0, config.LayerCount).Select(_ => New(KeyValueBlocks.Size, config.HeadSize))];

        Tensor New(long rows, long columns) => empty([blocks, config.KeyValueHeadCount, rows, columns], target.Dtype, target.Device).DetachFromDisposeScope();
    }

    /// <summary>Bytes that one block takes over all layers.</summary>
    public static long BlockBytes(ModelConfig config, ScalarType dtype) =>
        2L * config.LayerCount * config.KeyValueHeadCount * config.HeadSize * KeyValueBlocks.Size * ElementSize(dtype);

    /// <summary>One layer's keys, [blocks, Hkv, D, 16].</summary>
    public Tensor Keys(int layer) => keys[layer];

    /// <summary>One layer's values, [blocks, Hkv, 16, D].</summary>
    public Tensor Values(int layer) => values[layer];

    public void Dispose()
    {
        foreach (var tensor in keys.Concat(values))
            tensor.Dispose();
    }

    private static int ElementSize(ScalarType dtype) => dtype switch
    {
        ScalarType.BFloat16 => 2,
        ScalarType.Float64 => 8,
        _ => 4,
    };
}
