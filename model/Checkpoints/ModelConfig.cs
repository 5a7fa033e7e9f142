using System.Collections.Immutable;

namespace GenPrm.Model.Checkpoints;

/// <summary>The families this project runs. Each is a decoder of pre-normalized attention and gated feed-forward blocks.</summary>
public enum Architecture
{
    Llama,
    Qwen2,
    Qwen3,
}

/// <summary>What a model is, whatever its family calls it: read from <c>config.json</c> and <c>generation_config.json</c>.</summary>
/// <remarks>Fields that a file leaves out have the defaults of the family's own configuration class in <c>transformers</c>.</remarks>
public sealed record ModelConfig
{
    public required Architecture Architecture { get; init; }

    /// <summary>Rows of the embedding; may exceed the tokenizer's vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width between the feed-forward block's projections.</summary>
    public required int IntermediateSize { get; init; }

    public required int LayerCount { get; init; }

    /// <summary>Query heads a layer.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Key and value heads a layer; divides <see cref="HeadCount"/>.</summary>
    public required int KeyValueHeadCount { get; init; }

    /// <summary>Width of one head; not always hidden size / heads.</summary>
    public required int HeadSize { get; init; }

    public required double RmsNormEpsilon { get; init; }

    public required double RopeTheta { get; init; }

    /// <summary>Null for unscaled rotary frequencies.</summary>
    public Llama3RopeScaling? RopeScaling { get; init; }

    /// <summary>The longest sequence in tokens that the model is made for.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Whether the output layer is the embedding.</summary>
    public required bool TiedEmbeddings { get; init; }

    /// <summary>Whether <c>q_proj</c>, <c>k_proj</c> and <c>v_proj</c> have biases.</summary>
    public required bool QueryKeyValueBias { get; init; }

    /// <summary>Whether <c>o_proj</c> has a bias.</summary>
    public required bool AttentionOutputBias { get; init; }

    /// <summary>Whether the three feed-forward projections have biases.</summary>
    public required bool FeedForwardBias { get; init; }

    /// <summary>Whether each head's query and key are RMS-normalized before rotation.</summary>
    public required bool QueryKeyNorms { get; init; }

    /// <summary>Tokens that end a generation; may be empty.</summary>
    public required ImmutableArray<int> EndTokens { get; init; }

    /// <summary>What <c>config.json</c> says the weights are in; each tensor's own type counts. Null if it does not say.</summary>
    public ElementType? DeclaredType { get; init; }

    /// <summary>Reads a model folder.</summary>
    /// <exception cref="CheckpointException">A file is missing or broken, or asks for something unknown, by name.</exception>
    public static ModelConfig Load(string folder) => ModelConfigReader.Read(folder);

    /// <summary>How many weights the model has, an output layer that is the embedding not counted twice.</summary>
    public long ParameterCount
    {
        get
        {
            long q = (long)HeadCount * HeadSize, kv = (long)KeyValueHeadCount * HeadSize;
            var attention = (HiddenSize * (q + kv + kv)) + (q * HiddenSize)
                + (QueryKeyValueBias ? q + kv + kv : 0) + (AttentionOutputBias ? HiddenSize : 0) + (QueryKeyNorms ? 2 * HeadSize : 0);
            var feedForward = (3L * HiddenSize * IntermediateSize) + (FeedForwardBias ? (2L * IntermediateSize) + HiddenSize : 0);
            var embedding = (long)VocabularySize * HiddenSize;
            return (TiedEmbeddings ? embedding : 2 * embedding) + (LayerCount * (attention + feedForward + (2L * HiddenSize))) + HiddenSize;
        }
    }
}

/// <summary>The <c>llama3</c> rule: wavelengths beyond the original context are stretched by <see cref="Factor"/>, short ones kept,
/// those between blended.</summary>
/// <param name="OriginalMaxPositions">The context the model was first trained with, in tokens.</param>
public sealed record Llama3RopeScaling(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalMaxPositions);
