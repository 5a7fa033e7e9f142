using System.Collections.Immutable;
using GenPrm.Core.Scoring;

namespace GenPrm.Trainer.Verification;

/// <summary>A candidate and its score.</summary>
/// <param name="Candidate">The solution.</param>
/// <param name="Score">What the judge said of its steps; null where it could not be judged.</param>
public sealed record ScoredCandidate(Candidate Candidate, ScoreRow? Score)
{
    /// <summary>The verifier's score; below all others where there is none.</summary>
    internal double By(Aggregate aggregate) => Score is { IsJudged: true } score ? Selection.Score(aggregate, score.Rewards) : -1;
}

/// <summary>A problem with its candidates.</summary>
/// <param name="Answer">The gold answer, or null.</param>
public sealed record BestOfRow(string Id, string Problem, string? Answer, ImmutableArray<ScoredCandidate> Candidates)
{
    /// <summary>The candidates, counted from 0, that are chosen among all: by the last, average and least step reward, and by the majority of answers.</summary>
    public Choices Chosen => Among([.. Enumerable.Range(0, Candidates.Length)]);

    /// <summary>Candidates, solutions that can not be judged included.</summary>
    public static async Task<BestOfRow> MakeAsync(
        PolicyProblem problem, ImmutableArray<Candidate> candidates, IStepScorer scorer, int paths, ulong seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(scorer);
        var scores = await Task.WhenAll(candidates.Select(async (candidate, i) => candidate.Class == CandidateClass.Usable
            ? ScoreRow.Of(await scorer.ScoreAsync(new($"{problem.Id}/r{i}", problem.Text, candidate.Steps), new(paths, PanelStop.Never), seed, cancellationToken))
            : null));
        return new(problem.Id, problem.Text, problem.Answer, [.. candidates.Zip(scores, (candidate, score) => new ScoredCandidate(candidate, score))]);
    }

    /// <summary>Who is chosen among some candidates.</summary>
    internal Choices Among(ImmutableArray<int> group) => new(
        Best(group, Aggregate.Last),
        Best(group, Aggregate.Mean),
        Best(group, Aggregate.Min),
        Selection.Majority([.. group.Select(i => Candidates[i].Candidate.Answer)]) is { } voted ? group[voted] : null);

    private int Best(ImmutableArray<int> group, Aggregate aggregate) => group[Selection.Best([.. group.Select(i => Candidates[i].By(aggregate))])];
}

/// <summary>Candidates by number, from 0. <see cref="Majority"/> is null where none gives an answer.</summary>
public sealed record Choices(int Last, int Mean, int Min, int? Majority);

/// <summary>How often a way of choosing is right, among N candidates.</summary>
/// <param name="Problems">Problems with a gold answer and at least N candidates.</param>
/// <param name="Last">By the last step's reward; likewise the next two.</param>
/// <param name="Pass">Whether any is right (pass@N), by the unbiased estimate.</param>
public sealed record BestOfFigures(int N, int Problems, RightShare Last, RightShare Mean, RightShare Min, RightShare Majority, RightShare Pass);

/// <summary>A share of problems and its 95 % interval.</summary>
public sealed record RightShare(double Share, Interval Interval)
{
    internal static RightShare Of(double sum, int of) => new(of == 0 ? 0 : sum / of, Interval.Wilson(sum, of));
}

/// <summary>Best-of-N by a verifier beside majority voting and pass@N.</summary>
/// <param name="Candidates">All candidates by class.</param>
/// <param name="Scores">Usable candidates by what became of their judging.</param>
/// <param name="Figures">For N = 1, 2, 4, …: means over disjoint groups of N candidates. None without gold answers.</param>
public sealed record BestOfReport(
    int Problems,
    int WithAnswer,
    ImmutableSortedDictionary<string, int> Candidates,
    ImmutableSortedDictionary<string, int> Scores,
    ImmutableSortedDictionary<string, int> Steps,
    ImmutableArray<BestOfFigures> Figures)
{
    public static BestOfReport Of(IReadOnlyCollection<BestOfRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        BestOfRow[] gold = [.. rows.Where(row => row.Answer is not null && !row.Candidates.IsEmpty)];
        var candidates = rows.SelectMany(row => row.Candidates).ToList();
        var scores = candidates.Select(one => one.Score).OfType<ScoreRow>().ToList();
        return new(
            rows.Count,
            gold.Length,
            Names.Count(candidates.Select(one => one.Candidate.Class)),
            Names.Count(scores.Select(score => score.Class)),
            Names.Count(scores.SelectMany(score => score.StepClasses)),
            gold.Length == 0 ? [] : [.. Votes.Sizes(gold.Max(row => row.Candidates.Length)).Select(size => FiguresOf([.. gold.Where(row => row.Candidates.Length >= size)], size))]);
    }

    private static BestOfFigures FiguresOf(BestOfRow[] rows, int size)
    {
        var (last, mean, min, majority, pass) = (0.0, 0.0, 0.0, 0.0, 0.0);
        foreach (var row in rows)
        {
            var groups = Votes.Of(row.Candidates.Length, size);
            double Right(Func<Choices, int?> choice) => groups.Average(group => choice(row.Among(group)) is { } chosen && row.Candidates[chosen].Candidate.Right == true ? 1.0 : 0.0);
            last += Right(choices => choices.Last);
            mean += Right(choices => choices.Mean);
            min += Right(choices => choices.Min);
            majority += Right(choices => choices.Majority);
            pass += Selection.PassAt(size, row.Candidates.Count(one => one.Candidate.Right == true), row.Candidates.Length);
        }

        return new(
            size, rows.Length, RightShare.Of(last, rows.Length), RightShare.Of(mean, rows.Length), RightShare.Of(min, rows.Length), RightShare.Of(majority, rows.Length),
            RightShare.Of(pass, rows.Length));
    }
}
