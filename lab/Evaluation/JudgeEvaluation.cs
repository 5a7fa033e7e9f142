using System.Collections.Immutable;
using GenPrm.Core.Scoring;
using GenPrm.Trainer.Verification;

namespace GenPrm.Lab.Evaluation;

/// <summary>What a judge predicted for a solution.</summary>
/// <param name="Label">The true first wrong step from 1; null for none.</param>
/// <param name="Votes">For each size of vote, smallest first: a prediction from each of its groups, from 1, or null for none.</param>
public sealed record JudgedSolution(string Id, int? Label, ImmutableArray<ImmutableArray<int?>> Votes);

/// <summary>A judge's figures at one size of vote.</summary>
/// <param name="Paths">1 is Pass@1; others are Maj@N.</param>
public sealed record VoteScore(int Paths, double F1, Interval Interval, double ErrorAccuracy, double CorrectAccuracy);

/// <summary>A judge's evaluation on solutions whose truth is known.</summary>
/// <param name="Scores">Pass@1 first.</param>
/// <param name="Unparsed">The share of step judgements that had to be forced, or did not come.</param>
/// <param name="Tokens">Generated.</param>
/// <param name="Blocks">Code blocks run.</param>
/// <param name="Examples">A few solutions with the first path's own words: some that it is right on, then some that it is not.</param>
public sealed record JudgeReport(
    ImmutableArray<JudgedSolution> Solutions, ImmutableArray<VoteScore> Scores, double Unparsed, long Tokens, long Blocks, double Seconds, ImmutableArray<JudgedExample> Examples)
{
    public VoteScore PassAt1 => Scores[0];

    public VoteScore Majority => Scores[^1];
}

/// <summary>One path over one solution, for people to read.</summary>
/// <param name="Turns">What the judge wrote of each step, output blocks included.</param>
public sealed record JudgedExample(FreshSolution Solution, int? Predicted, ImmutableArray<string> Turns)
{
    /// <summary>Whether the true first wrong step was found, or none where there is none.</summary>
    public bool IsRight => Predicted == Solution.FirstWrong;
}

/// <summary>Scores judges on fresh solutions in the conversation form, through the product's verifier, its sandbox and its scoring.</summary>
public static class JudgeEvaluation
{
    public const int RightExamples = 3, WrongExamples = 2;

    /// <param name="paths">Paths a solution: one run gives Pass@1 and every vote up to Maj@<paramref name="paths"/>.</param>
    /// <param name="atOnce">Solutions that are judged at once: with more paths than interpreters, these lose each other's and run code again.</param>
    /// <param name="judged">Told how many solutions are done.</param>
    public static async Task<JudgeReport> RunAsync(
        IStepScorer scorer, ImmutableArray<FreshSolution> solutions, int paths, int atOnce, ulong seed, TimeProvider time, Action<int> judged, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(judged);
        var start = time.GetTimestamp();
        var plan = new PanelPlan(scorer.IsSampled ? paths : 1, PanelStop.FirstWrongOfEveryVote);
        var done = 0;
        var scores = new SolutionScore[solutions.Length];
        await Parallel.ForAsync(0, solutions.Length, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken }, async (i, stop) =>
        {
            scores[i] = await scorer.ScoreAsync(new(solutions[i].Id, solutions[i].Problem, solutions[i].Steps), plan, seed, stop);
            judged(Interlocked.Increment(ref done));
        });
        ImmutableArray<JudgedSolution> rows = [.. scores.Zip(solutions, (score, solution) => new JudgedSolution(solution.Id, solution.FirstWrong, Predicted(score, plan.Paths)))];
        StepScore[] steps = [.. scores.OfType<SolutionScore.Judged>().SelectMany(score => score.Paths).SelectMany(path => path.Steps)];
        return new(
            rows,
            Score(rows, plan.Paths),
            steps.Length == 0 ? 1 : steps.Average(step => step.Class is StepClass.Forced or StepClass.NoJudgement ? 1.0 : 0.0),
            steps.Sum(step => (long)step.Tokens),
            steps.Sum(step => (long)step.Code.Length),
            time.GetElapsedTime(start).TotalSeconds,
            Examples(scores, solutions));
    }

    /// <summary>The figures of every size of vote.</summary>
    public static ImmutableArray<VoteScore> Score(ImmutableArray<JudgedSolution> rows, int paths) =>
    [
        .. Votes.Sizes(paths).Select((size, i) =>
        {
            var score = ProcessBenchScore.Of(Predictions(rows, i));
            return new VoteScore(size, score.F1, score.F1Interval, score.ErrorAccuracy, score.CorrectAccuracy);
        }),
    ];

    /// <summary>What a benchmark's scoring takes, at one size of vote.</summary>
    public static IEnumerable<ProcessBenchPrediction> Predictions(ImmutableArray<JudgedSolution> rows, int size) =>
        rows.Select(row => new ProcessBenchPrediction(
            "lab", ProcessBench.FromStep(row.Label), row.Votes.IsEmpty ? [null] : [.. row.Votes[size].Select(predicted => (int?)ProcessBench.FromStep(predicted))]));

    /// <summary>The gain in F1 of one judge over another on the same solutions, and its interval: both are resampled together.</summary>
    public static (double Gain, Interval Interval) Gain(JudgeReport before, JudgeReport after, int size)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return Measured.Difference([(Measured.F1(after, size), Measured.F1(before, size))]) ?? throw new ArgumentException("the judges were scored on other solutions", nameof(after));
    }

    private static ImmutableArray<ImmutableArray<int?>> Predicted(SolutionScore score, int paths) => score is SolutionScore.Judged judged
        ? [.. Votes.Sizes(paths).Select(size => Votes.Of(paths, size).Select(vote => Panel.FirstWrong(Panel.Rewards([.. vote.Select(path => judged.Paths[path].Rewards)]))).ToImmutableArray())]
        : [];

    /// <summary>In the order of their ids, which say nothing of them: the first solutions that the first path is right on, those with a wrong step before the others, and the
    /// first that it is not right on.</summary>
    internal static ImmutableArray<JudgedExample> Examples(IEnumerable<SolutionScore> scores, ImmutableArray<FreshSolution> solutions)
    {
        JudgedExample[] all =
        [
            .. scores.Zip(solutions)
                .Where(pair => pair.First is SolutionScore.Judged)
                .Select(pair => (Path: ((SolutionScore.Judged)pair.First).Paths[0], Solution: pair.Second))
                .Select(pair => new JudgedExample(pair.Solution, Panel.FirstWrong(pair.Path.Rewards), [.. pair.Path.Steps.Select(step => step.Text)]))
                .OrderBy(example => example.Solution.Id, StringComparer.Ordinal),
        ];
        return
        [
            .. all.Where(example => example.IsRight).OrderByDescending(example => example.Solution.FirstWrong is not null).Take(RightExamples),
            .. all.Where(example => !example.IsRight).Take(WrongExamples),
        ];
    }
}
