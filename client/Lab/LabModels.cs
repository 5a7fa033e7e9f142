using System.Collections.Immutable;
using GenPrm.Core.Execution;
using GenPrm.Core.Scoring;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.Lessons;
using GenPrm.Lab.Runs;
using GenPrm.Model.Engine;
using GenPrm.Model.Torch;
using GenPrm.Silo.Hosting;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Verification;

namespace GenPrm.Client.Lab;

/// <summary>The models of a lab run: first lessons, and what is sampled from and judged by them outside a job.</summary>
/// <param name="folder">The run.</param>
/// <param name="recipe">Its numbers.</param>
/// <param name="seed">Its seed.</param>
/// <param name="generate">Where models run, and in which numbers; all are trained in f32.</param>
/// <param name="screen">Told how far things are.</param>
internal sealed class LabModels(LabFolder folder, LabRecipe recipe, ulong seed, GenerateSettings generate, LabScreen screen)
{
    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>How models are run outside a job: as in it.</summary>
    public EngineOptions Engine => new() { Device = generate.Device, Dtype = generate.Dtype };

    /// <summary>The policy: random weights and solutions.</summary>
    public Task<TrainedModel> PolicyAsync(CancellationToken cancellation) => folder.Notebook.OnceAsync("policy", async () =>
    {
        recipe.Model.WriteTo(folder.Initial, seed);
        return await TrainAsync("policy", folder.Initial, recipe.Policy, LessonSource.Policy(recipe.World, recipe.PolicySlips, recipe.Policy.Lessons(recipe.CleanPolicy), seed), cancellation);
    });

    /// <summary>The teacher: the policy and critiques, some of them faulty.</summary>
    public Task<TrainedModel> TeacherAsync(TrainedModel policy, CancellationToken cancellation) => folder.Notebook.OnceAsync("teacher", () =>
        TrainAsync("teacher", policy.Folder, recipe.Teacher, LessonSource.Teacher(recipe.World, recipe.TeacherSlips, recipe.Faults, recipe.Teacher.Lessons(recipe.CleanTeacher), recipe.Erratic, seed), cancellation));

    /// <summary>A training under a name, once; what is there of it is gone on with.</summary>
    public Task<TrainedModel> TrainOnceAsync(string name, TrainedModel model, Course course, ISampleSource samples, CancellationToken cancellation, Objective objective = Objective.Critique) =>
        folder.Notebook.OnceAsync($"trained-{name}", () => TrainAsync(name, model.Folder, course, samples, cancellation, objective));

    /// <summary>A training under a name; what is there of it is gone on with.</summary>
    public Task<TrainedModel> TrainAsync(string name, string model, Course course, ISampleSource samples, CancellationToken cancellation, Objective objective = Objective.Critique) =>
        LabTraining.RunAsync(
            model, folder.Model(name), course, samples, seed, generate.Device, _time,
            (step, loss) => screen.Progress($"{name}: step {step} of {course.Steps}, loss {loss:0.000}"), cancellation, objective);

    /// <summary>Solutions by the policy on problems that the job does not have.</summary>
    public Task<ImmutableArray<FreshSolution>> FreshAsync(TrainedModel policy, IEnumerable<string> known, CancellationToken cancellation) => folder.Notebook.OnceAsync("fresh-solutions", async () =>
    {
        await using var generator = new LocalGenerator(new Dictionary<string, string> { ["policy"] = policy.Folder }, Engine);
        return await new FreshSolutions(generator, "policy", recipe.Sampling).SampleAsync(recipe.World, known.ToHashSet(StringComparer.Ordinal), recipe.EvaluatedEach, seed, cancellation);
    });

    /// <summary>A judge's figures on these solutions, once under a name.</summary>
    /// <param name="judging">How it is asked; null as ever.</param>
    public Task<JudgeReport> JudgeAsync(
        string name, TrainedModel judge, ImmutableArray<FreshSolution> solutions, int paths, ISandbox sandbox, CancellationToken cancellation, JudgeOptions? judging = null) =>
        folder.Notebook.OnceAsync($"judged-by-{name}", async () =>
        {
            await using var generator = new LocalGenerator(new Dictionary<string, string> { [name] = judge.Folder }, Engine);
            await using Verifier verifier = Verifier(name, generator, sandbox, judging);
            return await JudgeEvaluation.RunAsync(
                verifier, solutions, paths, Math.Max(1, LabSandbox.Containers / paths), seed, _time,
                done => screen.Progress($"{name}: {done} of {solutions.Length} solutions judged on {paths} paths, {verifier.Work.Blocks} code blocks"), cancellation);
        });

    /// <summary>A value head's figures, once under a name: one pass a solution.</summary>
    public Task<JudgeReport> ScoreAsync(string name, TrainedModel judge, ImmutableArray<FreshSolution> solutions, CancellationToken cancellation) =>
        folder.Notebook.OnceAsync($"judged-by-{name}", async () =>
        {
            using var scorer = ScalarScorer.Load(judge.Folder, TorchTarget.Parse(generate.Device, generate.Dtype), _time);
            return await JudgeEvaluation.RunAsync(scorer, solutions, 1, 1, seed, _time, _ => { }, cancellation);
        });

    /// <summary>A judge at work.</summary>
    public Verifier Verifier(string name, LocalGenerator generator, ISandbox sandbox, JudgeOptions? judging = null) =>
        new(generator, sandbox, new() { Model = name, Judge = judging ?? recipe.Judging, Interpreters = LabSandbox.Containers }, _time);
}
