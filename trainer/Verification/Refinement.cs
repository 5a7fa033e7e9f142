using System.Collections.Immutable;
using GenPrm.Core.Scoring;

namespace GenPrm.Trainer.Verification;

/// <summary>Why a problem's refinement ended.</summary>
public enum RefinementEnd
{
    /// <summary>The judge saw no wrong step.</summary>
    Accepted,

    /// <summary>No wrong step was seen, but of some step the judge gave no judgement.</summary>
    Unjudged,

    /// <summary>All rounds were used.</summary>
    OutOfRounds,

    /// <summary>The solution can not be judged, or the policy could not write another one; the last one stands.</summary>
    Stuck,
}

/// <summary>A solution of one round, and what the judge said of it.</summary>
/// <param name="Solution">What the policy wrote.</param>
/// <param name="Score">What the judge said; null where it was not judged.</param>
/// <param name="Critique">The analysis that went back to the policy; null where none did, or there was none.</param>
public sealed record RefinementRound(Candidate Solution, ScoreRow? Score, string? Critique);

/// <summary>One problem's refinement: the first solution, then one for each critique.</summary>
/// <param name="Rounds">Round 0 is the first solution.</param>
/// <param name="End">Why there is no further one.</param>
public sealed record RefinementRow(string Id, string Problem, string? Answer, ImmutableArray<RefinementRound> Rounds, RefinementEnd End)
{
    /// <summary>Critique and rewrite (section 8, critic).</summary>
    /// <param name="first">The solution to begin with.</param>
    /// <param name="rounds">The most rewrites.</param>
    public static Task<RefinementRow> MakeAsync(
        PolicyProblem problem, Candidate first, Policy policy, IStepScorer scorer, int paths, int rounds, ulong seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return MakeAsync(
            problem, first,
            (solution, wrong, critique, round) => policy.RewriteAsync(problem, solution.Text, solution.Steps[wrong - 1], critique, round, seed, cancellationToken),
            scorer, paths, rounds, seed, cancellationToken);
    }

    /// <summary>The same with any way to come to another solution.</summary>
    /// <param name="first">The solution to begin with.</param>
    /// <param name="next">Given a solution, its wrong step from 1, the critique and the round from 1.</param>
    /// <param name="rounds">The most further solutions.</param>
    public static async Task<RefinementRow> MakeAsync(
        PolicyProblem problem, Candidate first, Func<Candidate, int, string?, int, Task<Candidate>> next, IStepScorer scorer, int paths, int rounds, ulong seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(scorer);
        var made = ImmutableArray.CreateBuilder<RefinementRound>();
        var solution = first;
        while (true)
        {
            var round = made.Count;
            var score = solution.Class != CandidateClass.Usable || round == rounds
                ? null
                : ScoreRow.Of(await scorer.ScoreAsync(new($"{problem.Id}/t{round}", problem.Text, solution.Steps), new(paths, PanelStop.FirstWrong), seed, cancellationToken));
            if (score is not { IsJudged: true, FirstWrongStep: { } wrong })
            {
                made.Add(new(solution, score, null));
                return Done(
                    round == rounds ? RefinementEnd.OutOfRounds
                    : score is not { IsJudged: true } ? RefinementEnd.Stuck
                    : score.BlankSteps.IsEmpty ? RefinementEnd.Accepted
                    : RefinementEnd.Unjudged);
            }

            var critique = CritiqueOf(score, wrong);
            made.Add(new(solution, score, critique));
            var other = await next(solution, wrong, critique, round + 1);
            if (other.Class == CandidateClass.Refused)
                return Done(RefinementEnd.Stuck);
            solution = other;
        }

        RefinementRow Done(RefinementEnd end) => new(problem.Id, problem.Text, problem.Answer, made.ToImmutable(), end);
    }

    /// <summary>Whether the solution that stands after a round is right.</summary>
    internal bool RightAfter(int round) => Rounds[Math.Min(round, Rounds.Length - 1)].Solution.Right == true;

    /// <summary>The analysis of the path that is surest of the error, of those that have one.</summary>
    private static string? CritiqueOf(ScoreRow score, int step) =>
        score.Paths.Select(path => path.Steps[step - 1]).Where(one => one.Analysis is not null).MinBy(one => one.Reward)?.Analysis;
}

/// <summary>Accuracy round by round.</summary>
/// <param name="Ends">Problems by why their refinement ended.</param>
/// <param name="Accuracy">After round 0, 1, …, over the problems with a gold answer; none without.</param>
public sealed record RefinementReport(int Problems, int WithAnswer, ImmutableSortedDictionary<string, int> Ends, ImmutableArray<RightShare> Accuracy)
{
    public static RefinementReport Of(IReadOnlyCollection<RefinementRow> rows, int rounds)
    {
        ArgumentNullException.ThrowIfNull(rows);
        RefinementRow[] gold = [.. rows.Where(row => row.Answer is not null)];
        return new(
            rows.Count,
            gold.Length,
            Names.Count(rows.Select(row => row.End)),
            gold.Length == 0 ? [] : [.. Enumerable.Range(0, rounds + 1).Select(round => RightShare.Of(gold.Count(row => row.RightAfter(round)), gold.Length))]);
    }
}
