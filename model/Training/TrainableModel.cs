using System.Collections.Immutable;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>A decoder in training: Llama, Qwen2 or Qwen3, as its configuration says.</summary>
/// <remarks>Gradients are written out by hand, block by block, so that what is kept between forward and backward is chosen and not found,
/// weights' gradients go straight to where they are summed, and the block is the unit of activation checkpointing. Not safe for
/// concurrent use.</remarks>
public sealed class TrainableModel : IDisposable
{
    private readonly TrainableWeight embedding;
    private readonly ImmutableArray<TrainableBlock> blocks;
    private readonly RmsNorm norm;
    private readonly TrainingHead head;
    private readonly double[] frequencies;

    internal TrainableModel(
        ModelConfig config, TorchTarget target, TrainableWeight embedding, ImmutableArray<TrainableBlock> blocks, RmsNorm norm, TrainingHead head, double[] frequencies)
    {
        (Config, Target, this.embedding, this.blocks, this.norm, this.head, this.frequencies) = (config, target, embedding, blocks, norm, head, frequencies);
    }

    public ModelConfig Config { get; }

    /// <summary>The device and the number type that it computes in.</summary>
    public TorchTarget Target { get; }

    /// <summary>Whether blocks keep their input alone and compute the rest again on the way back: a third more work, a fraction of the
    /// memory. The result is the same.</summary>
    public bool Checkpointing { get; set; }

    /// <summary>Whether it ends in a value head and not in the vocabulary.</summary>
    public bool HasValueHead => head is ValueHead;

    /// <summary>Every weight, frozen ones too, in the model's order.</summary>
    public IEnumerable<TrainableWeight> Weights => [embedding, .. blocks.SelectMany(block => block.Weights), norm.Weight, .. head.Weights];

    /// <summary>The weights that are trained.</summary>
    public IEnumerable<TrainableWeight> TrainedWeights => Weights.Where(weight => weight.Trained);

    internal IEnumerable<LoraAdapter> Adapters => blocks.SelectMany(block => block.Projections).SelectMany(projection => projection.Adapters);

    /// <summary>Forward and backward: adds the gradient of the summed loss times <paramref name="scale"/> to the trained weights'.</summary>
    /// <param name="batch">What to train.</param>
    /// <param name="scale">Usually 1 / trained positions of the whole optimizer step.</param>
    /// <returns>The summed loss, unscaled, in nats.</returns>
    public double Accumulate(MicroBatch batch, double scale)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Targets.IsEmpty)
            return 0;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var rotary = NewRotary(batch);
        using var layout = new AttentionLayout(batch.Lengths, Target.Device);
        var inputs = new List<Tensor>(blocks.Length + 1) { Embed(batch) };
        var kept = new List<BlockActivations?>(blocks.Length);
        foreach (var block in blocks)
        {
            var (output, activations) = block.Forward(inputs[^1], rotary, layout, differentiable: !Checkpointing);
            inputs.Add(output);
            if (Checkpointing)
                activations.Dispose();
            kept.Add(Checkpointing ? null : activations);
        }

        var (loss, gradient) = HeadGradient(inputs[^1], batch, scale);
        for (var index = blocks.Length - 1; index >= 0; index--)
        {
            inputs[index + 1].Dispose();
            using var activations = kept[index] ?? blocks[index].Again(inputs[index], rotary, layout);
            var previous = blocks[index].Backward(inputs[index], activations, rotary, gradient);
            gradient.Dispose();
            gradient = previous;
        }

        if (embedding.Trained)
            embedding.AccumulateRows(Ids(batch.Tokens), gradient);
        inputs[0].Dispose();
        gradient.Dispose();
        return loss;
    }

    /// <summary>The summed loss, without training.</summary>
    public double Loss(MicroBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Targets.IsEmpty)
            return 0;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return head.Run(LastHidden(batch), batch.Targets, scale: null).Loss;
    }

    /// <summary>The natural log probability of each target.</summary>
    /// <exception cref="InvalidOperationException">The model has a value head.</exception>
    public double[] LogProbabilities(MicroBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return head is LanguageModelHead language
            ? language.LogProbabilities(LastHidden(batch), batch.Targets)
            : throw new InvalidOperationException("a model with a value head has no token probabilities");
    }

    /// <summary>The value head's probability at each target's position.</summary>
    /// <exception cref="InvalidOperationException">The model has no value head.</exception>
    public double[] Values(MicroBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return head is ValueHead values ? values.Probabilities(LastHidden(batch)) : throw new InvalidOperationException("the model has no value head");
    }

    public void Dispose()
    {
        head.Dispose();
        norm.Dispose();
        foreach (var block in blocks)
            block.Dispose();
        embedding.Dispose();
    }

    /// <summary>The loss, the gradients of head and last norm, and the gradient of the last block's output: zero but where something
    /// is trained.</summary>
    private (double Loss, Tensor Gradient) HeadGradient(Tensor hidden, MicroBatch batch, double scale)
    {
        using var scope = NewDisposeScope();
        var positions = Positions(batch);
        var rows = hidden.index_select(0, positions);
        var (normalized, rowScale) = norm.Forward(rows);
        var (loss, headGradient) = head.Run(normalized, batch.Targets, scale);
        var gradient = zeros_like(hidden).index_copy_(0, positions, norm.Backward(rows, rowScale, headGradient!));
        headGradient!.Dispose();
        return (loss, gradient.DetachFromDisposeScope());
    }

    private Tensor LastHidden(MicroBatch batch)
    {
        using var rotary = NewRotary(batch);
        using var layout = new AttentionLayout(batch.Lengths, Target.Device);
        var hidden = Embed(batch);
        foreach (var block in blocks)
        {
            var (output, activations) = block.Forward(hidden, rotary, layout, differentiable: false);
            activations.Dispose();
            hidden.Dispose();
            hidden = output;
        }

        using var last = hidden;
        return norm.Forward(last.index_select(0, Positions(batch))).Output;
    }

    private Rotary NewRotary(MicroBatch batch) => new(frequencies, batch.Lengths, TrainableModelBuilder.MasterType(Target), Target.Device);

    private Tensor Embed(MicroBatch batch) => embedding.Compute.index_select(0, Ids(batch.Tokens)).DetachFromDisposeScope();

    private Tensor Positions(MicroBatch batch) => Ids([.. batch.Targets.Select(target => target.Position)]);

    private Tensor Ids(ImmutableArray<int> ids) => tensor(ids.Select(id => (long)id).ToArray(), device: Target.Device);
}
