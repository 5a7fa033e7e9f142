using GenPrm.Model.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Engine;

/// <summary>Makes the attention of each batch over one key-value memory. A seam: torch's operations on any device, or kernels for a CPU.</summary>
internal interface IBatchAttentionFactory : IDisposable
{
    /// <summary>Attention for one forward pass of a batch; its tensors belong to the caller's dispose scope.</summary>
    IAttention For(Batch batch);
}

/// <summary>Attention in torch's own operations.</summary>
internal sealed class TorchBatchAttentionFactory : IBatchAttentionFactory
{
    private readonly DecoderModel model;
    private readonly KeyValueMemory memory;
    private readonly Tensor cosines;
    private readonly Tensor sines;

    public TorchBatchAttentionFactory(DecoderModel model, KeyValueMemory memory, int positions)
    {
        (this.model, this.memory) = (model, memory);
        (cosines, sines) = TorchRope.Table(model.Config, positions, model.Target.Dtype, model.Target.Device);
    }

    public IAttention For(Batch batch) => new TorchBatchAttention(model.Config, memory, batch, cosines, sines);

    public void Dispose()
    {
        cosines.Dispose();
        sines.Dispose();
    }
}
