using GenPrm.Model.Checkpoints;
using GenPrm.Model.Cpu;
using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Transformer;

/// <summary>The decoder that Llama, Qwen2 and Qwen3 share: pre-normalized attention with rotary positions and grouped heads, and a gated
/// feed-forward block. What differs between them (biases, q/k norms, a tied head, rope scaling) the configuration says.</summary>
public sealed class DecoderModel : IDisposable
{
    private readonly IOperations operations;
    private readonly Tensor embedding;
    private readonly Layer[] layers;
    private readonly Tensor norm;
    private readonly Linear head;

    /// <param name="config">The model's shape.</param>
    /// <param name="target">Its device and number type.</param>
    /// <param name="weights">Where its weights come from, by the checkpoint's names.</param>
    /// <param name="linear">Makes its linear layers.</param>
    /// <param name="operations">What happens between them.</param>
    /// <exception cref="CheckpointException">A weight is missing or broken; what was read before it is freed.</exception>
    public DecoderModel(ModelConfig config, TorchTarget target, WeightSource weights, LinearFactory linear, IOperations operations)
    {
        Config = config;
        Target = target;
        this.operations = operations;
        using var noGrad = no_grad();
        var made = new List<IDisposable>();
        WeightSource source = (name, shape) => Made(weights(name, shape));
        LinearFactory factory = (weight, bias) => Made(linear(weight, bias));
        try
        {
            embedding = source("model.embed_tokens.weight", config.VocabularySize, config.HiddenSize);
            layers = [.. Enumerable.Range(0, config.LayerCount).Select(index => new Layer(config, $"model.layers.{index}.", source, factory))];
            norm = source("model.norm.weight", config.HiddenSize);
            head = factory(config.TiedEmbeddings ? embedding.alias().DetachFromDisposeScope() : source("lm_head.weight", config.VocabularySize, config.HiddenSize), null);
        }
        catch
        {
            // A silo tries a folder again that was not there: what was read so far must not stay in memory each time.
            foreach (var part in made)
                part.Dispose();
            throw;
        }

        T Made<T>(T part)
            where T : IDisposable
        {
            made.Add(part);
            return part;
        }
    }

    public ModelConfig Config { get; }

    public TorchTarget Target { get; }

    /// <summary>A model folder, loaded for inference: packed weights and fused passes where the target has them.</summary>
    /// <exception cref="CheckpointException">The folder is no model that this project runs.</exception>
    public static DecoderModel Load(string folder, TorchTarget target)
    {
        var config = ModelConfig.Load(folder);
        using var checkpoint = CheckpointReader.Open(folder);
        return ForInference(config, target, Weights.From(checkpoint, target));
    }

    /// <summary>With the fastest linear layers and operations for the target.</summary>
    public static DecoderModel ForInference(ModelConfig config, TorchTarget target, WeightSource weights) =>
        new(config, target, weights,
            target.Device.type == DeviceType.CPU && PackedLinear.Takes(target.Dtype) ? PackedLinear.Create : PlainLinear.Create,
            CpuPath.Operations(config, target) ?? new TorchOperations());

    /// <summary>The last layer's normalized output for every row.</summary>
    /// <param name="tokens">Token ids, [N], of 64-bit integers.</param>
    /// <param name="attention">Which sequences the rows belong to.</param>
    /// <returns>[N, hidden]</returns>
    public Tensor Hidden(Tensor tokens, IAttention attention)
    {
        var residual = embedding.index_select(0, tokens); // [N, hidden]
        var input = operations.RmsNorm(residual, layers[0].InputNorm, Config.RmsNormEpsilon);
        for (var index = 0; index < layers.Length; index++)
        {
            using var scope = NewDisposeScope();
            var layer = layers[index];
            var mixed = attention.Attend(index, layer.QueryKeyValue.Forward(input), layer.QueryNorm, layer.KeyNorm);
            var (between, normalized) = operations.AddRmsNorm(
                residual, layer.Output.Forward(mixed), layer.FeedForwardNorm, Config.RmsNormEpsilon);
            var gated = operations.SiluMultiply(layer.GateAndUp.Forward(normalized));
            var nextNorm = index + 1 < layers.Length ? layers[index + 1].InputNorm : norm;
            (var sum, input) = operations.AddRmsNorm(between, layer.Down.Forward(gated), nextNorm, Config.RmsNormEpsilon);
            input.MoveToOuterDisposeScope();
            // A sum written in place is outside already.
            if (!ReferenceEquals(sum, residual))
                residual = sum.MoveToOuterDisposeScope();
        }
        return input;
    }

