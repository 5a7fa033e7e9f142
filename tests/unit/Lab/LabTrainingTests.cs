using System.Text.Json;
using GenPrm.Lab.Lessons;
using GenPrm.Lab.Models;
using GenPrm.Lab.Runs;

namespace GenPrm.Tests.Unit.Lab;

public sealed class LabTrainingTests
{
    /// <summary>As after a kill between the last checkpoint and the notebook's line.</summary>
    [Fact]
    public async Task Run_InTheFolderOfAFinishedTraining_TellsOfAllOfIt()
    {
        using var folder = new TemporaryFolder();
        TrainedModel first = await RunAsync(folder, _ => { });
        TrainedModel second = await RunAsync(folder, _ => Assert.Fail("it was trained already"));
        Assert.Equal(first, second);
        Assert.Equal(4, second.Steps);
        Assert.True(second is { Tokens: > 0, Seconds: > 0 }, JsonSerializer.Serialize(second, Notebook.Json));
    }

    [Fact]
    public async Task Run_StoppedAndGoneOnWith_TellsOfAllOfIt()
    {
        using var whole = new TemporaryFolder();
        using var broken = new TemporaryFolder();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        TrainedModel expected = await RunAsync(whole, _ => { });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(
            broken,
            step =>
            {
                if (step == 2)
                    stop.Cancel();
            },
            stop.Token));
        TrainedModel made = await RunAsync(broken, step => Assert.True(step > 2));
        Assert.Equal((expected.Steps, expected.Tokens, expected.Loss), (made.Steps, made.Tokens, made.Loss));
    }

    [Fact]
    public async Task Run_WithoutTheRecordOfItsSteps_SaysWhatToRemove()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(folder, _ => { });
        File.Delete(Path.Combine(folder.Path, "to", "metrics.jsonl"));
        var error = await Assert.ThrowsAsync<LabException>(() => RunAsync(folder, _ => { }));
        Assert.Contains("Remove " + Path.Combine(folder.Path, "to"), error.Message, StringComparison.Ordinal);
    }

    private static async Task<TrainedModel> RunAsync(TemporaryFolder folder, Action<long> stepped, CancellationToken? cancellation = null)
    {
        string model = Path.Combine(folder.Path, "model");
        new LabModel { Hidden = 32, Layers = 1, FeedForward = 48 }.WriteTo(model, seed: 1);
        return await LabTraining.RunAsync(
            model, Path.Combine(folder.Path, "to"), new(4, 2, 1e-3), LessonSource.Policy(new(), new(0.25, 0.35), clean: 0, seed: 1), 1, "cpu", TimeProvider.System,
            (step, _) => stepped(step), cancellation ?? TestContext.Current.CancellationToken);
    }
}
