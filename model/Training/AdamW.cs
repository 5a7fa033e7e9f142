using System.Collections.Immutable;
using GenPrm.Model.Cpu;
using GenPrm.Model.Torch;
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
        return Math.Sqrt(states.Sum(state => SquaredNorm(state.Weight)));
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

    private static double SquaredNorm(TrainableWeight weight)
    {
        if (CpuAdamW.Runs(weight.Master!, weight.Compute))
            return CpuAdamW.SquaredNorm(weight.Gradient!);
        using var norm = weight.Gradient!.norm();
        return Math.Pow(norm.Number(), 2);
    }

    private void Update(State state, double learningRate, double scale)
    {
        var (weight, gradient) = (state.Weight.Master!, state.Weight.Gradient!);
        var (correction1, correction2) = (1 - Math.Pow(Options.Beta1, Step), 1 - Math.Pow(Options.Beta2, Step));
        if (CpuAdamW.Runs(weight, state.Weight.Compute))
        {
            CpuAdamW.Update(weight, gradient, state.First, state.Second, state.Weight.Compute, new(
                (float)scale, (float)Options.Beta1, (float)Options.Beta2, (float)(1 - (learningRate * Options.WeightDecay)),
                (float)(learningRate / correction1), (float)(1 / Math.Sqrt(correction2)), (float)Options.Epsilon));
            return;
        }

        using var scope = NewDisposeScope();
        if (scale < 1)
            gradient.MultiplyInPlace(scale);
        state.First.MultiplyInPlace(Options.Beta1).AddInPlace(gradient, 1 - Options.Beta1);
        state.Second.MultiplyInPlace(Options.Beta2).AddProductInPlace(gradient, gradient, 1 - Options.Beta2);
        var deviation = state.Second.sqrt().DivideInPlace(Math.Sqrt(correction2)).AddInPlace(Options.Epsilon);
        if (Options.WeightDecay != 0)
            weight.MultiplyInPlace(1 - (learningRate * Options.WeightDecay));
        weight.AddQuotientInPlace(state.First, deviation, -learningRate / correction1);
        state.Weight.Publish();
    }

    private sealed record State(TrainableWeight Weight, Tensor First, Tensor Second);
}
