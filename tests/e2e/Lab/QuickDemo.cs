using System.Diagnostics;
using System.Text.Json;
using GenPrm.Client.Lab;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.Reports;
using GenPrm.Lab.Runs;
using GenPrm.Lab.World;
using GenPrm.Tests.EndToEnd.Jobs;
using GenPrm.Tests.EndToEnd.Sandbox;

namespace GenPrm.Tests.EndToEnd.Lab;

/// <summary><c>genprm demo --quick</c>, once for all tests of it: killed in the middle of its job and typed again.</summary>
public sealed class QuickDemo : IAsyncLifetime
{
    public const ulong Seed = 1;

    /// <summary>Accepted samples at which the first process is killed: the job is at work, and so is the training that reads its log.</summary>
    private const int Enough = 10;

    internal GenPrmProgram Program { get; } = new();

    internal LabFolder Folder { get; private set; } = null!;

    /// <summary>What the second process printed.</summary>
    internal string Said { get; private set; } = "";

    /// <summary>When the policy's checkpoints were written, before the kill and at the end.</summary>
    internal (DateTime[] Killed, DateTime[] Done) PolicyWritten { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await SandboxFixture.RequireAsync();
        Folder = new LabFolder(Path.Combine(Program.Folder, "lab"));
        string[] demo = ["demo", "--quick", "--seed", $"{Seed}", "--folder", Folder.Path];

        Process killed = Program.Start(demo);
        await GenPrmProgram.HostedAsync(Folder.Store, killed);
        await Program.UntilAsync("demo", job => job.Count("samples", "accepted") >= Enough, killed, "--data", Folder.Store.Path);
        killed.Kill();
        await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(File.Exists(Folder.Report));
        DateTime[] written = PolicyCheckpoints();
        Said = await Program.RunAsync(0, demo);
        PolicyWritten = (written, PolicyCheckpoints());
    }

    public ValueTask DisposeAsync()
    {
        Program.Dispose();
        return ValueTask.CompletedTask;
    }

    internal JsonElement Summary() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder.Export(1), "summary.json"))).RootElement;

    internal JsonElement[] Samples() => [.. Summaries.Lines(Path.Combine(Folder.Export(1), "samples.jsonl"))];

    /// <summary>A rule's labels against what the lab knows of the problems.</summary>
    internal LabelScore Labels(LabelRule rule) => LabelAccuracy.Of(
        Summaries.Lines(Path.Combine(Folder.Export(1), "steps.jsonl")).Select(row => row.Deserialize<Core.Samples.StepRow>(Core.Samples.ExportJson.Options)!),
        [.. Summaries.Lines(Folder.Problems).Select(row => LabProblem.Parse(row.GetProperty("problem").GetString()!))],
        rule);

    /// <summary>The judge's figures before and after.</summary>
    internal JudgeReport Judged(string name) => JsonSerializer.Deserialize<JudgeReport>(File.ReadAllText(Folder.Notebook.FileOf($"judged-by-{name}")), Notebook.Json)!;

    internal string Model(string name) => Directory.GetDirectories(Folder.Model(name), "step-*").Order(StringComparer.Ordinal).Last();

    private DateTime[] PolicyCheckpoints() => [.. Directory.GetDirectories(Folder.Model("policy"), "step-*").Select(Directory.GetLastWriteTimeUtc)];
}
