using System.Diagnostics;
using System.Text.Json;
using GenPrm.Tests.EndToEnd.Jobs;

namespace GenPrm.Tests.EndToEnd.Training;

/// <summary>The real program training a real model from a file of samples.</summary>
[Collection("jobs")]
public sealed class TrainTests : IDisposable
{
    private readonly GenPrmProgram _genprm = new();

    public void Dispose() => _genprm.Dispose();

    [Fact]
    public async Task Train_KilledBetweenCheckpoints_GoesOnWithTheSameCurveToTheSameWeights()
    {
        string samples = Path.Combine(_genprm.Folder, "samples.jsonl");
        await File.WriteAllLinesAsync(samples, Enumerable.Range(0, 96).Select(Sample), TestContext.Current.CancellationToken);
        string[] Line(string run) =>
        [
            "train", "--samples", samples, "--model", Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "tiny-llama"), "--out", Path.Combine(_genprm.Folder, run),
            "--lr", "0.01", "--warmup", "5", "--batch", "8", "--epochs", "30", "--window", "32", "--held-out", "0.2", "--evaluate-every", "50", "--save-every", "40", "--dtype", "f32",
        ];

        Process killed = _genprm.Start(Line("killed"));
        TrainingCurves.WaitFor(Path.Combine(_genprm.Folder, "killed"), rows => rows is > 40 && rows % 40 > 5, killed);
        killed.Kill();
        await killed.WaitForExitAsync(TestContext.Current.CancellationToken);

        string said = await _genprm.RunAsync(0, Line("killed"));
        await _genprm.RunAsync(0, Line("whole"));

        Assert.StartsWith("Going on from ", said, StringComparison.Ordinal);
        string[] whole = TrainingCurves.Read(Path.Combine(_genprm.Folder, "whole"));
        Assert.InRange(whole.Length, 200, 400);
        Assert.Equal(whole, TrainingCurves.Read(Path.Combine(_genprm.Folder, "killed")));
        Assert.Equal(TrainingCurves.LastWeights(Path.Combine(_genprm.Folder, "whole")), TrainingCurves.LastWeights(Path.Combine(_genprm.Folder, "killed")));
        Assert.Contains("<svg", await File.ReadAllTextAsync(Path.Combine(_genprm.Folder, "killed", "training.svg"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // What it wrote is a model like any other.
        await _genprm.RunAsync(0, "model", "check", Directory.GetDirectories(Path.Combine(_genprm.Folder, "whole"), "step-*").Order(StringComparer.Ordinal).Last());
    }

    private static string Sample(int number)
    {
        static object Turn(string role, string content) => new { role, content };
        return JsonSerializer.Serialize(new
        {
            problem_id = $"{number / 2}",
            messages = new[]
            {
                Turn("system", "Judge."),
                Turn("user", $"What is {number} + 1?\n{number} + 1 = {number + 1}."),
                Turn("assistant", $"<analyze>\n{number} and one.</analyze>\n<output>\n**Judgement**: $\\boxed{{{(number % 3 == 0 ? "No" : "Yes")}}}$\n</output>"),
            },
        });
    }
}

/// <summary>What a training leaves behind, without what depends on the clock.</summary>
internal static class TrainingCurves
{
    private static readonly string[] OfTheClock = ["tokens_per_second"];

    /// <summary>The metrics' rows.</summary>
    public static string[] Read(string run) =>
    [
        .. Summaries.Lines(Path.Combine(run, "metrics.jsonl")).Select(row =>
            string.Join(' ', row.EnumerateObject().Where(field => !OfTheClock.Contains(field.Name)).Select(field => $"{field.Name}={field.Value.GetRawText()}"))),
    ];

    /// <summary>The bytes of the last checkpoint's weights.</summary>
    public static byte[] LastWeights(string run) =>
        File.ReadAllBytes(Path.Combine(Directory.GetDirectories(run, "step-*").Order(StringComparer.Ordinal).Last(), "model.safetensors"));

    /// <summary>Waits until a run has so many rows.</summary>
    public static void WaitFor(string run, Func<int, bool> rows, Process worker)
    {
        string file = Path.Combine(run, "metrics.jsonl");
        while (!File.Exists(file) || !rows(Count(file)))
            Assert.False(worker.WaitForExit(TimeSpan.FromMilliseconds(5)), "The training ended before it could be killed.");
    }

    private static int Count(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Count(letter => letter == '\n');
    }
}
