using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Core.Generation;
using GenPrm.Core.Identity;
using GenPrm.Core.Jobs;
using GenPrm.Core.Rollouts;
using GenPrm.Lab.World;

namespace GenPrm.Lab.Evaluation;

/// <summary>A solution of a problem that no lesson and no job has shown to any model, with its truth.</summary>
/// <param name="Problem">The problem's text.</param>
/// <param name="Steps">Without <c>Step k:</c>.</param>
/// <param name="FirstWrong">From 1; null where every step is right.</param>
public sealed record FreshSolution(string Id, string Problem, ImmutableArray<string> Steps, int? FirstWrong);

/// <summary>Samples solutions to evaluate judges on: one a problem, as many with a wrong step as without.</summary>
/// <param name="generator">Has the policy.</param>
/// <param name="policy">Its name there.</param>
/// <param name="sampling">How a job samples it.</param>
public sealed class FreshSolutions(IGenerator generator, string policy, RolloutParameters sampling)
{
    private const int Round = 256;
    private const int MostRounds = 64;

    /// <summary>Samples until there are enough of both kinds.</summary>
    /// <param name="known">Problems that were used elsewhere, and so are left out.</param>
    /// <param name="each">Solutions of each kind.</param>
    /// <exception cref="Runs.LabException">The policy makes too few mistakes, or too many.</exception>
    public async Task<ImmutableArray<FreshSolution>> SampleAsync(LabWorld world, IReadOnlySet<string> known, int each, ulong seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(world);
        var problems = world.DrawMany(seed, "evaluation", Round * MostRounds).Where(problem => !known.Contains(problem.Text));
        var (right, wrong) = (new List<FreshSolution>(), new List<FreshSolution>());
        foreach (var round in problems.Chunk(Round))
        {
            var solutions = await Task.WhenAll(round.Select((problem, i) => SolveAsync(problem, seed, cancellationToken)));
            foreach (var solution in solutions.OfType<FreshSolution>())
                (solution.FirstWrong is null ? right : wrong).Add(solution);
            if (right.Count >= each && wrong.Count >= each)
                return [.. right.Take(each), .. wrong.Take(each)];
        }

        throw new Runs.LabException($"After {Round * MostRounds} solutions the policy of seed {seed} has {right.Count} without and {wrong.Count} with a wrong step; {each} of each are wanted. Give another --seed.");
    }

    /// <summary>Solutions that the lab wrote itself, for a world that no policy was trained in.</summary>
    /// <param name="each">Solutions of each kind: with a slip that is not redone, and without.</param>
    public static ImmutableArray<FreshSolution> Written(LabWorld world, int each, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(world);
        var random = new RandomStream(RandomStream.SeedOf(seed, "evaluation/written"));
        var solutions = ImmutableArray.CreateBuilder<FreshSolution>(2 * each);
        var problems = world.DrawMany(seed, "evaluation", 2 * each);
        for (var i = 0; i < problems.Length; i++)
        {
            var written = WrittenSolution.Write(problems[i], new(i < each ? 0 : 1, 0), ref random);
            solutions.Add(new(IdOf(problems[i].Text, seed), problems[i].Text, written.Steps, StepTruth.FirstWrong(problems[i], written.Steps)));
        }

        return solutions.MoveToImmutable();
    }

    private async Task<FreshSolution?> SolveAsync(LabProblem problem, ulong seed, CancellationToken cancellationToken)
    {
        var result = await generator.GenerateAsync(
            new(policy, SolvingPrompt.ForRollout(problem.Text, [], sampling), [RandomStream.SeedOf(seed, $"evaluation/{problem.Text}")], sampling.Sampling), cancellationToken);
        var rollout = RolloutReader.Read(0, result.Completions[0], problem.Answer, new() { Rollouts = sampling }, []);
        if (rollout.Fact.Class is not (RolloutClass.Correct or RolloutClass.Incorrect))
            return null;
        ImmutableArray<string> steps = [.. rollout.Split().Steps.Select(step => step.Text)];
        return new(IdOf(problem.Text, seed), problem.Text, steps, StepTruth.FirstWrong(problem, steps));
    }

    private static string IdOf(string problem, ulong seed) => RandomStream.SeedOf(seed, problem).ToString("x16", CultureInfo.InvariantCulture);
}
