using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.Reports;
using GenPrm.Lab.Runs;
using GenPrm.Tests.EndToEnd.Jobs;
using GenPrm.Tests.EndToEnd.Training;

namespace GenPrm.Tests.EndToEnd.Lab;

/// <summary>The whole loop where the truth is known, in a smaller world than <c>genprm demo</c>'s own: real containers, the embedded store, and a kill in the middle.</summary>
[Collection("jobs")]
public sealed class DemoTests(QuickDemo demo) : IClassFixture<QuickDemo>
{
    private static readonly string[] ProblemFields = ["answer", "id", "problem"];

    [Fact]
    public void Killed_InItsJob_GoesOnFromWhatWasDone()
    {
        Assert.Equal(demo.PolicyWritten.Killed, demo.PolicyWritten.Done);
        Assert.DoesNotContain("policy: step", demo.Said, StringComparison.Ordinal);
        JsonElement job = demo.Summary();
        Assert.Equal("done", job.State());
        job.AssertAddsUp();
        Assert.Equal(LabRecipe.Quick.Problems, job.Total("problems"));
        Assert.Equal(job.Count("samples", "accepted"), demo.Samples().Length);
    }

    [Fact]
    public void Labels_AgainstTheTruth_AreRight()
    {
        LabelScore ratio = demo.Labels(LabelRule.Default), hard = demo.Labels(LabelRule.Hard);
        Assert.True(ratio.Steps > 200, $"only {ratio.Steps} steps have a truth");
        Assert.True(ratio.Wrong > 30, $"only {ratio.Wrong} rollouts have a wrong step");
        Assert.True(ratio.StepsRight >= 0.95, $"ratio 0.8 labels {ratio.StepsRight:0.000} of {ratio.Steps} steps right");
        Assert.True(ratio.StepsRight > hard.StepsRight, $"ratio 0.8 labels {ratio.StepsRight:0.000} of the steps right, hard {hard.StepsRight:0.000}");
    }

    [Fact]
    public void Samples_HoldOutputsOfCode_NoneOfThemInTheLoss()
    {
        const string Heading = "[Code Output]";
        int outputs = 0;
        foreach (JsonElement sample in demo.Samples())
        {
            foreach ((JsonElement message, JsonElement spans) in sample.GetProperty("messages").EnumerateArray().Zip(sample.GetProperty("trained").EnumerateArray()))
            {
                string content = message.GetProperty("content").GetString()!;
                string trained = string.Concat(spans.EnumerateArray().Select(span => content[span[0].GetInt32()..span[1].GetInt32()]));
                Assert.Equal(message.GetProperty("role").GetString() == "assistant", trained.Length > 0);
                Assert.DoesNotContain(Heading, trained, StringComparison.Ordinal);
                if (!content.Contains(Heading, StringComparison.Ordinal))
                    continue;
                outputs++;
                string output = content[content.IndexOf(Heading, StringComparison.Ordinal)..];
                Assert.Equal(content.Length - output[..(output.LastIndexOf("```", StringComparison.Ordinal) + 4)].Length, trained.Length);
            }
        }

        Assert.True(outputs > 50, $"only {outputs} outputs of code were seen");
    }

