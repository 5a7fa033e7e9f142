using GenPrm.Model.Cpu;
using GenPrm.Model.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Engine;

/// <summary>A model with its key-value memory: runs batches. For one thread at a time.</summary>
internal sealed class ModelRunner : IDisposable
{
    private readonly DecoderModel model;
    private readonly KeyValueMemory memory;
    private readonly IBatchAttentionFactory attention;

    /// <param name="model">The model, which then belongs to the runner.</param>
    /// <param name="blocks">The key-value memory, in blocks.</param>
    /// <param name="portable">Whether torch's own operations do the attention even where there are kernels.</param>
    public ModelRunner(DecoderModel model, int blocks, bool portable = false)
    {
        this.model = model;
        memory = new KeyValueMemory(model.Config, model.Target, blocks);
        var positions = (int)Math.Min(model.Config.MaxPositions, (long)blocks * KeyValueBlocks.Size);
        attention = (portable ? null : CpuPath.Attention(model, memory, positions)) ?? new TorchBatchAttentionFactory(model, memory, positions);
    }

    /// <summary>Runs a batch, writes its keys and values, and gives the logits of its first rows, [LogitRows, vocabulary]; null if it has none.</summary>
    public Tensor? Run(Batch batch)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var tokens = tensor(batch.Tokens, device: model.Target.Device);
        var hidden = model.Hidden(tokens, attention.For(batch));
        return batch.LogitRows == 0 ? null : model.Logits(hidden.narrow(0, 0, batch.LogitRows)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        attention.Dispose();
        memory.Dispose();
        model.Dispose();
    }
}
