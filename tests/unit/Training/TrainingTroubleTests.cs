using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using GenPrm.Model.Training;
using GenPrm.Trainer.Runs;
using TorchSharp;
using static GenPrm.Tests.Unit.Training.TrainingRuns;

namespace GenPrm.Tests.Unit.Training;

/// <summary>What a run can not go on with, and what it says then.</summary>
public sealed class TrainingTroubleTests
{
    [Fact]
    public async Task Run_InAFolderWhereAnotherTrains_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using (new RunFolder(folder.Path).Hold())
            Assert.Contains("another process trains here", (await Assert.ThrowsAsync<TrainingException>(() => RunAsync(Options(folder.Path)))).Message, StringComparison.Ordinal);

        await RunAsync(Options(folder.Path));
    }

    [Fact]
    public async Task Run_HeldOutLossThatIsNoNumber_SaysWhatToTypeInstead()
    {
        using var folder = new TemporaryFolder();

        var error = await Assert.ThrowsAsync<TrainingException>(() => RunAsync(Options(folder.Path) with { LearningRate = 1e300, WarmupSteps = 0, EvaluateEvery = 1 }));

        Assert.Contains("step 1: the held-out loss is NaN", error.Message, StringComparison.Ordinal);
        Assert.Contains("lower --lr", error.Message, StringComparison.Ordinal);
        Assert.Null(new RunFolder(folder.Path).Newest());
    }

    [Theory]
    [InlineData(false, "--model")]
    [InlineData(true, "train merge --adapter")]
    public async Task Run_LossThatIsNoNumber_SavesTheLastGoodStepAndSaysHowToGoOnFromIt(bool lora, string remedy)
    {
        using var folder = new TemporaryFolder();

        var error = await Assert.ThrowsAsync<TrainingException>(
            () => RunAsync(Options(folder.Path, lora) with { LearningRate = 1e300, WarmupSteps = 0, EvaluateEvery = 100, SaveEvery = 100, HeldOutShare = 0 }));

        var last = new RunFolder(folder.Path).Newest();
        Assert.EndsWith("step-000001", last, StringComparison.Ordinal);
        Assert.Contains("step 2: the loss is NaN", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{remedy} {last}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda:0", "f32", "--device cuda:0")]
    [InlineData("tpu", "f32", "--device tpu")]
    [InlineData("cpu", "fp16", "--dtype fp16")]
    [InlineData("cpu", "f64", "--dtype f64")]
    public async Task Run_WithADeviceOrNumberTypeThatIsNotToBeHad_SaysSo(string device, string dtype, string named)
    {
        Assert.SkipWhen(device == "cuda:0" && torch.cuda.is_available(), "this machine has it");
        using var folder = new TemporaryFolder();

        var error = await Assert.ThrowsAsync<TrainingException>(() => RunAsync(Options(folder.Path) with { Device = device, Dtype = dtype }));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 4, "q_proj", "--lora 0")]
    [InlineData(2, -1, "q_proj", "--lora-alpha -1")]
    [InlineData(2, 4, "q", "--lora-targets q")]
    public void Validate_AdapterThatIsNotPossible_NamesTheOption(int rank, double alpha, string target, string named)
    {
        var options = Options("out") with { Lora = new() { Rank = rank, Alpha = alpha, Targets = [target] } };

        Assert.Contains(named, Assert.Throws<TrainingException>(options.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_WithALossThatIsNoNumber_StopsBeforeTheWeightsChange()
    {
        using var model = TinyModels.Create(Architecture.Llama, "f32");
        using var optimizer = new AdamW(model.TrainedWeights, new());
        var (poisoned, watched) = (model.TrainedWeights.Last(), model.TrainedWeights.First());
        using var noGradient = torch.no_grad();
        poisoned.Master!.AddInPlace(double.NaN);
        using var before = watched.Master!.clone();

        var error = Assert.Throws<TrainingException>(
            () => OptimizerStep.Run(model, optimizer, new(ScheduleKind.Constant, 1, 0, 0), [TinyModels.Batch()], TestContext.Current.CancellationToken));

        Assert.Contains("NaN", error.Message, StringComparison.Ordinal);
        Assert.True(before.equal(watched.Master).all().item<bool>());
    }
}
