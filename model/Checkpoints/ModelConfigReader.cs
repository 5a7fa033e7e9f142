using System.Collections.Immutable;
using System.Text.Json;

namespace GenPrm.Model.Checkpoints;

/// <summary>Reads <c>config.json</c> in both of its spellings (<c>rope_theta</c>, <c>rope_scaling</c>, <c>torch_dtype</c>; and
/// <c>rope_parameters</c>, <c>dtype</c>) and refuses what this project does not compute.</summary>
internal static class ModelConfigReader
{
    /// <summary>What each family's configuration class in <c>transformers</c> fills in for a field that the file leaves out.</summary>
    private sealed record Defaults(int? KeyValueHeads, int? HeadSize, int MaxPositions, int? EndToken);

    public static ModelConfig Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new CheckpointException($"{folder}: no such model folder");
        var path = Path.Combine(folder, "config.json");
        if (!File.Exists(path))
            throw new CheckpointException($"{path}: is missing; a model is a Hugging Face folder with config.json, *.safetensors and tokenizer.json");
        var config = ConfigObject.Read(path);
        var architecture = ReadArchitecture(config);
        RefuseUnknownParts(config, architecture);
        var defaults = architecture switch
        {
            Architecture.Llama => new Defaults(null, null, 2048, 2),
            Architecture.Qwen2 => new Defaults(32, null, 32768, null),
            _ => new Defaults(32, 128, 32768, null),
        };

        var hidden = config.Size("hidden_size");
        var heads = config.Size("num_attention_heads", most: 1 << 16);
        var keyValueHeads = config.Size("num_key_value_heads", config.Names("num_key_value_heads") ? heads : defaults.KeyValueHeads ?? heads, 1 << 16);
        if (heads % keyValueHeads != 0)
            throw config.Refuse("num_key_value_heads", $"{keyValueHeads} does not divide num_attention_heads {heads}");
        var headSize = config.Size("head_dim", (config.Names("head_dim") ? null : defaults.HeadSize) ?? DividedHeadSize(config, hidden, heads), 1 << 16);
        if (headSize % 2 != 0)
            throw config.Refuse("head_dim", $"{headSize} is odd, and rotary positions turn pairs");
        var attentionBias = architecture != Architecture.Qwen2 && config.Flag("attention_bias", false);
        var rope = config.Object("rope_scaling") ?? config.Object("rope_parameters");

        return new ModelConfig
        {
            Architecture = architecture,
            VocabularySize = config.Size("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = config.Size("intermediate_size"),
            LayerCount = config.Size("num_hidden_layers", most: 1 << 16),
            HeadCount = heads,
            KeyValueHeadCount = keyValueHeads,
            HeadSize = headSize,
            RmsNormEpsilon = config.PositiveNumber("rms_norm_eps", 1e-6),
            RopeTheta = rope?.Has("rope_theta") == true ? rope.PositiveNumber("rope_theta") : config.PositiveNumber("rope_theta", 10000),
            RopeScaling = ReadRopeScaling(rope),
            MaxPositions = config.Size("max_position_embeddings", defaults.MaxPositions, int.MaxValue),
            TiedEmbeddings = config.Flag("tie_word_embeddings", false),
            QueryKeyValueBias = architecture == Architecture.Qwen2 || attentionBias,
            AttentionOutputBias = attentionBias,
            FeedForwardBias = architecture == Architecture.Llama && config.Flag("mlp_bias", false),
            QueryKeyNorms = architecture == Architecture.Qwen3,
            EndTokens = ReadEndTokens(folder, config, defaults.EndToken),
            DeclaredType = ReadDeclaredType(config),
        };
    }

    private static Architecture ReadArchitecture(ConfigObject config)
    {
        var type = config.Text("model_type") ?? throw config.Refuse("model_type", "is missing; known are llama, qwen2 and qwen3");
        var (architecture, head) = type switch
        {
            "llama" => (Architecture.Llama, "LlamaForCausalLM"),
            "qwen2" => (Architecture.Qwen2, "Qwen2ForCausalLM"),
            "qwen3" => (Architecture.Qwen3, "Qwen3ForCausalLM"),
            _ => throw config.Refuse("model_type", $"'{type}' is not known; known are llama, qwen2 and qwen3"),
        };
        if (config.Find("architectures") is { } listed)
        {
            var names = listed.ValueKind == JsonValueKind.Array ? listed.EnumerateArray().Select(item => item.ToString()).ToList() : [listed.ToString()];
            if (names.Count > 0 && !names.Contains(head))
                throw config.Refuse("architectures", $"'{string.Join("', '", names)}' is not known; for model_type {type} only {head} is");
        }

        return architecture;
    }

