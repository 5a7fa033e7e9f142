using System.Collections.Immutable;
using GenPrm.Core.Execution;
using GenPrm.Core.Samples;
using GenPrm.Core.Scoring;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.Lessons;
using GenPrm.Lab.Reports;
using GenPrm.Lab.Runs;
using GenPrm.Model.Engine;
using GenPrm.Silo.Hosting;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Verification;

namespace GenPrm.Client.Lab;

/// <summary>One seed of <c>genprm lab</c>: the demo's loop, and on what it made the seven questions. Every training and every evaluation is kept when it is done.</summary>
internal sealed class LabSeed(LabFolder folder, LabPlan plan, ulong seed, GenerateSettings generate, LabScreen screen)
{
    private readonly LabRecipe _recipe = plan.Recipe;
    private readonly LabModels _models = new(folder, plan.Recipe, seed, generate, screen);
    private readonly Dictionary<string, JudgeReport> _judges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _samples = new(StringComparer.Ordinal);

    public async Task<SeedFindings> RunAsync(CancellationToken cancellation)
    {
        var synthesis = new LabSynthesis(folder, _recipe, seed, generate, _models, screen);
        screen.Say($"seed {seed}: policy, teacher, fresh solutions, and the job, with a judge whose training begins beside it");
        TrainedModel policy = await _models.PolicyAsync(cancellation);
        TrainedModel teacher = await _models.TeacherAsync(policy, cancellation);
        ImmutableArray<FreshSolution> fresh = await _models.FreshAsync(policy, synthesis.Problems.Select(problem => problem.Text), cancellation);
        JobFacts job = await synthesis.RunAsync(policy, teacher, cancellation);
        ImmutableArray<StepRow> steps = synthesis.Steps();
        var filter = new CritiqueFilter(await synthesis.CritiquesAsync(policy, teacher, cancellation), steps, synthesis.Problems);
        ImmutableArray<Conversation> accepted = filter.Consensus(LabelRule.Default);

        await using var sandbox = LabSandbox.Open();
        screen.Say($"seed {seed}: questions 1 and 2, what judges learn from each filter");
        await JudgeAsync(JudgeNames.Teacher, teacher, fresh, plan.Paths, sandbox, cancellation);
        await FromAsync(JudgeNames.Everything, teacher, filter.Everything, fresh, sandbox, cancellation);
        foreach (LabelRule rule in plan.Judged)
            await FromAsync(JudgeNames.Of(rule), teacher, filter.Consensus(rule), fresh, sandbox, cancellation);
        // The default rule's judge is the one whose training began beside the job; where nothing was accepted, that has ended this seed.
        TrainedModel judge = job.Judge;
        _samples[JudgeNames.Of(LabelRule.Default)] = accepted.Length;
        await JudgeAsync(JudgeNames.Of(LabelRule.Default), judge, fresh, plan.Paths, sandbox, cancellation);
        await FromAsync(JudgeNames.Truth, teacher, filter.Truth, fresh, sandbox, cancellation);

        screen.Say($"seed {seed}: question 3, votes of up to {plan.Votes} paths");
        await JudgeAsync(JudgeNames.Voting, judge, fresh, plan.Votes, sandbox, cancellation);
        screen.Say($"seed {seed}: question 4, analysis and code in a world of two digits");
        await ModesAsync(teacher, sandbox, cancellation);
        screen.Say($"seed {seed}: question 5, best of {plan.Candidates}, and refining");
        (BestOfFindings bestOf, RefinementFindings refinement) = await ChoosingAsync(policy, judge, sandbox, cancellation);
        screen.Say($"seed {seed}: question 6, fewer samples");
        foreach (int count in plan.Shares.Select(share => JudgeNames.CountOf(share, accepted.Length)).Distinct())
            await FromAsync(JudgeNames.First(count), teacher, Drawn(accepted, count), fresh, sandbox, cancellation);
        screen.Say($"seed {seed}: question 7, other kinds of judges, and a smaller one");
        await KindsAsync(teacher, accepted, fresh, sandbox, cancellation);
        return new(
            seed, [.. LabelRule.All.Select(rule => LabelAccuracy.Of(steps, synthesis.Problems, rule))],
            _judges.ToImmutableSortedDictionary(StringComparer.Ordinal), _samples.ToImmutableSortedDictionary(StringComparer.Ordinal), bestOf, refinement);
    }

    /// <summary>So many of the samples, without regard to the order of the job's problems.</summary>
    private ImmutableArray<Conversation> Drawn(ImmutableArray<Conversation> samples, int count) =>
        [.. samples.OrderBy(sample => Core.Identity.RandomStream.SeedOf(seed, $"fewer/{sample.Id}")).Take(count)];

    /// <summary>A judge that learns from samples, and its evaluation; none where a filter let nothing through.</summary>
    private async Task FromAsync(
        string name, TrainedModel teacher, ImmutableArray<Conversation> samples, ImmutableArray<FreshSolution> fresh, ISandbox sandbox, CancellationToken cancellation)
    {
        _samples[name] = samples.Length;
        if (samples.IsEmpty)
            return;
        TrainedModel judge = await _models.TrainOnceAsync(name, teacher, _recipe.Judge, new ListedSamples(samples), cancellation);
        await JudgeAsync(name, judge, fresh, plan.Paths, sandbox, cancellation);
    }

