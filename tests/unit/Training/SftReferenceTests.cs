using GenPrm.Model.Torch;
using GenPrm.Model.Training;

namespace GenPrm.Tests.Unit.Training;

/// <summary>Training reproduces the recorded runs under <c>sft-reference</c>, in float32.</summary>
public sealed class SftReferenceTests
{
    public static TheoryData<string> Folders() => SftReference.Folders();

    [Theory]
    [MemberData(nameof(Folders))]
    public void Training_Packed_ReproducesTheReference(string folder) => Reproduce(folder, padded: false, checkpointing: false);

    [Theory]
    [MemberData(nameof(Folders))]
    public void Training_PaddedWithCheckpointing_ReproducesTheReference(string folder) => Reproduce(folder, padded: true, checkpointing: true);

    private static void Reproduce(string name, bool padded, bool checkpointing)
    {
        var reference = SftReference.Load(name);
        var lora = reference.AdapterFolder is { } adapter ? PeftAdapter.ReadOptions(adapter) : null;
        using var model = TrainableModelBuilder.Load(reference.ModelFolder, TorchTarget.Parse("cpu", "f32"), HeadKind.Language, lora, reference.AdapterFolder);
        model.Checkpointing = checkpointing;
        using var optimizer = new AdamW(model.TrainedWeights, reference.Optimizer);
        foreach (var step in reference.Steps)
        {
            var batches = SftReference.MicroBatches(step).Select(batch => MicroBatch.Pack(padded ? Padded(batch) : batch)).ToList();

            var report = OptimizerStep.Run(model, optimizer, reference.Schedule, batches, TestContext.Current.CancellationToken);

            Assert.Equal(step.GetProperty("trained_tokens").GetInt64(), report.TrainedPositions);
            Assert.Equal(step.GetProperty("lr").GetDouble(), report.LearningRate, 1e-12);
            Assert.Equal(step.GetProperty("loss").GetDouble(), report.Loss, 1e-4);
            Assert.Equal(1, report.GradientNorm / step.GetProperty("grad_norm").GetDouble(), 1e-4);
        }

        var expected = reference.ProbeLogProbabilities;
        var actual = model.LogProbabilities(reference.Probe());
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    }

    private static IReadOnlyList<TrainingSequence> Padded(IReadOnlyList<TrainingSequence> sequences)
    {
        var longest = sequences.Max(sequence => sequence.Tokens.Length);
        return [.. sequences.Select(sequence => sequence.PadTo(longest, token: 0))];
    }
}
