using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using GenPrm.Model.Transformer;
using static TorchSharp.torch;

namespace GenPrm.Tests.Model;

/// <summary>A small model of random weights whose widths the kernels for CPUs can take.</summary>
internal static class RandomModel
{
    public static ModelConfig Config(int headSize, int heads, int keyHeads, bool norms = false) => new()
    {
        Architecture = norms ? Architecture.Qwen3 : Architecture.Qwen2,
        VocabularySize = 300,
        HiddenSize = 64,
        IntermediateSize = 96,
        LayerCount = 2,
        HeadCount = heads,
        KeyValueHeadCount = keyHeads,
        HeadSize = headSize,
        RmsNormEpsilon = 1e-6,
        RopeTheta = 10_000,
        MaxPositions = 1024,
        TiedEmbeddings = true,
        QueryKeyValueBias = !norms,
        AttentionOutputBias = false,
        FeedForwardBias = false,
        QueryKeyNorms = norms,
        EndTokens = [],
    };

    /// <summary>Weights large enough that attention matters, the same each time.</summary>
    public static WeightSource Weights(TorchTarget target)
    {
        var small = GenPrm.Model.Transformer.Weights.Random(target, seed: 3);
        return (name, shape) =>
        {
            var weight = small(name, shape);
            if (!name.EndsWith("norm.weight", StringComparison.Ordinal))
                weight.MultiplyInPlace(10);
            return weight;
        };
    }

    public static DecoderModel Fast(ModelConfig config, string dtype)
    {
        var target = TorchTarget.Parse("cpu", dtype);
        return DecoderModel.ForInference(config, target, Weights(target));
    }

    public static DecoderModel Portable(ModelConfig config, string dtype)
    {
        var target = TorchTarget.Parse("cpu", dtype);
        return new DecoderModel(config, target, Weights(target), PlainLinear.Create, new TorchOperations());
    }
}