    private static void RefuseUnknownParts(ConfigObject config, Architecture architecture)
    {
        if (config.Find("quantization_config") is { } quantization)
        {
            var method = quantization.ValueKind == JsonValueKind.Object && quantization.TryGetProperty("quant_method", out var named) ? named.ToString() : "unnamed";
            throw config.Refuse("quantization_config", $"weights quantized by '{method}' are not read; take the bf16, f16 or f32 release");
        }

        if (config.Text("hidden_act") is { } activation and not ("silu" or "swish"))
            throw config.Refuse("hidden_act", $"activation '{activation}' is not known; only silu is");
        if (config.Number("partial_rotary_factor", 1) is var rotated and not 1)
            throw config.Refuse("partial_rotary_factor", $"{rotated} is not known; only whole heads are rotated");
        RefuseSlidingWindows(config, architecture);
    }

    /// <summary>Qwen's layers from <c>max_window_layers</c> on see a window only, if <c>use_sliding_window</c> says so; an explicit
    /// <c>layer_types</c> says it layer by layer.</summary>
    private static void RefuseSlidingWindows(ConfigObject config, Architecture architecture)
    {
        if (config.Find("layer_types") is { } types)
        {
            if (types.ValueKind != JsonValueKind.Array)
                throw config.Refuse("layer_types", "must be a list");
            if (types.EnumerateArray().Select(item => item.ToString()).FirstOrDefault(type => type != "full_attention") is { } other)
                throw config.Refuse("layer_types", $"'{other}' is not known; only full_attention is");
        }
        else if (architecture != Architecture.Llama && config.Flag("use_sliding_window", false)
            && (!config.Names("sliding_window") || config.Has("sliding_window"))
            && config.Number("max_window_layers", 28) < config.Size("num_hidden_layers", most: 1 << 16))
        {
            throw config.Refuse("use_sliding_window", "sliding-window attention is not known; only full attention is");
        }
    }

    private static int DividedHeadSize(ConfigObject config, int hidden, int heads) => config.Has("head_dim") || hidden % heads == 0
        ? hidden / heads
        : throw config.Refuse("hidden_size", $"{hidden} is not divided by num_attention_heads {heads}, and there is no head_dim");

    private static Llama3RopeScaling? ReadRopeScaling(ConfigObject? rope)
    {
        if (rope is null)
            return null;
        if (rope.Fields.Where(field => field.Value.ValueKind == JsonValueKind.Object).Select(field => field.Name).FirstOrDefault() is { } layerType)
            throw rope.Refuse(layerType, "rotary parameters a layer type are not known; only one set for all layers is");
        if (rope.Number("partial_rotary_factor", 1) is var rotated and not 1)
            throw rope.Refuse("partial_rotary_factor", $"{rotated} is not known; only whole heads are rotated");
        var spelling = rope.Has("rope_type") ? "rope_type" : "type";
        switch (rope.Text(spelling) ?? "default")
        {
            case "default":
                return null;
            case "llama3":
                var scaling = new Llama3RopeScaling(
                    rope.PositiveNumber("factor"),
                    rope.PositiveNumber("low_freq_factor"),
                    rope.PositiveNumber("high_freq_factor"),
                    rope.Size("original_max_position_embeddings", most: int.MaxValue));
                return scaling.HighFrequencyFactor > scaling.LowFrequencyFactor
                    ? scaling
                    : throw rope.Refuse("high_freq_factor", $"{scaling.HighFrequencyFactor} must be greater than low_freq_factor {scaling.LowFrequencyFactor}");
            case var other:
                throw rope.Refuse(spelling, $"rope type '{other}' is not known; known are default and llama3");
        }
    }

    /// <summary>The generation's own file counts first, as in <c>transformers</c>; then the model's.</summary>
    private static ImmutableArray<int> ReadEndTokens(string folder, ConfigObject config, int? otherwise)
    {
        var generation = Path.Combine(folder, "generation_config.json");
        if (File.Exists(generation) && ConfigObject.Read(generation).TokenIds("eos_token_id") is { Count: > 0 } ids)
            return [.. ids.Distinct()];
        if (config.TokenIds("eos_token_id") is { Count: > 0 } own)
            return [.. own.Distinct()];
        return otherwise is { } token && !config.Names("eos_token_id") ? [token] : [];
    }

    private static ElementType? ReadDeclaredType(ConfigObject config) => (config.Text("dtype") ?? config.Text("torch_dtype")) switch
    {
        "bfloat16" => ElementType.BFloat16,
        "float16" => ElementType.Float16,
        "float32" => ElementType.Float32,
        _ => null,
    };
}
