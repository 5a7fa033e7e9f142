using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using GenPrm.Model.Training;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Runs;
using Microsoft.Extensions.Time.Testing;
using static GenPrm.Tests.Unit.Training.TrainingRuns;

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
        using var adapted = TrainableModelBuilder.Load(ModelFolder, target, HeadKind.Language, PeftAdapter.ReadOptions(adapter), adapter);
        using var before = TrainableModelBuilder.Load(ModelFolder, target);
        var merged = Path.Combine(folder.Path, "merged");
        TrainedFolder.WriteModel(adapted, ModelFolder, merged, ElementType.Float32);
        using var after = TrainableModelBuilder.Load(merged, target);
        var probe = MicroBatch.Pack([TrainingSequence.FromMask([5, 6, 7, 8, 9, 10], [true, true, true, true, true, true])]);

        Assert.All(adapted.LogProbabilities(probe).Zip(after.LogProbabilities(probe)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.Contains(before.LogProbabilities(probe).Zip(after.LogProbabilities(probe)), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
    }

    [Fact]
    public async Task Run_StoppedWhileItIsEvaluated_EvaluatesThatStepWhenItGoesOn()
    {
        using var whole = new TemporaryFolder();
        using var broken = new TemporaryFolder();
        await RunAsync(Options(whole.Path));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        // At step 3 training is behind the first window: who reads that one evaluates.
        var samples = new WatchedSamples(Conversations.Many(40), window =>
        {
            if (window == 0 && Curve(broken.Path).Count == 2)
                stop.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new TrainingRun(Options(broken.Path), samples, _ => { }, TimeProvider.System).RunAsync(stop.Token));

        Assert.Equal([null, null, null], Curve(broken.Path).Select(row => row.HeldOutLoss));
        await RunAsync(Options(broken.Path));
        Assert.Equal(Curve(whole.Path), Curve(broken.Path));
    }

    [Fact]
    public async Task Run_ForLong_SavesByTheClockWithTheSameCurve()
    {
        using var often = new TemporaryFolder();
        using var seldom = new TemporaryFolder();
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMinutes(10) };
        await RunAsync(Options(seldom.Path) with { SaveEvery = 100 });

        var events = await RunAsync(Options(often.Path) with { SaveEvery = 100, SaveInterval = TimeSpan.FromMinutes(10) }, time: time);

        Assert.Equal(6, events.Count(happened => happened is TrainingEvent.Saved));
        Assert.Equal(Curve(seldom.Path), Curve(often.Path));
    }

    [Fact]
    public async Task Run_GoneOnWithOnAnotherDay_WritesTheDateOfItsBeginning()
    {
        using var model = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(ModelFolder))
            File.Copy(file, Path.Combine(model.Path, Path.GetFileName(file)));
        model.Write("chat_template.jinja", "{{ strftime_now('%d %B %Y') }}" + File.ReadAllText(Path.Combine(ModelFolder, "chat_template.jinja")));
        using var whole = new TemporaryFolder();
        using var broken = new TemporaryFolder();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 8, 23, 0, 0, TimeSpan.Zero));
        await RunAsync(Options(whole.Path) with { Model = model.Path }, time: time);
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(Options(broken.Path) with { Model = model.Path }, stopAt: 5, time: time));
        time.Advance(TimeSpan.FromDays(20));

        await RunAsync(Options(broken.Path) with { Model = model.Path }, time: time);

        Assert.Equal(Curve(whole.Path), Curve(broken.Path));
    }
}
