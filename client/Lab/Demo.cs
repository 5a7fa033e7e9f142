using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using GenPrm.Client.Export;
using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Samples;
using GenPrm.Grains.Jobs;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.Reports;
using GenPrm.Lab.Runs;
using GenPrm.Lab.World;
using GenPrm.Silo.Hosting;
using GenPrm.Trainer.Data;

namespace GenPrm.Client.Lab;

/// <summary>The whole loop once: a policy, a teacher, an ordinary job, a judge trained on its samples while it runs, and what that judge gained. Every finished stage is
/// kept, so that a run that was stopped goes on.</summary>
internal sealed class Demo(LabFolder folder, LabRecipe recipe, ulong seed, GenerateSettings generate, LabScreen screen)
{
    private const string JobName = "demo";
    private readonly LabModels _models = new(folder, recipe, seed, screen);

    public async Task<DemoResult> RunAsync(CancellationToken cancellation)
    {
        ImmutableArray<LabProblem> problems = recipe.World.DrawMany(seed, "job", recipe.Problems);
        WriteProblems(problems);

        screen.Say($"1/6  A policy learns to solve last-digit problems, from random weights ({recipe.Policy.Steps} steps).");
        TrainedModel policy = await _models.PolicyAsync(cancellation);
        screen.Say($"2/6  From it, a teacher learns to write critiques with code; {recipe.Faults:P0} of its lessons have a fault ({recipe.Teacher.Steps} steps).");
        TrainedModel teacher = await _models.TeacherAsync(policy, cancellation);
        screen.Say($"3/6  The policy solves fresh problems: {recipe.EvaluatedEach} solutions with a wrong step and {recipe.EvaluatedEach} without, to score judges on.");
        ImmutableArray<FreshSolution> fresh = await _models.FreshAsync(policy, problems.Select(problem => problem.Text), cancellation);

        screen.Say($"4/6  The job: {problems.Length} problems, rollouts, {recipe.K} completions a step, {recipe.Rationales} critiques a rollout, code in containers; a judge is trained on its samples as they come.");
        JobFacts job = await folder.Notebook.OnceAsync("job", () => JobAsync(policy, teacher, cancellation));

        JudgeReport before, after;
        await using (var sandbox = LabSandbox.Open())
        {
            screen.Say($"5/6  Before: the teacher judges the fresh solutions.");
            before = await _models.JudgeAsync("teacher", teacher, fresh, sandbox, cancellation);
            screen.Say($"6/6  After: the trained judge does.");
            after = await _models.JudgeAsync("judge", job.Judge, fresh, sandbox, cancellation);
        }

        StepRow[] steps = [.. File.ReadLines(Path.Combine(folder.Export(1), "steps.jsonl")).Select(line => JsonSerializer.Deserialize<StepRow>(line, ExportJson.Options)!)];
        (double gain, var interval) = JudgeEvaluation.Gain(before, after, 0);
        return new(
            seed, policy, teacher, job,
            [LabelAccuracy.Of(steps, problems, LabelRule.Default), LabelAccuracy.Of(steps, problems, LabelRule.Hard)],
            before, after, gain, interval);
    }

    /// <summary>Runs the job and the training beside it, and exports what it made.</summary>
    private async Task<JobFacts> JobAsync(TrainedModel policy, TrainedModel teacher, CancellationToken cancellation)
    {
        PreparedJob prepared = PreparedJob.Make(new JobDraft
        {
            Name = JobName,
            Problems = folder.Problems,
            Policy = policy.Folder,
            Judge = teacher.Folder,
            Profile = "laptop",
            Parameters = recipe.JobParameters(seed),
        });
        TrainedModel? judge = null;
        long start = TimeProvider.System.GetTimestamp();
        string line = "";
        return await new LabJob(folder, generate, text => screen.Say($"{text}")).RunAsync(
            prepared,
            summary => screen.Progress($"{line = Line(summary)}"),
            async (session, cancel) => judge = await _models.TrainAsync("judge", teacher.Folder, recipe.Judge, Log(session), cancel),
            async (session, summary) =>
            {
                await new JobExport(session.Grains, JobName, labelling: 1).WriteAsync(folder.Export(1), ExportFormats.Jsonl, cancellation);
                return new JobFacts(
                    judge!, Classes(summary.Problems), Classes(summary.Rollouts), Classes(summary.Steps), Classes(summary.Rationales), Classes(summary.Samples),
                    summary.Work.Continuations, summary.Work.Tokens, summary.Work.Blocks, TimeProvider.System.GetElapsedTime(start).TotalSeconds);
            },
            cancellation);
    }

    private static LoggedSamples Log(ClusterSession session) => new(session.Grains, JobName, 1, TimeProvider.System, (_, _) => { });

    private static string Line(JobSummary summary) => string.Create(
        CultureInfo.InvariantCulture,
        $"problems {summary.Problems["done"] + summary.Problems["too_easy"] + summary.Problems["too_hard"]}/{summary.Problems.Total}, {summary.Work.Tokens:N0} tokens, {summary.Work.Blocks} code blocks, {summary.Samples["accepted"]} samples accepted");

    private static ImmutableSortedDictionary<string, long> Classes(ClassCounts counts) => counts.Classes;

    private void WriteProblems(ImmutableArray<LabProblem> problems)
    {
        if (File.Exists(folder.Problems))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Problems)!);
        File.WriteAllLines(folder.Problems, problems.Select((problem, i) => JsonSerializer.Serialize(new { id = string.Create(CultureInfo.InvariantCulture, $"lab-{i}"), problem = problem.Text, answer = problem.Answer })));
    }
}
