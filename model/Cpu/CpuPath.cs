using GenPrm.Model.Checkpoints;
using GenPrm.Model.Engine;
using GenPrm.Model.Torch;
using GenPrm.Model.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Cpu;

/// <summary>Where the fast passes for CPUs take the place of torch's operations: bf16 and f32, widths that are multiples of 16.</summary>
internal static class CpuPath
{
    public static bool Runs(ModelConfig config, TorchTarget target) =>
        target.Device.type == DeviceType.CPU
        && target.Dtype is ScalarType.BFloat16 or ScalarType.Float32
        && config.HeadSize % 16 == 0 && config.HiddenSize % 16 == 0 && config.IntermediateSize % 16 == 0;

    /// <summary>Norms and gates; null where torch's must be used.</summary>
    public static IOperations? Operations(ModelConfig config, TorchTarget target) =>
        !Runs(config, target) ? null
        : target.Dtype == ScalarType.BFloat16 ? new CpuOperations<Bf16>() : new CpuOperations<F32>();

    /// <summary>Attention; null where torch's must be used.</summary>
    public static IBatchAttentionFactory? Attention(DecoderModel model, KeyValueMemory memory, int positions) =>
        !Runs(model.Config, model.Target) ? null
        : model.Target.Dtype == ScalarType.BFloat16 ? new Factory<Bf16>(model.Config, memory, positions) : new Factory<F32>(model.Config, memory, positions);

    /// <summary>Sampling; null where torch's must be used.</summary>
    public static ISampler? Sampler(TorchTarget target) =>
        target.Device.type != DeviceType.CPU ? null
        : target.Dtype == ScalarType.BFloat16 ? new CpuSampler<Bf16>()
        : target.Dtype == ScalarType.Float32 ? new CpuSampler<F32>() : null;

    private sealed class Factory<T>(ModelConfig config, KeyValueMemory memory, int positions) : IBatchAttentionFactory
        where T : unmanaged, IElement<T>
    {
        private readonly CpuScratch scratch = new(config, positions);

        public IAttention For(Batch batch) => new CpuBatchAttention<T>(config, memory, batch, scratch);

        public void Dispose() => scratch.Dispose();
    }
}