    [Fact]
    public void Judge_TrainedOnTheSamples_Improves()
    {
        JudgeReport before = demo.Judged("teacher"), after = demo.Judged("judge");
        Assert.True(
            after.PassAt1.F1 > before.PassAt1.F1 + 0.05,
            string.Create(CultureInfo.InvariantCulture, $"F1 at Pass@1 was {before.PassAt1.F1:0.000} and is {after.PassAt1.F1:0.000}"));
        string gain = demo.Said.Split('\n').Single(line => line.TrimStart().StartsWith("gain", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Assert.Contains(gain.TrimStart('+'), File.ReadAllText(demo.Folder.Report), StringComparison.Ordinal);
    }

    /// <summary>What the job and its trainer can read: the problems as any job has them, and what the job itself made, in which no name of the lab's truth occurs.</summary>
    [Fact]
    public void Truth_IsNowhereThatTheJobReads()
    {
        string[] truths = ["first_wrong", "FirstWrong", "step_truth", "StepTruth", "LabProblem", "WrittenSolution"];
        Assert.All(Summaries.Lines(demo.Folder.Problems), problem => Assert.Equal(ProblemFields, problem.EnumerateObject().Select(field => field.Name).Order()));
        string[] files = [.. Directory.GetFiles(demo.Folder.In("job"), "*", SearchOption.AllDirectories), .. Directory.GetFiles(demo.Folder.Store.Path, "*", SearchOption.AllDirectories)];
        Assert.Contains(files, file => file.StartsWith(demo.Folder.Store.Path, StringComparison.Ordinal) && new FileInfo(file).Length > 100_000);
        foreach (string file in files)
        {
            ReadOnlySpan<byte> bytes = File.ReadAllBytes(file);
            foreach (string truth in truths)
                Assert.True(bytes.IndexOf(Encoding.UTF8.GetBytes(truth)) < 0, $"{file} holds {truth}");
        }
    }

    [Fact]
    public async Task Lab_StoppedInAQuestionAndTypedAgain_KeepsWhatWasDoneAndAnswersEveryQuestion()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var lab = new SmallLab(demo.Folder, Path.Combine(demo.Program.Folder, "whole-lab"));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lab.RunAsync(new StoppingWriter(stop, "question 5"), stop.Token));
        ImmutableArray<(string File, DateTime Written)> stopped = lab.Results();
        string markdown = await lab.RunAsync(TextWriter.Null, cancellation);
        ImmutableArray<(string File, DateTime Written)> results = lab.Results();
        await lab.RunAsync(TextWriter.Null, cancellation);

        Assert.True(stopped.Length < results.Length);
        Assert.Subset(results.ToHashSet(), stopped.ToHashSet());
        Assert.Equal(results, lab.Results());
        LabReport report = lab.Report();
        Assert.Equal([1, 2, 3, 4, 5, 5, 6, 7, 7], report.Tables.Select(table => table.Question));
        string[] unlearnt = [.. LabelRule.All.Except([LabelRule.Default, .. SmallLab.Plan.Judged]).Select(rule => rule.Name)];
        foreach ((int i, LabTable table) in report.Tables.Index())
        {
            Assert.True(lab.HasPlot(i + 1), $"question {table.Question} has no plot");
            Assert.Contains(table.Title, markdown, StringComparison.Ordinal);
            foreach (LabRow row in table.Rows)
            {
                // No judge learns from the rules that the plan leaves out, the teacher has no samples, and what draws nothing does not vote.
                int expected = (table.Question == 1 && unlearnt.Contains(row.Name)) || row.Name is "(the teacher itself)" or "direct" or "scalar" ? 1 : 0;
                Assert.True(row.Cells.Count(cell => cell is null) == expected, $"question {table.Question}, {row.Name}: {row.Cells.Count(cell => cell is null)} empty cells and not {expected}");
            }
        }
    }

    [Fact]
    public async Task Train_FollowsAJobFromAnotherProcess_KilledAndTypedAgain_WithTheCurveOfAnUndisturbedRun()
    {
        GenPrmProgram genprm = demo.Program;
        string[] where = ["--data", Path.Combine(genprm.Folder, "live-store")];
        string[] Train(string run) =>
        [
            "train", "--job", "live", "--model", demo.Model("teacher"), "--out", Path.Combine(genprm.Folder, run), "--schedule", "constant", "--lr", "0.001",
            "--steps", "12", "--batch", "4", "--window", "8", "--save-every", "3", "--held-out", "0.2", "--evaluate-every", "4", "--dtype", "f32", .. where,
        ];
        string[] parameters = [.. LabRecipe.Quick.JobParameters(QuickDemo.Seed).SelectMany(one => new[] { "--set", $"{one.Key}={one.Value}" })];

        Process job = genprm.Start(["run", "--name", "live", "--problems", demo.Folder.Problems, "--policy", demo.Model("policy"), "--judge", demo.Model("teacher"), .. parameters, .. where]);
        await GenPrmProgram.HostedAsync(new(where[1]), job);
        await genprm.UntilAsync("live", summary => summary.Count("samples", "accepted") > 0, job, where);
        Process killed = genprm.Start(Train("killed"));
        TrainingCurves.WaitFor(Path.Combine(genprm.Folder, "killed"), rows => rows is > 3 and < 12 && rows % 3 > 0, killed);
        killed.Kill();
        await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        string said = await genprm.RunAsync(0, Train("killed"));
        Assert.Equal(0, (await GenPrmProgram.EndAsync(job)).Code);
        await genprm.RunAsync(0, Train("whole"));

        Assert.StartsWith("Going on from ", said, StringComparison.Ordinal);
        string[] whole = TrainingCurves.Read(Path.Combine(genprm.Folder, "whole"));
        Assert.Equal(12, whole.Length);
        Assert.Equal(whole, TrainingCurves.Read(Path.Combine(genprm.Folder, "killed")));
        Assert.Equal(TrainingCurves.LastWeights(Path.Combine(genprm.Folder, "whole")), TrainingCurves.LastWeights(Path.Combine(genprm.Folder, "killed")));
    }
}