    private async Task JudgeAsync(
        string name, TrainedModel judge, ImmutableArray<FreshSolution> solutions, int paths, ISandbox sandbox, CancellationToken cancellation, JudgeOptions? judging = null) =>
        _judges[name] = await _models.JudgeAsync($"{name}-{paths}", judge, solutions, paths, sandbox, cancellation, judging);

    private async Task ModesAsync(TrainedModel teacher, ISandbox sandbox, CancellationToken cancellation)
    {
        LessonSource lessons = LessonSource.Modes(plan.HardWorld, _recipe.TeacherSlips, plan.Modes.Lessons(_recipe.CleanTeacher), _recipe.Erratic, plan.Mistaken, seed);
        TrainedModel judge = await _models.TrainOnceAsync("modes", teacher, plan.Modes, lessons, cancellation);
        ImmutableArray<FreshSolution> written = FreshSolutions.Written(plan.HardWorld, plan.ModesEach, seed);
        foreach ((string name, JudgeOptions judging) in plan.JudgingModes)
            await JudgeAsync(JudgeNames.Mode(name), judge, written, plan.Paths, sandbox, cancellation, judging);
    }

    private async Task<(BestOfFindings BestOf, RefinementFindings Refinement)> ChoosingAsync(TrainedModel policy, TrainedModel judge, ISandbox sandbox, CancellationToken cancellation)
    {
        TrainedModel rewriter = await _models.TrainOnceAsync("rewriter", policy, plan.Rewriting, LessonSource.Rewrites(_recipe.World, _recipe.PolicySlips, seed), cancellation);
        var folders = new Dictionary<string, string> { ["policy"] = policy.Folder, ["rewriter"] = rewriter.Folder, ["judge"] = judge.Folder };
        await using var generator = new LocalGenerator(folders, _models.Engine);
        await using Verifier verifier = _models.Verifier("judge", generator, sandbox);
        var solver = new Policy(generator, "policy", _recipe.Sampling, [], []);
        var writer = new Policy(generator, "rewriter", _recipe.Sampling, [], []);
        PolicyProblem[] problems = [.. _recipe.World.DrawMany(seed, "choosing", plan.Problems).Select((problem, i) => new PolicyProblem($"choose-{i}", problem.Text, problem.Answer, []))];
        BestOfFindings best = await folder.Notebook.OnceAsync("best-of", async () => BestOfFindings.Of(await EachAsync(async (problem, stop) =>
            await BestOfRow.MakeAsync(problem, await solver.SolveAsync(problem, plan.Candidates, seed, stop), verifier, 1, seed, stop), 2)));
        RefinementFindings refined = await folder.Notebook.OnceAsync("refined", async () => RefinementFindings.Of(await EachAsync(async (problem, stop) =>
        {
            // The model that writes again has written the first solution, too, and others to hold the rewriting against.
            ImmutableArray<Candidate> solved = await writer.SolveAsync(problem, 1 + plan.Rounds, seed, stop);
            return new RefinedProblem(
                await RefinementRow.MakeAsync(problem, solved[0], writer, verifier, 1, plan.Rounds, seed, stop),
                await RefinementRow.MakeAsync(problem, solved[0], (_, _, _, round) => Task.FromResult(solved[round]), verifier, 1, plan.Rounds, seed, stop));
        }, LabSandbox.Containers), plan.Rounds));
        return (best, refined);

        async Task<List<T>> EachAsync<T>(Func<PolicyProblem, CancellationToken, Task<T>> work, int most)
        {
            var rows = new List<T>();
            await foreach (T row in InFlight.RunAsync(problems, most, work, cancellation))
            {
                rows.Add(row);
                screen.Progress($"{rows.Count} of {problems.Length} problems");
            }

            return rows;
        }
    }

    private async Task KindsAsync(TrainedModel teacher, ImmutableArray<Conversation> accepted, ImmutableArray<FreshSolution> fresh, ISandbox sandbox, CancellationToken cancellation)
    {
        var samples = new ListedSamples(accepted);
        TrainedModel direct = await _models.TrainOnceAsync(JudgeNames.Direct, teacher, plan.Baselines, samples, cancellation, Objective.Direct);
        await JudgeAsync(JudgeNames.Direct, direct, fresh, 1, sandbox, cancellation, _recipe.Judging with { Analyze = false, Verify = false });
        TrainedModel scalar = await _models.TrainOnceAsync(JudgeNames.Scalar, teacher, plan.Baselines, samples, cancellation, Objective.Scalar);
        _judges[JudgeNames.Scalar] = await _models.ScoreAsync(JudgeNames.Scalar, scalar, fresh, cancellation);

        var small = new LabModels(folder.Small, _recipe with { Model = plan.Small, Policy = plan.SmallPolicy, Teacher = plan.SmallTeacher }, seed, generate, screen);
        TrainedModel smallTeacher = await small.TeacherAsync(await small.PolicyAsync(cancellation), cancellation);
        TrainedModel smallJudge = await small.TrainOnceAsync("judge", smallTeacher, _recipe.Judge, samples, cancellation);
        _judges[JudgeNames.Small] = await small.JudgeAsync($"judge-{plan.Votes}", smallJudge, fresh, plan.Votes, sandbox, cancellation);
    }
}
