using System.Collections.Immutable;
using GenPrm.Lab.Evaluation;
using GenPrm.Trainer.Verification;

namespace GenPrm.Lab.Reports;

/// <summary>All that one seed of <c>genprm lab</c> measured.</summary>
/// <param name="Labels">Every rule's labels against the truth.</param>
/// <param name="Judges">Every judge's evaluation, by the names of <see cref="JudgeNames"/>.</param>
/// <param name="Samples">What the judges of questions 1, 2 and 6 were trained on, counted, by the same names.</param>
public sealed record SeedFindings(
    ulong Seed,
    ImmutableArray<LabelScore> Labels,
    ImmutableSortedDictionary<string, JudgeReport> Judges,
    ImmutableSortedDictionary<string, int> Samples,
    BestOfFindings BestOf,
    RefinementFindings Refinement);

/// <summary>Best of N over a seed's problems, and problem by problem.</summary>
public sealed record BestOfFindings(BestOfReport Report, ImmutableArray<ProblemChoices> Problems)
{
    public static BestOfFindings Of(IReadOnlyCollection<BestOfRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new(
            BestOfReport.Of(rows),
            [.. rows.Select(row => new ProblemChoices(row.Id, [.. BestOfReport.Of([row]).Figures.Select(one => new ChoiceShares(one.Last.Share, one.Mean.Share, one.Min.Share, one.Majority.Share, one.Pass.Share))]))]);
    }
}

/// <summary>One problem of best of N.</summary>
/// <param name="Sizes">For N = 1, 2, 4, …</param>
public sealed record ProblemChoices(string Id, ImmutableArray<ChoiceShares> Sizes);

/// <summary>The shares of a problem's groups of candidates in which a choice is right.</summary>
/// <param name="Last">Of the judge's, by the last step's reward.</param>
/// <param name="Mean">By the average step reward.</param>
/// <param name="Min">By the least step reward.</param>
/// <param name="Majority">Of the vote on answers.</param>
/// <param name="Pass">Whether any candidate is right; the unbiased estimate over all groups.</param>
public sealed record ChoiceShares(double Last, double Mean, double Min, double Majority, double Pass);

/// <summary>A problem's refinement, and the same road without critiques: what is judged wrong gives way to another sample by the same model.</summary>
public sealed record RefinedProblem(RefinementRow Critiqued, RefinementRow Anew);

/// <summary>Refining over a seed's problems, and problem by problem.</summary>
public sealed record RefinementFindings(RefinementReport Report, ImmutableArray<ProblemRounds> Problems)
{
    public static RefinementFindings Of(IReadOnlyCollection<RefinedProblem> problems, int rounds)
    {
        ArgumentNullException.ThrowIfNull(problems);
        return new(
            RefinementReport.Of([.. problems.Select(problem => problem.Critiqued)], rounds),
            [.. problems.Select(problem => new ProblemRounds(problem.Critiqued.Id, Shares(problem.Critiqued), Shares(problem.Anew)))]);

        ImmutableArray<double> Shares(RefinementRow row) => [.. RefinementReport.Of([row], rounds).Accuracy.Select(round => round.Share)];
    }
}

/// <summary>One problem's refinement.</summary>
/// <param name="Critiqued">1 where the solution that stands after a round is right, else 0; round 0 is the first solution.</param>
/// <param name="Anew">The same without critiques.</param>
public sealed record ProblemRounds(string Id, ImmutableArray<double> Critiqued, ImmutableArray<double> Anew);

/// <summary>What the lab's judges are called, in files and tables.</summary>
public static class JudgeNames
{
    public const string Teacher = "teacher", Everything = "everything", Truth = "truth", Direct = "direct", Scalar = "scalar", Small = "small";

    /// <summary>Trained on consensus with a rule's labels.</summary>
    public static string Of(LabelRule rule) => rule?.Name.Replace(' ', '_') ?? throw new ArgumentNullException(nameof(rule));

    /// <summary>The default rule's judge, evaluated with every vote.</summary>
    public static string Voting => Of(LabelRule.Default) + "_votes";

    /// <summary>Trained on the first so many of the default rule's samples.</summary>
    public static string First(int samples) => $"first_{samples}";

    /// <summary>The judge trained on a share of the accepted samples.</summary>
    public static string Part(double share, int accepted) => share >= 1 ? Of(LabelRule.Default) : First(CountOf(share, accepted));

    /// <summary>How many samples a share of them is.</summary>
    public static int CountOf(double share, int accepted) => (int)Math.Ceiling(share * accepted);

    /// <summary>A mode of question 4.</summary>
    public static string Mode(string mode) => "mode_" + mode.Replace(",", "", StringComparison.Ordinal).Replace(' ', '_');
}
