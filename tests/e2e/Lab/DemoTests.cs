using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GenPrm.Client.Lab;
using GenPrm.Silo.Store;
using GenPrm.Tests.EndToEnd.Jobs;
using GenPrm.Tests.EndToEnd.Sandbox;

namespace GenPrm.Tests.EndToEnd.Lab;

/// <summary>The whole loop in the world whose truth is known, as <c>genprm demo --quick</c> runs it: too small for figures to mean much, so none is asserted.</summary>
public sealed class DemoTests : IDisposable
{
    private static readonly string[] ProblemFields = ["answer", "id", "problem"];

    private readonly GenPrmProgram _genprm = new();

    public void Dispose() => _genprm.Dispose();

    [Fact]
    public async Task QuickDemo_KilledInItsJobAndTypedAgain_GoesOnAndReportsWhatItMeasured()
    {
        await SandboxFixture.RequireAsync();
        var folder = new LabFolder(Path.Combine(_genprm.Folder, "lab"));
        string[] demo = ["demo", "--quick", "--seed", "3", "--folder", folder.Path];

        Process killed = _genprm.Start(demo);
        using (PeriodicTimer look = new(TimeSpan.FromMilliseconds(50), TimeProvider.System))
        {
            while (StoreEndpoint.Read(folder.Store) is null)
            {
                Assert.False(killed.HasExited, "The demo ended before its job was seen.");
                await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }

        killed.Kill();
        await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(File.Exists(folder.Report));
        string[] trained = Directory.GetDirectories(folder.Model("policy"), "step-*");
        DateTime[] written = [.. trained.Select(Directory.GetLastWriteTimeUtc)];

        string said = await _genprm.RunAsync(0, demo);

        Assert.Equal(written, trained.Select(Directory.GetLastWriteTimeUtc));
        Assert.DoesNotContain("policy: step", said, StringComparison.Ordinal);
        JsonElement job = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Export(1), "summary.json"), TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal("done", job.State());
        job.AssertAddsUp();
        AssertNoTruth(folder);
        AssertReported(folder, said);
    }

    /// <summary>The job has problems and answers as any job's; which steps are right is written nowhere that it or its trainer reads.</summary>
    private static void AssertNoTruth(LabFolder folder)
    {
        Assert.All(Summaries.Lines(folder.Problems), problem => Assert.Equal(ProblemFields, problem.EnumerateObject().Select(field => field.Name).Order()));
        foreach (string file in Directory.EnumerateFiles(folder.In("job"), "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("first_wrong", File.ReadAllText(file), StringComparison.Ordinal);
    }

    private static void AssertReported(LabFolder folder, string said)
    {
        string page = File.ReadAllText(folder.Report);
        string gain = said.Split('\n').Single(line => line.TrimStart().StartsWith("gain", StringComparison.Ordinal));
        string points = gain.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Assert.InRange(double.Parse(points, NumberStyles.Float, CultureInfo.InvariantCulture), -100, 100);
        Assert.Contains(points.TrimStart('+', '-'), page, StringComparison.Ordinal);
    }
}
