using System.Collections.Immutable;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using GenPrm.Model.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>What a model ends in.</summary>
public enum HeadKind
{
    /// <summary>The vocabulary: generative process reward models.</summary>
    Language,

    /// <summary>A scalar: the discriminative baseline (eq. 2).</summary>
    Value,
}

/// <summary>Lays a checkpoint's weights out for training.</summary>
/// <param name="config">What the model is.</param>
/// <param name="target">Where, and in which type to compute. Masters are float32 (float64 for a target of float64).</param>
/// <param name="source">Gives each weight of the checkpoint, in the masters' type.</param>
/// <param name="lora">Null to train every weight.</param>
/// <param name="adapter">Gives the weights of an adapter that is already there; null to start one.</param>
/// <param name="seed">Of new weights: the adapter's A.</param>
/// <param name="frozen">Whether nothing is trained: the model is there to be asked, and takes a fraction of the memory.</param>
public sealed class TrainableModelBuilder(
    ModelConfig config, TorchTarget target, WeightSource source, LoraOptions? lora = null, WeightSource? adapter = null, long seed = 0, bool frozen = false)
{
    private readonly ScalarType full = MasterType(target);
    private readonly ITrainingOperations operations = ITrainingOperations.For(config, target);

    /// <summary>A value head's weight [1, hidden] among the checkpoint's tensors: a folder that has it is a scalar model's.</summary>
    public const string ScoreWeight = "score.weight";

    /// <summary>The type of master weights for a target.</summary>
    public static ScalarType MasterType(TorchTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
    }

    /// <summary>Reads a model folder.</summary>
    /// <exception cref="CheckpointException">A file is missing or broken, or the model is of an unknown kind.</exception>
    public static TrainableModel Load(
        string folder, TorchTarget target, HeadKind head = HeadKind.Language, LoraOptions? lora = null, string? adapterFolder = null, long seed = 0, bool frozen = false)
    {
        NativeTorch.EnsureLoaded();
        using var reader = CheckpointReader.Open(folder);
        var masters = target with { Dtype = MasterType(target) };
        using var adapterFile = adapterFolder is null ? null : PeftAdapter.OpenWeights(adapterFolder);
        var adapter = adapterFile is null ? null : Weights.From(adapterFile, masters);
        return new TrainableModelBuilder(ModelConfig.Load(folder), target, Weights.From(reader, masters), lora, adapter, seed, frozen).Build(head, reader.Tensors.ContainsKey);
    }

    /// <param name="head">What it ends in.</param>
    /// <param name="has">Whether the source has a weight of this name: a value head is read where there is one, and else begins at 0.</param>
    /// <exception cref="CheckpointException">A frozen model is to end in a value head, and there is none.</exception>
    public TrainableModel Build(HeadKind head, Func<string, bool> has)
    {
        ArgumentNullException.ThrowIfNull(has);
        lora?.Validate();
        if (lora is { Rank: var rank } && rank > config.HiddenSize)
            throw new TrainingException($"--lora {rank}: the model's hidden size is {config.HiddenSize}, and no change of a projection has a greater rank");
        if (frozen && head == HeadKind.Value && !has(ScoreWeight))
            throw new CheckpointException($"the model has no value head ({ScoreWeight}); `genprm train --objective scalar` gives it one");
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var generator = new Generator((ulong)seed, CPU);
        var embedding = Weight(config.VocabularySize, "model.embed_tokens.weight");
        var blocks = Enumerable.Range(0, config.LayerCount).Select(index => Block(index, generator)).ToImmutableArray();
        var norm = Norm("model.norm.weight", config.HiddenSize);
        TrainingHead last = head switch
        {
            HeadKind.Value => new ValueHead(NewScore(has, ScoreWeight, 1, config.HiddenSize), NewScore(has, "score.bias", 1)),
            _ when config.TiedEmbeddings => new LanguageModelHead(embedding, operations, owned: false),
            _ => new LanguageModelHead(Weight(config.VocabularySize, "lm_head.weight"), operations, owned: true),
        };
        return new(config, target, embedding, blocks, norm, last, Rope.Frequencies(config));
    }

    private TrainableBlock Block(int index, Generator generator)
    {
        var block = $"model.layers.{index}.";
        var (attention, feedForward) = (block + "self_attn.", block + "mlp.");
        var heads = config.HeadCount * config.HeadSize;
        var keyValues = config.KeyValueHeadCount * config.HeadSize;
        return new(config, operations)
        {
            InputNorm = Norm(block + "input_layernorm.weight", config.HiddenSize),
            QueryKeyValue = Fused(
                generator, attention, config.HiddenSize, config.QueryKeyValueBias, ("q_proj", heads), ("k_proj", keyValues), ("v_proj", keyValues)),
            QueryNorm = config.QueryKeyNorms ? Norm(attention + "q_norm.weight", config.HeadSize) : null,
            KeyNorm = config.QueryKeyNorms ? Norm(attention + "k_norm.weight", config.HeadSize) : null,
            AttentionOutput = Fused(generator, attention, heads, config.AttentionOutputBias, ("o_proj", config.HiddenSize)),
            PostNorm = Norm(block + "post_attention_layernorm.weight", config.HiddenSize),
            GateUp = Fused(
                generator, feedForward, config.HiddenSize, config.FeedForwardBias, ("gate_proj", config.IntermediateSize), ("up_proj", config.IntermediateSize)),
            Down = Fused(generator, feedForward, config.IntermediateSize, config.FeedForwardBias, ("down_proj", config.HiddenSize)),
        };
    }

    private RmsNorm Norm(string name, long size) => new(New([new(name, 0, size)], source(name, size)), config.RmsNormEpsilon, operations);

    private TrainableWeight Weight(long rows, string name) => New([new(name, 0, rows)], source(name, rows, config.HiddenSize));

    /// <summary>Several projections of one input, their rows one after another.</summary>
    private Projection Fused(Generator generator, string prefix, long inputs, bool biased, params (string Name, long Size)[] parts)
    {
        var starts = parts.Select((_, index) => parts.Take(index).Sum(part => part.Size)).ToArray();
        TrainableWeight Join(string suffix, Func<(string Name, long Size), Tensor> read) => New(
            [.. parts.Select((part, index) => new WeightPart(prefix + part.Name + suffix, starts[index], part.Size))],
            Weights.Joined([.. parts.Select(read)]));
        return new(
            Join(".weight", part => source($"{prefix}{part.Name}.weight", part.Size, inputs)),
            biased ? Join(".bias", part => source($"{prefix}{part.Name}.bias", part.Size)) : null,
            [.. parts.Select((part, index) => (part, Start: starts[index])).Where(row => lora?.Targets.Contains(row.part.Name) == true)
                .Select(row => Adapter(generator, prefix + row.part.Name, inputs, row.part.Size, row.Start))]);
    }

    private LoraAdapter Adapter(Generator generator, string module, long inputs, long outputs, long start)
    {
        var (down, up) = (PeftAdapter.DownName(module), PeftAdapter.UpName(module));
        var rank = lora!.Rank;
        // PEFT's own start: A as a linear layer's weights (uniform within 1 / sqrt(inputs)), B zero, so that the model begins unchanged.
        var values = adapter is null
            ? rand([rank, inputs], generator: generator).MultiplyInPlace(2).AddInPlace(-1).MultiplyInPlace(1 / Math.Sqrt(inputs)).to(full, target.Device).DetachFromDisposeScope()
            : adapter(down, rank, inputs);
        return new(
            module,
            new([new(down, 0, rank)], values, target.Dtype, trained: true),
            new([new(up, 0, outputs)], adapter?.Invoke(up, outputs, rank) ?? zeros([outputs, rank], full, target.Device).DetachFromDisposeScope(), target.Dtype, trained: true),
            lora.Scale,
            start);
    }

    private TrainableWeight NewScore(Func<string, bool> has, string name, params long[] shape) => new(
        [new(name, 0, shape[0])],
        has(name) ? source(name, shape) : zeros(shape, full, target.Device).DetachFromDisposeScope(),
        target.Dtype,
        trained: !frozen);

    private TrainableWeight New(ImmutableArray<WeightPart> parts, Tensor values) => new(parts, values, target.Dtype, trained: lora is null && !frozen);
}
