using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using GenPrm.Model.Training;
using TorchSharp;

namespace GenPrm.Tests.Unit.Training;

/// <summary>The gradients written by hand are those of the loss: in float64, each weight's against central differences of the loss.</summary>
public sealed class GradientTests
{
    public static TheoryData<Architecture, HeadKind, bool> Models() => new()
    {
        { Architecture.Llama, HeadKind.Language, false },
        { Architecture.Qwen2, HeadKind.Language, false },
        { Architecture.Qwen3, HeadKind.Language, false },
        { Architecture.Qwen3, HeadKind.Value, false },
        { Architecture.Qwen2, HeadKind.Language, true },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Gradient_OfEveryWeight_IsTheSlopeOfTheLoss(Architecture architecture, HeadKind head, bool lora)
    {
        using var model = TinyModels.Create(architecture, "f64", head, lora ? new LoraOptions { Rank = 2, Alpha = 4 } : null);
        if (lora || head == HeadKind.Value)
            Disturb(model);
        var batch = TinyModels.Batch(binary: head == HeadKind.Value);
        const double Scale = 0.25;

        // Twice, so that sums over micro-batches are seen too.
        model.Accumulate(batch, Scale);
        model.Accumulate(batch, Scale);

        foreach (var weight in model.TrainedWeights)
        {
            var gradient = weight.Gradient!.clone();
            var norm = gradient.norm().Number();
            var direction = gradient.Times(1 / Math.Max(norm, 1e-300));
            const double Step = 1e-5;
            var slope = (LossAt(model, weight, direction, Step, batch) - LossAt(model, weight, direction, -Step, batch)) / (2 * Step) * 2 * Scale;
            Assert.True(norm > 1e-6, $"{weight.Parts[0].Name} has no gradient");
            Assert.True(Math.Abs((slope / norm) - 1) < 1e-5, $"{weight.Parts[0].Name}: slope {slope}, norm of the gradient {norm}");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Gradient_WithCheckpointing_IsTheSame(Architecture architecture, HeadKind head, bool lora)
    {
        var options = lora ? new LoraOptions { Rank = 2, Alpha = 4 } : null;
        using var kept = TinyModels.Create(architecture, "f32", head, options);
        using var again = TinyModels.Create(architecture, "f32", head, options);
        again.Checkpointing = true;
        var batch = TinyModels.Batch(binary: head == HeadKind.Value);

        Assert.Equal(kept.Accumulate(batch, 1), again.Accumulate(batch, 1));

        Assert.All(kept.TrainedWeights.Zip(again.TrainedWeights), pair => Assert.True(pair.First.Gradient!.equal(pair.Second.Gradient!).all().item<bool>(), pair.First.Parts[0].Name));
    }

    [Theory]
    [InlineData("f64", Architecture.Llama, 1e-12)]
    [InlineData("f64", Architecture.Qwen3, 1e-12)]
    public void Gradient_OfSequencesOfManyLengthsTogether_IsTheSumOfEachAlone(string type, Architecture architecture, double tolerance)
    {
        using var together = TinyModels.Create(architecture, type);
        using var apart = TinyModels.Create(architecture, type);
        var stream = new GenPrm.Core.Identity.RandomStream(9);
        var sequences = ((int[])[40, 3, 64, 1, 5, 33, 64, 90, 12]).Select(length =>
            TrainingSequence.FromMask([.. Enumerable.Range(0, length).Select(_ => stream.NextInt32(23))], [.. Enumerable.Repeat(true, length)])).ToList();

        var loss = together.Accumulate(MicroBatch.Pack(sequences), 1);
        var losses = sequences.Sum(sequence => apart.Accumulate(MicroBatch.Pack([sequence]), 1));

        Assert.Equal(1, loss / losses, tolerance);
        Assert.All(together.TrainedWeights.Zip(apart.TrainedWeights), pair =>
            Assert.True((pair.First.Gradient! - pair.Second.Gradient!).norm().Number() <= tolerance * pair.First.Gradient!.norm().Number(), pair.First.Parts[0].Name));
    }

    private static double LossAt(TrainableModel model, TrainableWeight weight, torch.Tensor direction, double distance, MicroBatch batch)
    {
        using var noGradient = torch.no_grad();
        var before = weight.Master!.clone();
        weight.Master.AddInPlace(direction, distance);
        weight.Publish();
        var loss = model.Loss(batch);
        weight.Master.copy_(before);
        weight.Publish();
        return loss;
    }

    /// <summary>An adapter begins with B at zero, a value head with zeros, and what comes before them then has no gradient: move them away from there.</summary>
    private static void Disturb(TrainableModel model)
    {
        using var noGradient = torch.no_grad();
        foreach (var weight in model.TrainedWeights)
            weight.Master!.AddInPlace(0.1);
    }
}
