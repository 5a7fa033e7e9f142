using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>One decoder block: attention and feed-forward, each behind a norm and beside the residual stream; its gradient written out.</summary>
/// <remarks>Between forward and backward it keeps the residual stream at both norms, the projections' outputs and what attention keeps;
/// norms' and gates' outputs are computed again, which is cheaper than their memory.</remarks>
internal sealed class TrainableBlock : IDisposable
{
    private readonly ModelConfig config;
    private readonly ITrainingOperations operations;

    public TrainableBlock(ModelConfig config, ITrainingOperations operations) => (this.config, this.operations) = (config, operations);

    public required RmsNorm InputNorm { get; init; }

    public required Projection QueryKeyValue { get; init; }

    /// <summary>Null where the family has none.</summary>
    public required RmsNorm? QueryNorm { get; init; }

    public required RmsNorm? KeyNorm { get; init; }

    public required Projection AttentionOutput { get; init; }

    public required RmsNorm PostNorm { get; init; }

    public required Projection GateUp { get; init; }

    public required Projection Down { get; init; }

    public IEnumerable<Projection> Projections => [QueryKeyValue, AttentionOutput, GateUp, Down];

    public IEnumerable<TrainableWeight> Weights =>
    [
        InputNorm.Weight, .. QueryKeyValue.Weights, .. QueryNorm is null ? [] : (TrainableWeight[])[QueryNorm.Weight, KeyNorm!.Weight],
        .. AttentionOutput.Weights, PostNorm.Weight, .. GateUp.Weights, .. Down.Weights,
    ];

    /// <param name="x">[T, hidden]</param>
    /// <param name="rotary">The positions.</param>
    /// <param name="layout">The sequences.</param>
    /// <param name="differentiable">Whether <see cref="Backward"/> will be called with what is kept.</param>
    /// <returns>The residual stream behind the block, which belongs to the caller, and what is kept.</returns>
    public (Tensor Output, BlockActivations Kept) Forward(Tensor x, Rotary rotary, AttentionLayout layout, bool differentiable)
    {
        using var scope = NewDisposeScope();
        var (normalized, inputScale) = InputNorm.Forward(x);
        var heads = QueryKeyValue.Forward(normalized).view(x.shape[0], -1, config.HeadSize); // [T, H + 2·G, D]
        var (rotated, queryScale, keyScale) = Rotate(heads, rotary); // [T, H + G or more, D]
        var attention = operations.Attend(
            rotated.narrow(1, 0, config.HeadCount),
            rotated.narrow(1, config.HeadCount, config.KeyValueHeadCount),
            heads.narrow(1, config.HeadCount + config.KeyValueHeadCount, config.KeyValueHeadCount),
            layout,
            differentiable);
        var middle = AttentionOutput.Forward(attention.Output).AddInPlace(x);
        var (postNormalized, postScale) = PostNorm.Forward(middle);
        var gateUp = GateUp.Forward(postNormalized);
        var output = Down.Forward(operations.SwiGlu(gateUp)).AddInPlace(middle);
        var kept = new BlockActivations(attention, inputScale, QueryNorm is null ? null : heads, queryScale, keyScale, middle, postScale, gateUp);
        return (output.DetachFromDisposeScope(), kept);
    }

    /// <summary>What <see cref="Backward"/> needs, computed again from the block's input.</summary>
    public BlockActivations Again(Tensor x, Rotary rotary, AttentionLayout layout)
    {
        var (output, kept) = Forward(x, rotary, layout, differentiable: true);
        output.Dispose();
        return kept;
    }

    /// <summary>Accumulates the gradients of all trained weights.</summary>
    /// <returns>The gradient of <paramref name="x"/>, which belongs to the caller.</returns>
    public Tensor Backward(Tensor x, BlockActivations kept, Rotary rotary, Tensor outputGradient)
    {
        using var scope = NewDisposeScope();
        var gateUpGradient = operations.SwiGluGradient(kept.GateUp, Down.Backward(operations.SwiGlu(kept.GateUp), outputGradient));
        var postGradient = GateUp.Backward(PostNorm.Again(kept.Middle, kept.PostScale), gateUpGradient);
        var middleGradient = PostNorm.Backward(kept.Middle, kept.PostScale, postGradient, residual: outputGradient);

        var rotatedGradient = kept.Attention.Backward(AttentionOutput.Backward(kept.Attention.Output, middleGradient));
        var headsGradient = RotateBack(kept, rotary, rotatedGradient).view(x.shape[0], -1);
        var inputGradient = QueryKeyValue.Backward(InputNorm.Again(x, kept.InputScale), headsGradient);
        return InputNorm.Backward(x, kept.InputScale, inputGradient, residual: middleGradient).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        InputNorm.Dispose();
        QueryKeyValue.Dispose();
        QueryNorm?.Dispose();
        KeyNorm?.Dispose();
        AttentionOutput.Dispose();
        PostNorm.Dispose();
        GateUp.Dispose();
        Down.Dispose();
    }

    /// <summary>Queries and keys first among heads [T, .., D], normalized where the family does that, and rotated. Without norms the heads
    /// are rotated where they are.</summary>
    private (Tensor Rotated, Tensor? QueryScale, Tensor? KeyScale) Rotate(Tensor heads, Rotary rotary)
    {
        var (rotated, queryScale, keyScale) = (heads, (Tensor?)null, (Tensor?)null);
        if (QueryNorm is not null)
        {
            (var queries, queryScale) = QueryNorm.Forward(heads.narrow(1, 0, config.HeadCount));
            (var keys, keyScale) = KeyNorm!.Forward(heads.narrow(1, config.HeadCount, config.KeyValueHeadCount));
            rotated = cat([queries, keys], 1);
        }

        operations.Rotate(rotated, config.HeadCount + config.KeyValueHeadCount, rotary, sign: 1);
        return (rotated, queryScale, keyScale);
    }

    /// <summary>The gradient of all heads [T, H + 2·G, D] before norm and rotation, from that behind them, which is turned in place.</summary>
    private Tensor RotateBack(BlockActivations kept, Rotary rotary, Tensor gradient)
    {
        operations.Rotate(gradient, config.HeadCount + config.KeyValueHeadCount, rotary, sign: -1);
        if (QueryNorm is null)
            return gradient;
        var (own, between) = (config.HeadCount, config.KeyValueHeadCount);
        return cat(
            [
                QueryNorm.Backward(kept.Heads!.narrow(1, 0, own), kept.QueryScale!, gradient.narrow(1, 0, own)),
                KeyNorm!.Backward(kept.Heads.narrow(1, own, between), kept.KeyScale!, gradient.narrow(1, own, between)),
                gradient.narrow(1, own + between, between),
            ],
            1);
    }
}
