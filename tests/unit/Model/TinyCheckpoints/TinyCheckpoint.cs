using System.Runtime.InteropServices;
using GenPrm.Core.Identity;
using GenPrm.Model.Checkpoints;

namespace GenPrm.Tests.Unit.Model.TinyCheckpoints;

/// <summary>A checkpoint of random weights, the same on every machine, small enough to lie in the repository.</summary>
/// <param name="Name">Its folder under <c>tests/data</c>.</param>
/// <param name="Config">The text of its <c>config.json</c>.</param>
internal sealed record TinyCheckpoint(string Name, ElementType Type, long LargestShard, string Config)
{
    /// <summary>One a family; together they have what loaders get wrong: both spellings, tied and not, biases, norms, a head size of its
    /// own, grouped heads, scaled positions, three number formats, shards.</summary>
    public static IReadOnlyList<TinyCheckpoint> All { get; } =
    [
        new("tiny-llama", ElementType.Float32, long.MaxValue, """
            { "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 32, "intermediate_size": 80, "num_hidden_layers": 2,
              "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12, "hidden_act": "silu", "rms_norm_eps": 1e-05, "vocab_size": 384,
              "max_position_embeddings": 4096, "tie_word_embeddings": true, "eos_token_id": 383, "torch_dtype": "float32", "rope_theta": 10000.0,
              "rope_scaling": { "rope_type": "llama3", "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 256 } }
            """),
        new("tiny-qwen2", ElementType.BFloat16, 40_000, """
            { "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_size": 32, "intermediate_size": 80, "num_hidden_layers": 2,
              "num_attention_heads": 4, "num_key_value_heads": 2, "hidden_act": "silu", "rms_norm_eps": 1e-06, "vocab_size": 384,
              "max_position_embeddings": 4096, "tie_word_embeddings": false, "eos_token_id": 383, "torch_dtype": "bfloat16", "rope_theta": 1000000.0 }
            """),
        new("tiny-qwen3", ElementType.Float16, long.MaxValue, """
            { "architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "hidden_size": 32, "intermediate_size": 80, "num_hidden_layers": 2,
              "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 16, "hidden_act": "silu", "rms_norm_eps": 1e-06, "vocab_size": 384,
              "max_position_embeddings": 4096, "tie_word_embeddings": true, "eos_token_id": 383, "dtype": "float16",
              "rope_parameters": { "rope_type": "default", "rope_theta": 1000000.0 } }
            """),
    ];

    public void WriteTo(string folder) => CheckpointWriter.Write(folder, Config, TinyTokenizer.Files(), Tensors(), LargestShard);

    private List<TensorContent> Tensors()
    {
        using var temporary = new TemporaryFolder();
        temporary.Write("config.json", Config);
        var config = ModelConfig.Load(temporary.Path);
        int q = config.HeadCount * config.HeadSize, kv = config.KeyValueHeadCount * config.HeadSize, h = config.HiddenSize, f = config.IntermediateSize;
        var tensors = new List<TensorContent> { Random("model.embed_tokens.weight", config.VocabularySize, h), Norm("model.norm.weight", h) };
        if (!config.TiedEmbeddings)
            tensors.Add(Random("lm_head.weight", config.VocabularySize, h));
        for (var layer = 0; layer < config.LayerCount; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            tensors.AddRange([
                Norm(prefix + "input_layernorm.weight", h), Norm(prefix + "post_attention_layernorm.weight", h),
                Random(prefix + "self_attn.q_proj.weight", q, h), Random(prefix + "self_attn.k_proj.weight", kv, h),
                Random(prefix + "self_attn.v_proj.weight", kv, h), Random(prefix + "self_attn.o_proj.weight", h, q),
                Random(prefix + "mlp.gate_proj.weight", f, h), Random(prefix + "mlp.up_proj.weight", f, h), Random(prefix + "mlp.down_proj.weight", h, f)]);
            if (config.QueryKeyValueBias)
                tensors.AddRange([Random(prefix + "self_attn.q_proj.bias", q), Random(prefix + "self_attn.k_proj.bias", kv), Random(prefix + "self_attn.v_proj.bias", kv)]);
            if (config.QueryKeyNorms)
                tensors.AddRange([Norm(prefix + "self_attn.q_norm.weight", config.HeadSize), Norm(prefix + "self_attn.k_norm.weight", config.HeadSize)]);
        }

        return tensors;
    }

    private TensorContent Random(string name, params long[] shape) => Content(name, 0, shape);

    private TensorContent Norm(string name, long size) => Content(name, 1, [size]);

    /// <summary>Uniform numbers round <paramref name="middle"/>, from the tensor's name alone.</summary>
    private TensorContent Content(string name, float middle, long[] shape) => new(name, Type, [.. shape], stream =>
    {
        var random = new RandomStream(RandomStream.SeedOf(1, name));
        for (long left = shape.Aggregate(1L, (product, size) => product * size); left > 0; left--)
        {
            var value = middle + (float)((random.NextDouble() - 0.5) * 0.6);
            switch (Type)
            {
                case ElementType.Float32:
                    Write(value);
                    break;
                case ElementType.Float16:
                    Write((Half)value);
                    break;
                default:
                    Write((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
                    break;
            }
        }

        void Write<T>(T number)
            where T : unmanaged => stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in number)));
    });
}
