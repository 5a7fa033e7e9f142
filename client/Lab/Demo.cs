using System.Collections.Immutable;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.Reports;
using GenPrm.Lab.Runs;
using GenPrm.Lab.World;
using GenPrm.Silo.Hosting;

namespace GenPrm.Client.Lab;

/// <summary>The whole loop once: a policy, a teacher, an ordinary job, a judge whose first pass over its samples begins while it runs, and what that judge gained. Every finished stage is
/// kept, so that a run that was stopped goes on.</summary>
internal sealed class Demo(LabFolder folder, LabRecipe recipe, ulong seed, GenerateSettings generate, LabScreen screen)
{
    private readonly LabModels _models = new(folder, recipe, seed, generate, screen);

    public async Task<DemoResult> RunAsync(CancellationToken cancellation)
    {
        var synthesis = new LabSynthesis(folder, recipe, seed, generate, _models, screen);
        ImmutableArray<LabProblem> problems = synthesis.Problems;

        screen.Say($"1/6  A policy learns to solve last-digit problems, from random weights ({recipe.Policy.Steps} steps).");
        TrainedModel policy = await _models.PolicyAsync(cancellation);
        screen.Say($"2/6  From it, a teacher learns to write critiques with code; of the last {1 - recipe.CleanTeacher:P0} of its lessons {recipe.Faults:P0} have a fault ({recipe.Teacher.Steps} steps).");
        TrainedModel teacher = await _models.TeacherAsync(policy, cancellation);
        screen.Say($"3/6  The policy solves fresh problems: {recipe.EvaluatedEach} solutions with a wrong step and {recipe.EvaluatedEach} without, to score judges on.");
        ImmutableArray<FreshSolution> fresh = await _models.FreshAsync(policy, problems.Select(problem => problem.Text), cancellation);

        screen.Say($"4/6  The job: {problems.Length} problems, rollouts, {recipe.K} completions a step, {recipe.Rationales} critiques a rollout, code in containers; a judge begins its first pass over its samples as they come.");
        JobFacts job = await synthesis.RunAsync(policy, teacher, cancellation);

        JudgeReport before, after;
        await using (var sandbox = LabSandbox.Open())
        {
            screen.Say($"5/6  Before: the teacher judges the fresh solutions.");
            before = await _models.JudgeAsync("teacher", teacher, fresh, recipe.Paths, sandbox, cancellation);
            screen.Say($"6/6  After: the trained judge does.");
            after = await _models.JudgeAsync("judge", job.Judge, fresh, recipe.Paths, sandbox, cancellation);
        }

        ImmutableArray<Core.Samples.StepRow> steps = synthesis.Steps();
        (double gain, var interval) = JudgeEvaluation.Gain(before, after, 0);
        return new(
            seed, policy, teacher, job,
            [LabelAccuracy.Of(steps, problems, LabelRule.Default), LabelAccuracy.Of(steps, problems, LabelRule.Hard)],
            before, after, gain, interval)
        { Store = folder.Store.Path };
    }
}
