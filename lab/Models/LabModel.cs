using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenPrm.Core.Identity;
using GenPrm.Model.Checkpoints;

namespace GenPrm.Lab.Models;

/// <summary>A Llama of the lab's size, with random weights: an ordinary Hugging Face folder, written by the product's own writer.</summary>
public sealed record LabModel
{
    public int Hidden { get; init; } = 128;

    public int Layers { get; init; } = 3;

    public int Heads { get; init; } = 4;

    public int FeedForward { get; init; } = 352;

    /// <summary>Standard deviation of random weights.</summary>
    public double Spread { get; init; } = 0.08;

    /// <summary>Rows to spare, so that the embedding has a round number of them.</summary>
    private static int Rows => (LabTokenizer.Size + 63) / 64 * 64;

    /// <summary>Writes the folder; replaces one that is there.</summary>
    /// <param name="seed">Of the weights.</param>
    public void WriteTo(string folder, ulong seed) => CheckpointWriter.Write(folder, Config().ToJsonString(new JsonSerializerOptions { WriteIndented = true }), LabTokenizer.Files(), [.. Tensors(seed)]);

    private JsonObject Config() => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["model_type"] = "llama",
        ["hidden_size"] = Hidden,
        ["intermediate_size"] = FeedForward,
        ["num_hidden_layers"] = Layers,
        ["num_attention_heads"] = Heads,
        ["num_key_value_heads"] = Heads,
        ["hidden_act"] = "silu",
        ["attention_bias"] = false,
        ["mlp_bias"] = false,
        ["rms_norm_eps"] = 1e-5,
        ["rope_theta"] = 10000.0,
        ["max_position_embeddings"] = 1024,
        ["tie_word_embeddings"] = true,
        ["initializer_range"] = Spread,
        ["bos_token_id"] = null,
        ["eos_token_id"] = LabTokenizer.EndId,
        ["pad_token_id"] = LabTokenizer.PaddingId,
        ["torch_dtype"] = "float32",
        ["vocab_size"] = Rows,
    };

    private IEnumerable<TensorContent> Tensors(ulong seed)
    {
        yield return Normal("model.embed_tokens.weight", seed, 1, Rows, Hidden);
        yield return Ones("model.norm.weight");
        // What a layer adds to the stream begins smaller, the more layers add to it.
        var output = 1 / Math.Sqrt(2 * Layers);
        for (var layer = 0; layer < Layers; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            yield return Ones(prefix + "input_layernorm.weight");
            yield return Ones(prefix + "post_attention_layernorm.weight");
            foreach (var name in new[] { "q_proj", "k_proj", "v_proj" })
                yield return Normal($"{prefix}self_attn.{name}.weight", seed, 1, Hidden, Hidden);
            yield return Normal(prefix + "self_attn.o_proj.weight", seed, output, Hidden, Hidden);
            yield return Normal(prefix + "mlp.gate_proj.weight", seed, 1, FeedForward, Hidden);
            yield return Normal(prefix + "mlp.up_proj.weight", seed, 1, FeedForward, Hidden);
            yield return Normal(prefix + "mlp.down_proj.weight", seed, output, Hidden, FeedForward);
        }
    }

    private TensorContent Ones(string name) => new(name, ElementType.Float32, [Hidden], stream =>
    {
        for (var i = 0; i < Hidden; i++)
            Write(stream, 1);
    });

    /// <summary>Normal numbers from the tensor's name and the seed alone, by Box and Muller.</summary>
    private TensorContent Normal(string name, ulong seed, double scale, params ImmutableArray<long> shape) => new(name, ElementType.Float32, shape, stream =>
    {
        var random = new RandomStream(RandomStream.SeedOf(seed, $"weights/{name}"));
        for (var left = shape.Aggregate(1L, (product, size) => product * size); left > 0; left--)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            Write(stream, (float)(Spread * scale * radius * Math.Cos(2 * Math.PI * random.NextDouble())));
        }
    });

    private static void Write(Stream stream, float number) => stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<float>(in number)));
}
