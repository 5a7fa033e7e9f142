using System.Collections.Immutable;
using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>What turns the last hidden states of trained positions into a loss and its gradient.</summary>
internal abstract class TrainingHead : IDisposable
{
    /// <summary>The weights that belong to the head alone.</summary>
    public abstract IEnumerable<TrainableWeight> Weights { get; }

    /// <summary>The summed loss of some positions.</summary>
    /// <param name="hidden">[R, hidden], normalized, in the computing type.</param>
    /// <param name="targets">One a row.</param>
    /// <param name="scale">The gradient is that of the loss times this; null to take the loss alone.</param>
    /// <returns>The loss, unscaled, and the gradient of <paramref name="hidden"/>.</returns>
    public abstract (double Loss, Tensor? Gradient) Run(Tensor hidden, ImmutableArray<TrainedPosition> targets, double? scale);

    public abstract void Dispose();

    /// <summary>The type that probabilities are computed in.</summary>
    internal static ScalarType Full(ScalarType dtype) => dtype == ScalarType.Float64 ? dtype : ScalarType.Float32;
}

/// <summary>The output layer over the vocabulary and its cross entropy. Logits exist for a few rows at a time and are never kept: the
/// gradient is taken on the spot.</summary>
/// <param name="weight">[V, hidden]; the embedding itself where they are tied.</param>
/// <param name="operations">The passes between matrix products.</param>
/// <param name="owned">Whether the weight belongs to the head.</param>
internal sealed class LanguageModelHead(TrainableWeight weight, ITrainingOperations operations, bool owned) : TrainingHead
{
    // Full-precision logits of a chunk stay near this size: large enough for matrix products, small beside the model.
    private const long ChunkBytes = 128L << 20;

    // A chunk's logits, in memory that stays: fresh pages cost a CPU as much as the softmax.
    private Tensor? scratch;

    public override IEnumerable<TrainableWeight> Weights => owned ? [weight] : [];

    public override (double Loss, Tensor? Gradient) Run(Tensor hidden, ImmutableArray<TrainedPosition> targets, double? scale)
    {
        using var scope = NewDisposeScope();
        var gradient = scale is null ? null : empty_like(hidden);
        var loss = 0.0;
        foreach (var (start, count) in Chunks(hidden))
        {
            using var chunk = NewDisposeScope();
            var rows = hidden.narrow(0, start, count);
            var logits = Logits(rows);
            loss += operations.CrossEntropy(logits, targets.AsSpan().Slice((int)start, (int)count), scale);
            if (gradient is null)
                continue;
            gradient.narrow(0, start, count).copy_(logits.matmul(weight.Compute));
            if (weight.Trained)
                weight.AccumulateProduct(logits, rows);
        }

        return (loss, gradient?.DetachFromDisposeScope());
    }

    /// <summary>The log probability of each wanted token.</summary>
    public double[] LogProbabilities(Tensor hidden, ImmutableArray<TrainedPosition> targets)
    {
        using var scope = NewDisposeScope();
        var ids = tensor(targets.Select(target => (long)target.Target).ToArray(), device: hidden.device).unsqueeze(1);
        var result = new List<double>(targets.Length);
        foreach (var (start, count) in Chunks(hidden))
        {
            using var chunk = NewDisposeScope();
            var chosen = LogProbabilities(hidden.narrow(0, start, count)).gather(1, ids.narrow(0, start, count));
            result.AddRange(chosen.to(ScalarType.Float64, CPU).data<double>());
        }

        return [.. result];
    }

    public override void Dispose()
    {
        scratch?.Dispose();
        if (owned)
            weight.Dispose();
    }

    /// <summary>[R, V], until the next call.</summary>
    private Tensor Logits(Tensor rows)
    {
        var count = rows.shape[0];
        if (scratch is null || scratch.shape[0] < count)
        {
            scratch?.Dispose();
            scratch = null;
            scratch = empty([count, weight.Compute.shape[0]], rows.dtype, rows.device).DetachFromDisposeScope();
        }

        return scratch.narrow(0, 0, count).addmm_(rows, weight.Compute.t(), beta: 0, alpha: 1);
    }

    private Tensor LogProbabilities(Tensor rows)
    {
        var logits = Logits(rows);
        return logits.to(Full(logits.dtype)).log_softmax(-1);
    }

    private IEnumerable<(long Start, long Count)> Chunks(Tensor hidden)
    {
        var most = ChunkBytes / (4 * weight.Compute.shape[0]);
        var rows = most >= 256 ? most / 256 * 256 : Math.Max(16, most / 16 * 16);
        for (long start = 0; start < hidden.shape[0]; start += rows)
            yield return (start, Math.Min(rows, hidden.shape[0] - start));
    }
}

/// <summary>A scalar a position, <c>p = sigmoid(w · h + b)</c>, trained by binary cross entropy (eq. 2: the discriminative process reward
/// model).</summary>
/// <param name="weight">[1, hidden], the checkpoint's <c>score.weight</c>.</param>
/// <param name="bias">[1], <c>score.bias</c>.</param>
internal sealed class ValueHead(TrainableWeight weight, TrainableWeight bias) : TrainingHead
{
    public override IEnumerable<TrainableWeight> Weights => [weight, bias];

    public override (double Loss, Tensor? Gradient) Run(Tensor hidden, ImmutableArray<TrainedPosition> targets, double? scale)
    {
        using var scope = NewDisposeScope();
        var labels = tensor(targets.Select(target => (double)target.Target).ToArray(), device: hidden.device).unsqueeze(1);
        var scores = Scores(hidden);
        var loss = nn.functional.binary_cross_entropy_with_logits(scores, labels, reduction: nn.Reduction.Sum).Number();
        if (scale is not { } factor)
            return (loss, null);
        var scoreGradient = scores.sigmoid().sub_(labels).MultiplyInPlace(factor).to(hidden.dtype);
        weight.AccumulateProduct(scoreGradient, hidden);
        bias.Accumulate(scoreGradient.sum(dim: 0, type: bias.Master!.dtype));
        return (loss, scoreGradient.matmul(weight.Compute).DetachFromDisposeScope());
    }

    /// <summary>The probability that each position's step is right.</summary>
    public double[] Probabilities(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return [.. Scores(hidden).sigmoid().cpu().data<double>()];
    }

    public override void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
    }

    private Tensor Scores(Tensor hidden) => nn.functional.linear(hidden, weight.Compute, bias.Compute).to(ScalarType.Float64);
}