    /// <summary>How likely each token is to come next, before softmax: [M, hidden] → [M, vocabulary].</summary>
    public Tensor Logits(Tensor hidden) => head.Forward(hidden);

    /// <summary>The logits after every token of one sequence, without a cache: [T] → [T, vocabulary] in f32 (f64 for a f64 model).</summary>
    public Tensor SequenceLogits(ReadOnlySpan<int> tokens)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var attention = new FullAttention(Config, 1, tokens.Length, Target.Dtype, Target.Device);
        var ids = tensor(Array.ConvertAll(tokens.ToArray(), token => (long)token), device: Target.Device);
        var logits = Logits(Hidden(ids, attention));
        return logits.to_type(Target.Dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        embedding.Dispose();
        norm.Dispose();
        head.Dispose();
        foreach (var layer in layers)
            layer.Dispose();
    }

    /// <summary>One layer's weights; projections with the same input are one linear layer.</summary>
    private sealed class Layer : IDisposable
    {
        public Layer(ModelConfig config, string prefix, WeightSource weights, LinearFactory linear)
        {
            int hidden = config.HiddenSize, inner = config.IntermediateSize;
            int queries = config.HeadCount * config.HeadSize, keys = config.KeyValueHeadCount * config.HeadSize;
            InputNorm = weights(prefix + "input_layernorm.weight", hidden);
            FeedForwardNorm = weights(prefix + "post_attention_layernorm.weight", hidden);
            if (config.QueryKeyNorms)
            {
                QueryNorm = weights(prefix + "self_attn.q_norm.weight", config.HeadSize);
                KeyNorm = weights(prefix + "self_attn.k_norm.weight", config.HeadSize);
            }
            QueryKeyValue = Joined(config.QueryKeyValueBias, hidden, ("self_attn.q_proj", queries), ("self_attn.k_proj", keys), ("self_attn.v_proj", keys));
            Output = Joined(config.AttentionOutputBias, queries, ("self_attn.o_proj", hidden));
            GateAndUp = Joined(config.FeedForwardBias, hidden, ("mlp.gate_proj", inner), ("mlp.up_proj", inner));
            Down = Joined(config.FeedForwardBias, inner, ("mlp.down_proj", hidden));

            Linear Joined(bool biased, int inputs, params (string Name, int Outputs)[] parts)
            {
                var weight = Weights.Joined([.. parts.Select(part => weights($"{prefix}{part.Name}.weight", part.Outputs, inputs))]);
                var bias = biased ? Weights.Joined([.. parts.Select(part => weights($"{prefix}{part.Name}.bias", part.Outputs))]) : null;
                return linear(weight, bias);
            }
        }

        public Tensor InputNorm { get; }

        public Tensor FeedForwardNorm { get; }

        public Tensor? QueryNorm { get; }

        public Tensor? KeyNorm { get; }

        public Linear QueryKeyValue { get; }

        public Linear Output { get; }

        public Linear GateAndUp { get; }

        public Linear Down { get; }

        public void Dispose()
        {
            InputNorm.Dispose();
            FeedForwardNorm.Dispose();
            QueryNorm?.Dispose();
            KeyNorm?.Dispose();
            QueryKeyValue.Dispose();
            Output.Dispose();
            GateAndUp.Dispose();
            Down.Dispose();
        }
    }
}
