using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using GenPrm.Model.Training;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Runs;
using TorchSharp;

namespace GenPrm.Tests.Unit.Training;

public sealed class TrainingRunTests
{
    [Theory]
    [InlineData(false, Objective.Critique)]
    [InlineData(true, Objective.Critique)]
    [InlineData(false, Objective.Direct)]
    [InlineData(false, Objective.Scalar)]
    public async Task Run_StoppedAtAnyMomentAndStartedAgain_GivesTheSameCurve(bool lora, Objective objective)
    {
        using var whole = new TemporaryFolder();
        using var broken = new TemporaryFolder();
        await RunAsync(Options(whole.Path, lora, objective));
        foreach (var stop in (int[])[2, 5])
            await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(Options(broken.Path, lora, objective), stopAt: stop));

        await RunAsync(Options(broken.Path, lora, objective));

        var (expected, actual) = (Curve(whole.Path), Curve(broken.Path));
        Assert.Equal(6, expected.Count);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task Run_FinishedAndStartedAgain_TrainsNothing()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(Options(folder.Path));
        var events = await RunAsync(Options(folder.Path));

        Assert.DoesNotContain(events, happened => happened is TrainingEvent.Stepped);
    }

    [Fact]
    public async Task Run_WithOtherOptionsInTheSameFolder_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(Options(folder.Path));

        var error = await Assert.ThrowsAsync<TrainingException>(() => RunAsync(Options(folder.Path) with { LearningRate = 0.5 }));

        Assert.Contains("--lr was 0.01 and is 0.5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Written_LoadsBackBitForBit()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(Options(folder.Path));
        var checkpoint = Directory.EnumerateDirectories(folder.Path, "step-*").Last();

        using var weights = CheckpointReader.Open(checkpoint);
        using var state = CheckpointReader.OpenLone(Path.Combine(checkpoint, "training", OptimizerState.File));

        Assert.NotEmpty(weights.Tensors);
        Assert.All(weights.Tensors.Values, tensor => Assert.Equal(weights.Read(tensor), state.Read(state.Find("master." + tensor.Name, [.. tensor.Shape]))));
        Assert.True(File.Exists(Path.Combine(checkpoint, "tokenizer.json")));
        Assert.Contains("<svg", File.ReadAllText(Path.Combine(folder.Path, "training.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithLora_MergesToTheSameModel()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(Options(folder.Path, lora: true));
        var adapter = Directory.EnumerateDirectories(folder.Path, "step-*").Last();
        var target = TorchTarget.Parse("cpu", "f32");
        using var adapted = TrainableModelBuilder.Load(Model, target, HeadKind.Language, PeftAdapter.ReadOptions(adapter), adapter);
        using var before = TrainableModelBuilder.Load(Model, target);
        var merged = Path.Combine(folder.Path, "merged");
        TrainedFolder.WriteModel(adapted, Model, merged, ElementType.Float32);
        using var after = TrainableModelBuilder.Load(merged, target);
        var probe = MicroBatch.Pack([TrainingSequence.FromMask([5, 6, 7, 8, 9, 10], [true, true, true, true, true, true])]);

        Assert.All(adapted.LogProbabilities(probe).Zip(after.LogProbabilities(probe)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.Contains(before.LogProbabilities(probe).Zip(after.LogProbabilities(probe)), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
    }

    [Fact]
    public async Task Run_WhereNothingIsLeft_SaysWhere()
    {
        using var folder = new TemporaryFolder();

        var error = await Assert.ThrowsAsync<TrainingException>(() => RunAsync(Options(folder.Path) with { MaxLength = 3 }));

        Assert.Contains("longer than 3 tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_WithALossThatIsNoNumber_StopsBeforeTheWeightsChange()
    {
        using var model = TinyModels.Create(Architecture.Llama, "f32");
        using var optimizer = new AdamW(model.TrainedWeights, new());
        var (poisoned, watched) = (model.TrainedWeights.Last(), model.TrainedWeights.First());
        using var noGradient = torch.no_grad();
        poisoned.Master!.fill_(double.NaN);
        using var before = watched.Master!.clone();

        var error = Assert.Throws<TrainingException>(
            () => OptimizerStep.Run(model, optimizer, new(ScheduleKind.Constant, 1, 0, 0), [TinyModels.Batch()], TestContext.Current.CancellationToken));

        Assert.Contains("NaN", error.Message, StringComparison.Ordinal);
        Assert.True(before.equal(watched.Master).all().ToBoolean());
    }

    [Fact]
    public void Read_FileWithABadLine_NamesIt()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("samples.jsonl", "{\"messages\": [{\"role\": \"assistant\", \"content\": \"x\"}]}\n{\"messages\": 3}\n");

        Assert.Contains("samples.jsonl:2", Assert.Throws<TrainingException>(() => SampleFile.Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EmptyFile_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("holds no sample", Assert.Throws<TrainingException>(() => SampleFile.Read(folder.Write("samples.jsonl", ""))).Message, StringComparison.Ordinal);
    }

    private static string Model => Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "tiny-llama");

    private static TrainingOptions Options(string folder, bool lora = false, Objective objective = Objective.Critique) => new()
    {
        Model = Model,
        Out = folder,
        Objective = objective,
        Lora = lora ? new() { Rank = 2, Alpha = 4 } : null,
        LearningRate = 0.01,
        WarmupSteps = 2,
        BatchSize = 4,
        Steps = 6,
        SaveEvery = 2,
        EvaluateEvery = 3,
        HeldOutShare = 0.2,
        WindowSize = 8,
        MicroBatchTokens = 512,
        Device = "cpu",
        Dtype = "f32",
    };

    /// <summary>Runs; with <paramref name="stopAt"/> the process "dies" right after that step: nothing more is written.</summary>
    private static async Task<List<TrainingEvent>> RunAsync(TrainingOptions options, int stopAt = 0)
    {
        var events = new List<TrainingEvent>();
        await new TrainingRun(options, Conversations.Many(40), Hear, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        return events;

        void Hear(TrainingEvent happened)
        {
            events.Add(happened);
            if (happened is TrainingEvent.Stepped { Metrics.Step: var step } && step == stopAt)
                throw new InvalidOperationException("killed");
        }
    }

    /// <summary>All that does not depend on the clock.</summary>
    private static List<StepMetrics> Curve(string folder) =>
        [.. MetricsLog.OpenAt(Path.Combine(folder, "metrics.jsonl"), long.MaxValue).Rows.Select(row => row with { TokensPerSecond = 0 })];
}
