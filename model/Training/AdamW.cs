using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>Settings of <see cref="AdamW"/>.</summary>
public sealed record AdamWOptions
{
    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.95;

    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Taken off every trained tensor, times the learning rate, at each step.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Gradients of a greater norm, over all weights together, are scaled down to it; 0 for no limit.</summary>
    public double MaxGradientNorm { get; init; } = 1;
}

/// <summary>AdamW with decoupled decay (Loshchilov and Hutter 2019) over the master weights.</summary>
public sealed class AdamW : IDisposable
{
    // Elements that are updated together: five such slices in float32 stay in a core's share of the cache.
    private const long Slice = 1 << 17;

    private readonly ImmutableArray<State> states;

    public AdamW(IEnumerable<TrainableWeight> weights, AdamWOptions options)
    {
        Options = options;
        states = [.. weights.Select(weight => new State(
            weight, zeros_like(weight.Master!).DetachFromDisposeScope(), zeros_like(weight.Master!).DetachFromDisposeScope()))];
    }

    public AdamWOptions Options { get; }

    /// <summary>Updates made so far.</summary>
    public long Step { get; set; }

    /// <summary>Both moments of each weight, under the names of its parts joined.</summary>
    public IEnumerable<(TrainableWeight Weight, Tensor First, Tensor Second)> Moments => states.Select(state => (state.Weight, state.First, state.Second));

    /// <summary>The Euclidean norm of all gradients together.</summary>
    public double GradientNorm()
    {
        using var noGradient = no_grad();
        var sum = 0.0;
        foreach (var state in states)
        {
            using var norm = state.Weight.Gradient!.norm();
            sum += Math.Pow(norm.to(ScalarType.Float64).ToDouble(), 2);
        }

        return Math.Sqrt(sum);
    }

    /// <summary>One update of every trained weight; clears the gradients.</summary>
    /// <param name="learningRate">Of this update.</param>
    /// <param name="gradientNorm">As <see cref="GradientNorm"/> gave it, for clipping.</param>
    public void Update(double learningRate, double gradientNorm)
    {
        using var noGradient = no_grad();
        Step++;
        var scale = Options.MaxGradientNorm > 0 ? Math.Min(1, Options.MaxGradientNorm / (gradientNorm + 1e-6)) : 1;
        foreach (var state in states)
        {
            Update(state, learningRate, scale);
            state.Weight.Publish();
            state.Weight.ClearGradient();
        }
    }

    public void Dispose()
    {
        foreach (var state in states)
        {
            state.First.Dispose();
            state.Second.Dispose();
        }
    }

    private void Update(State state, double learningRate, double scale)
    {
        using var scope = NewDisposeScope();
        var (weights, gradients, firsts, seconds) = (
            state.Weight.Master!.view(-1), state.Weight.Gradient!.view(-1), state.First.view(-1), state.Second.view(-1));
        var (correction1, correction2) = (1 - Math.Pow(Options.Beta1, Step), 1 - Math.Pow(Options.Beta2, Step));
        var slice = weights.device_type == DeviceType.CPU ? Slice : weights.numel();
        for (long start = 0; start < weights.numel(); start += slice)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(slice, weights.numel() - start);
            var gradient = gradients.narrow(0, start, count);
            var (weight, first, second) = (weights.narrow(0, start, count), firsts.narrow(0, start, count), seconds.narrow(0, start, count));
            if (scale < 1)
                gradient.mul_(scale);
            first.mul_(Options.Beta1).add_(gradient, 1 - Options.Beta1);
            second.mul_(Options.Beta2).addcmul_(gradient, gradient, 1 - Options.Beta2);
            var deviation = second.sqrt().div_(Math.Sqrt(correction2)).add_(Options.Epsilon);
            if (Options.WeightDecay != 0)
                weight.mul_(1 - (learningRate * Options.WeightDecay));
            weight.addcdiv_(first, deviation, -learningRate / correction1);
        }
    }

    private sealed record State(TrainableWeight Weight, Tensor First, Tensor Second);
}
