using System.CommandLine;
using GenPrm.Client;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Lab;
using GenPrm.Core.Execution;
using GenPrm.Core.Rationales;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Views;
using Microsoft.Extensions.Time.Testing;

namespace GenPrm.Tests.Unit.Lab;

public sealed class LabRunTests
{
    private const int Limit = 40;

    [Theory]
    [InlineData(JobState.Paused, ExitCodes.Interrupted, "The same command goes on")]
    [InlineData(JobState.Cancelled, ExitCodes.Failed, "remove /lab/seed-1")]
    [InlineData(JobState.Unknown, ExitCodes.Failed, "remove /lab/seed-1")]
    public void Refusal_OfAJobThatWillNotGoOn_SaysWhatToDo(JobState state, int code, string remedy)
    {
        CommandException refused = LabJob.Refusal(state, "demo", new LabFolder("/lab/seed-1"))!;
        Assert.Equal(code, refused.ExitCode);
        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(JobState.Loading)]
    [InlineData(JobState.Running)]
    [InlineData(JobState.Done)]
    public void Refusal_OfAJobThatGoesOnOrIsDone_IsNone(JobState state) => Assert.Null(LabJob.Refusal(state, "demo", new LabFolder("/lab/seed-1")));

    [Fact]
    public void Screen_AfterAnHour_SaysTheHours()
    {
        var time = new FakeTimeProvider();
        var output = new StringWriter();
        var screen = new LabScreen(output, live: false, time);
        time.Advance(new TimeSpan(0, 59, 58));
        screen.Say($"early");
        time.Advance(new TimeSpan(26, 3, 4));
        screen.Say($"late");
        Assert.Equal(["59:58  early", "27:03:02  late"], output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Seeds_OfALabsFolder_AreItsNumberedOnesInOrder()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "seed-10", "seed-2", "seed-x", "other" })
            Directory.CreateDirectory(Path.Combine(folder.Path, name));
        Assert.Equal([2UL, 10UL], new LabFolder(folder.Path).Seeds());
        Assert.Empty(new LabFolder(Path.Combine(folder.Path, "nowhere")).Seeds());
    }

    [Theory]
    [InlineData("", "f32")]
    [InlineData("--dtype bf16", "bf16")]
    public void Dtype_OfALab_IsF32UnlessItIsGiven(string line, string dtype)
    {
        var command = new ExampleCommand("x", "");
        var devices = new DeviceOptions(command, dtype: "f32");
        Assert.Equal(dtype, devices.Read(command.Parse(line)).Dtype);
    }

    /// <summary>As a job's rollout tells it: the critique's text, and outcomes whose output is cut.</summary>
    [Fact]
    public void Critique_OfAnyOutcome_IsToldApartAsItWasFed()
    {
        var parts = Fed(
            new SandboxOutcome.Completed("9\n", default),
            new SandboxOutcome.Completed(new string('7', Limit + 1), default),
            new SandboxOutcome.Failed("", default, "ValueError", "no"),
            new SandboxOutcome.TimedOut("", default),
            null,
            new SandboxOutcome.OutputTooLarge(new string('7', Limit), default));

        Rationale read = WrittenCritiques.Rationale(View(parts), 2)!;

        Assert.Equal(parts.Select(part => (part.Kind, part.Text, part.Block)), read.Parts.Select(part => (part.Kind, part.Text, part.Block)));
        Assert.Equal((RationaleClass.Concluded, 2), (read.Class, read.Index));
    }

    [Fact]
    public void Critique_WhoseOutputIsNotFoundAgain_IsLeftOut() =>
        Assert.Null(WrittenCritiques.Rationale(View(Fed(new SandboxOutcome.Failed("", default, "ValueError", new string('x', 2 * Limit)))), 2));

    /// <summary>Something written before each outcome's output, and at the end; null is a block without code.</summary>
    private static List<RationalePart> Fed(params SandboxOutcome?[] outcomes)
    {
        var parts = new List<RationalePart>();
        foreach (SandboxOutcome? outcome in outcomes)
        {
            parts.Add(new(PartKind.Written, $"<verify> {parts.Count}\n"));
            (string text, BlockClass @class) = outcome is null ? (CodeFeedback.NoCode, BlockClass.NoCode) : CodeFeedback.Of(outcome, Limit);
            parts.Add(new(PartKind.Fed, CodeFeedback.Fence(text), outcome is null ? null : "print(9)", @class, outcome is null ? null : outcome with { Output = outcome.Output[..Math.Min(Limit, outcome.Output.Length)] }));
        }

        parts.Add(new(PartKind.Written, "</verify> \\boxed{2}"));
        return parts;
    }

    private static RationaleView View(List<RationalePart> parts) => new(
        0, "concluded", null, string.Concat(parts.Select(part => part.Text)),
        [.. parts.Where(part => part.Outcome is not null).Select(part => new BlockView(part.Code!, Core.Jobs.ClassCounts.NameOf(part.Block!.Value), part.Outcome!))], 2, null);
}
