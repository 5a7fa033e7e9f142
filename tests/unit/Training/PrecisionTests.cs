using GenPrm.Model.Checking;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using GenPrm.Model.Training;
using GenPrm.Model.Transformer;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Runs;
using TorchSharp;

namespace GenPrm.Tests.Unit.Training;

/// <summary>Training in bf16 over float32 masters, against training in float32; and what a long run leaves behind.</summary>
public sealed class PrecisionTests
{
    private const int Steps = 60;

    /// <summary>Head sizes for the passes written for CPUs, and for torch's own.</summary>
    [Theory]
    [InlineData(32)]
    [InlineData(24)]
    public void Training_InBf16_FollowsTheLossOfFloat32WithinTwoHundredths(int headSize)
    {
        var (wanted, actual) = (Losses("f32", headSize), Losses("bf16", headSize));

        Assert.True(wanted[^1] < 0.5 * wanted[0], $"float32 learns nothing: {wanted[0]} to {wanted[^1]}");
        // Of the first loss, at every step: bf16 has 8 bits, and its roundings grow with the steps.
        Assert.All(wanted.Zip(actual), pair => Assert.True(Math.Abs(pair.First - pair.Second) < 0.02 * wanted[0], $"{pair.First} in float32, {pair.Second} in bf16"));
    }

    [Fact]
    public void Training_OverManySteps_KeepsNoTensors()
    {
        using var model = Model("bf16", 32);
        using var optimizer = new AdamW(model.TrainedWeights, new());
        long after10 = 0;
        for (var step = 1; step <= 1000; step++)
        {
            OptimizerStep.Run(model, optimizer, Schedule, [Batch(step)], TestContext.Current.CancellationToken);
            if (step == 10)
                after10 = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        Assert.Equal(after10, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(Objective.Critique)]
    [InlineData(Objective.Scalar)]
    public async Task Run_InBf16_WritesAFolderThatModelCheckTakesAndTheRoundedMastersBitForBit(Objective objective)
    {
        using var folder = new TemporaryFolder();
        var options = new TrainingOptions
        {
            Model = Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "tiny-qwen3"),
            Out = folder.Path,
            Objective = objective,
            LearningRate = 0.01,
            BatchSize = 4,
            Steps = 3,
            HeldOutShare = 0,
            Device = "cpu",
            Dtype = "bf16",
        };
        var checkpoint = await new TrainingRun(options, Conversations.Many(16), _ => { }, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);

        var report = ModelCheck.Run(checkpoint, path => DecoderForwardPass.Load(path, TorchTarget.Parse("cpu", "f32")), TestContext.Current.CancellationToken);
        Assert.All(report.Findings, finding => Assert.True(finding.Passed, finding.ToString()));

        using var weights = CheckpointReader.Open(checkpoint);
        using var state = CheckpointReader.OpenLone(Path.Combine(checkpoint, "training", OptimizerState.File));
        Assert.Equal(objective == Objective.Scalar, weights.Tensors.ContainsKey("score.weight"));
        foreach (var tensor in weights.Tensors.Values.Where(tensor => state.Tensors.ContainsKey("master." + tensor.Name)))
        {
            using var scope = torch.NewDisposeScope();
            Assert.Equal(ElementType.BFloat16, tensor.Type);
            var masters = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(state.Read(state.Find("master." + tensor.Name, [.. tensor.Shape]))).ToArray();
            var rounded = torch.tensor(masters).to(torch.ScalarType.BFloat16).to(torch.ScalarType.Float32).data<float>().ToArray();
            Assert.Equal(rounded.Select(value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),
                System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(weights.Read(tensor)).ToArray());
        }
    }

    private static readonly LearningRateSchedule Schedule = new(ScheduleKind.Constant, 3e-3, 5, 0);

    private static double[] Losses(string dtype, int headSize)
    {
        using var model = Model(dtype, headSize);
        using var optimizer = new AdamW(model.TrainedWeights, new());
        return [.. Enumerable.Range(0, Steps).Select(step => OptimizerStep.Run(model, optimizer, Schedule, [Batch(step)], TestContext.Current.CancellationToken).Loss)];
    }

    private static TrainableModel Model(string dtype, int headSize)
    {
        var target = TorchTarget.Parse("cpu", dtype);
        var config = TinyModels.Config(Architecture.Llama) with { HiddenSize = 64, IntermediateSize = 96, HeadCount = 2, KeyValueHeadCount = 1, HeadSize = headSize };
        var random = Weights.Random(target with { Dtype = torch.ScalarType.Float32 }, seed: 7);
        return new TrainableModelBuilder(config, target, (name, shape) => random(name, shape)).Build(HeadKind.Language, _ => false);
    }

    /// <summary>Counting modulo 23 by a stride that the sequence's first tokens tell.</summary>
    private static MicroBatch Batch(int step) => MicroBatch.Pack([.. Enumerable.Range(0, 8).Select(row =>
    {
        var (start, stride, length) = ((step * 8) + row, 1 + (row % 3), 12 + (row * 3));
        return TrainingSequence.FromMask([.. Enumerable.Range(0, length).Select(at => (start + (at * stride)) % 23)], [.. Enumerable.Range(0, length).Select(at => at > 1)]);
    })]);
}
