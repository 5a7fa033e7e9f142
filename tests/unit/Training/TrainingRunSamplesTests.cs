using GenPrm.Model.Training;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Runs;
using static GenPrm.Tests.Unit.Training.TrainingRuns;

namespace GenPrm.Tests.Unit.Training;

/// <summary>What a run makes of its samples, from a file or a log.</summary>
public sealed class TrainingRunSamplesTests
{
    [Fact]
    public async Task Run_WhereNothingIsLeft_SaysWhere()
    {
        using var folder = new TemporaryFolder();

        var error = await Assert.ThrowsAsync<TrainingException>(() => RunAsync(Options(folder.Path) with { MaxLength = 3 }));

        Assert.Contains("longer than 3 tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EpochsOfWholeBatches_MakesEachStepOnceAndCountsAdd()
    {
        using var folder = new TemporaryFolder();

        var events = await RunAsync(Options(folder.Path) with { Steps = null, Epochs = 2, HeldOutShare = 0 });

        Assert.Equal(Enumerable.Range(0, 20).Select(step => step / 10), Curve(folder.Path).Select(row => row.Epoch));
        Assert.All(events.OfType<TrainingEvent.Stepped>(), stepped => Assert.Equal(20, stepped.Steps));
        Assert.Equal(new(40, 40, 0, 0, 0), Assert.Single(events.OfType<TrainingEvent.Finished>()).Counts);
    }

    [Fact]
    public async Task Run_LogThatEndsWithAWholeBatch_EvaluatesTheLastStepAndOnlyThen()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.Path) with { Steps = null, Schedule = ScheduleKind.Constant, EvaluateEvery = 100, SaveEvery = 1, BatchSize = 1 };

        var events = await RunAsync(options, samples: new GrowingSamples(40));

        var curve = Curve(folder.Path);
        Assert.All(curve.SkipLast(1), row => Assert.Null(row.HeldOutLoss));
        Assert.NotNull(curve[^1].HeldOutLoss);
        Assert.Equal(40, Assert.Single(events.OfType<TrainingEvent.Finished>()).Counts.Read);
    }

    [Fact]
    public async Task Run_LogShorterThanAWindow_IsEvaluatedAtItsEnd()
    {
        using var folder = new TemporaryFolder();

        await RunAsync(Options(folder.Path) with { Steps = null, Schedule = ScheduleKind.Constant, EvaluateEvery = 100, WindowSize = 64 }, samples: new GrowingSamples(40));

        Assert.NotNull(Curve(folder.Path)[^1].HeldOutLoss);
    }

    [Fact]
    public async Task Run_GoneOnWithWhenTheLogHasGrown_SaysWhatIsNotPartOfIt()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.Path) with { Steps = null, Schedule = ScheduleKind.Constant };
        var source = new GrowingSamples(40);
        await RunAsync(options, samples: source);
        source.Length = 55;

        var events = await RunAsync(options, samples: source);

        Assert.Equal(15, Assert.Single(events.OfType<TrainingEvent.Started>()).Later);
        Assert.DoesNotContain(events, happened => happened is TrainingEvent.Stepped);
    }

    [Fact]
    public async Task Run_OnOtherSamplesInTheSameFolder_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(Options(folder.Path));

        var other = await Assert.ThrowsAsync<TrainingException>(() => RunAsync(Options(folder.Path), samples: Conversations.Many(41)));
        var log = await Assert.ThrowsAsync<TrainingException>(() => RunAsync(Options(folder.Path), samples: new GrowingSamples(40)));

        Assert.Matches("samples was 40 samples with SHA-256 [0-9a-f]+ and is 41 samples with SHA-256", other.Message);
        Assert.Contains("and is job sums, labelling 1", log.Message, StringComparison.Ordinal);
        Assert.Contains("another --out", log.Message, StringComparison.Ordinal);
    }
}
