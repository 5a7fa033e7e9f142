using GenPrm.Model.Checkpoints;

namespace GenPrm.Bench;

/// <summary>Models by shape alone: their weights are random, since speed does not depend on them.</summary>
internal static class ModelShape
{
    public static readonly (string Name, ModelConfig Config)[] All =
    [
        ("smollm2-135m", new ModelConfig
        {
            Architecture = Architecture.Llama, VocabularySize = 49152, HiddenSize = 576, IntermediateSize = 1536, LayerCount = 30,
            HeadCount = 9, KeyValueHeadCount = 3, HeadSize = 64, RmsNormEpsilon = 1e-5, RopeTheta = 100_000, MaxPositions = 8192,
            TiedEmbeddings = true, QueryKeyValueBias = false, AttentionOutputBias = false, FeedForwardBias = false, QueryKeyNorms = false, EndTokens = [],
        }),
        ("qwen2.5-0.5b", new ModelConfig
        {
            Architecture = Architecture.Qwen2, VocabularySize = 151936, HiddenSize = 896, IntermediateSize = 4864, LayerCount = 24,
            HeadCount = 14, KeyValueHeadCount = 2, HeadSize = 64, RmsNormEpsilon = 1e-6, RopeTheta = 1_000_000, MaxPositions = 32768,
            TiedEmbeddings = true, QueryKeyValueBias = true, AttentionOutputBias = false, FeedForwardBias = false, QueryKeyNorms = false, EndTokens = [],
        }),
    ];
}
