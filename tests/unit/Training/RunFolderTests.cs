using GenPrm.Model.Checkpoints;
using GenPrm.Model.Training;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Runs;

namespace GenPrm.Tests.Unit.Training;

/// <summary>What stands in a run's folder when writing a checkpoint is stopped, or is not possible.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TrainableModel model = TinyModels.Create(Architecture.Llama, "f32");
    private readonly AdamW optimizer;

    public RunFolderTests() => optimizer = new(model.TrainedWeights, new());

    public void Dispose()
    {
        optimizer.Dispose();
        model.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("weights", 1)]
    [InlineData("optimizer", 1)]
    [InlineData("state", 1)]
    [InlineData("published", 2)]
    public void Write_StoppedAfterAStep_LeavesAWholeCheckpointAndTheNextOneClearsUp(string stop, int newest)
    {
        var run = new RunFolder(folder.Path);
        Write(run, 1);
        Assert.Throws<InvalidOperationException>(() => run.Write(State(2), model, optimizer, Options, Stop(stop)));

        Assert.Equal(newest, RunFolder.ReadState(run.Newest()!, State(0).Curve).Step);
        using (CheckpointReader.Open(run.Newest()!))
        {
        }

        Write(run, 3);
        Assert.Equal(3, RunFolder.ReadState(run.Newest()!, State(0).Curve).Step);
        Assert.All(Directory.EnumerateFileSystemEntries(folder.Path), entry => Assert.StartsWith("step-", Path.GetFileName(entry), StringComparison.Ordinal));
    }

    [Fact]
    public void Write_ThatIsNotPossible_SaysSoAndKeepsTheOneBefore()
    {
        var run = new RunFolder(folder.Path);
        Write(run, 1);
        File.WriteAllText(Path.Combine(folder.Path, ".step-000002.new"), "in the way");

        var error = Assert.Throws<TrainingException>(() => Write(run, 2));

        Assert.Contains("step-000002 can not be written", error.Message, StringComparison.Ordinal);
        Assert.Contains("step-000001 is whole", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("step-000001", run.Newest(), StringComparison.Ordinal);
    }

    [Fact]
    public void Newest_PastAMillionSteps_IsTheLargestNumber()
    {
        foreach (var name in (string[])["step-999999", "step-1000000"])
            Directory.CreateDirectory(Path.Combine(folder.Path, name));
        Assert.EndsWith("step-1000000", new RunFolder(folder.Path).Newest(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadState_OfAnEarlierProgram_HasNoEndNoDateAndNothingRefused()
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "step-000004", "training"));
        folder.Write(Path.Combine("step-000004", "training", "state.json"), """
            {"step": 4, "position": {"epoch": 1, "window": 2, "offset": 3, "counts": {"read": 9, "trained": 6, "held_out": 1, "too_long": 1, "nothing_to_train": 1}}, "curve": {"--lr": "0.1", "--dtype": "auto"}}
            """);
        RunState Read(string dtype) => RunFolder.ReadState(
            Path.Combine(folder.Path, "step-000004"), new Dictionary<string, string> { ["--lr"] = "0.1", ["--dtype"] = dtype, ["samples"] = "job sums, labelling 1" });

        var state = Read("bf16");

        Assert.Equal(new(1, 2, 3, new(9, 6, 1, 1, 1)), state.Position);
        Assert.Null(state.Began);
        Assert.Contains("--dtype was bf16 and is f32", Assert.Throws<TrainingException>(() => Read("f32")).Message, StringComparison.Ordinal);
    }

    private static TrainingOptions Options => new() { Model = Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "tiny-llama"), Out = "", Keep = 2 };

    private static RunState State(long step) => new(step, DataPosition.Start, new Dictionary<string, string>());

    private void Write(RunFolder run, long step) => run.Write(State(step), model, optimizer, Options);

    private static Action<string> Stop(string after) => step =>
    {
        if (step == after)
            throw new InvalidOperationException("killed");
    };
}
