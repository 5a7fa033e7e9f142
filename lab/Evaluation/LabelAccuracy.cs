using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Core.Labels;
using GenPrm.Core.Samples;
using GenPrm.Lab.World;

namespace GenPrm.Lab.Evaluation;

/// <summary>A way to turn Monte Carlo counts into labels.</summary>
public sealed record LabelRule(Estimator Estimator, decimal Epsilon)
{
    /// <summary>Those of the paper's tables 3 and 4.</summary>
    public static ImmutableArray<LabelRule> All { get; } =
    [
        new(Estimator.Hard, 0),
        new(Estimator.Difference, -0.1m), new(Estimator.Difference, -0.3m), new(Estimator.Difference, -0.5m),
        new(Estimator.Ratio, 0.1m), new(Estimator.Ratio, 0.5m), new(Estimator.Ratio, 0.8m), new(Estimator.Ratio, 1.0m),
    ];

    public static LabelRule Hard { get; } = All[0];

    /// <summary>The product's default.</summary>
    public static LabelRule Default { get; } = new(Estimator.Ratio, 0.8m);

    public string Name => Estimator == Estimator.Hard ? "hard" : string.Create(CultureInfo.InvariantCulture, $"{Estimator.ToString().ToLowerInvariant()} {Epsilon:0.0}");
}

/// <summary>What a rule's labels did on the rollouts of one problem.</summary>
/// <param name="Problem">Its ordinal.</param>
/// <param name="Steps">Steps that have a truth: each rollout's up to its first wrong one.</param>
/// <param name="StepsRight">Of these, those whose label is the truth.</param>
/// <param name="Wrong">Rollouts with a wrong step.</param>
/// <param name="WrongFound">Of these, those whose first wrong step is labelled wrong.</param>
/// <param name="WrongFirst">Of these, those in which it is the first that is labelled wrong.</param>
/// <param name="Clean">Rollouts without a wrong step.</param>
/// <param name="CleanRight">Of these, those without a step that is labelled wrong.</param>
public sealed record LabelCounts(int Problem, int Steps, int StepsRight, int Wrong, int WrongFound, int WrongFirst, int Clean, int CleanRight);

/// <summary>A figure of labels.</summary>
public enum LabelFigure
{
    /// <summary>The share of the steps with a truth whose label is the truth.</summary>
    StepsRight,

    /// <summary>The share of the rollouts with a wrong step whose first wrong step is labelled wrong.</summary>
    WrongFound,

    /// <summary>ProcessBench's figure with the labels as the predictions.</summary>
    F1,
}

/// <summary>How well a rule's labels agree with the truth.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Problems">Problem by problem: rollouts of one problem are alike, so that problems are what intervals resample.</param>
public sealed record LabelScore(string Rule, ImmutableArray<LabelCounts> Problems)
{
    public int Steps => Problems.Sum(problem => problem.Steps);

    public double StepsRight => Measure(LabelFigure.StepsRight).Value;

    public int Wrong => Problems.Sum(problem => problem.Wrong);

    public double WrongFound => Measure(LabelFigure.WrongFound).Value;

    public double F1 => Measure(LabelFigure.F1).Value;

    /// <summary>A figure in a form that can be resampled by problem.</summary>
    public Measured Measure(LabelFigure figure) => new(
        [.. Problems.Select(problem => problem.Problem.ToString(CultureInfo.InvariantCulture))],
        [Problems.Length],
        [
            .. Problems.Select(problem => figure switch
            {
                LabelFigure.StepsRight => ImmutableArray.Create<double>(problem.StepsRight, problem.Steps),
                LabelFigure.WrongFound => [problem.WrongFound, problem.Wrong],
                _ => [problem.WrongFirst, problem.Wrong, problem.CleanRight, problem.Clean],
            }),
        ],
        figure == LabelFigure.F1
            ? sums => Measured.Harmonic(Measured.Ratio(sums[0], sums[1]), Measured.Ratio(sums[2], sums[3]))
            : sums => Measured.Ratio(sums[0], sums[1]));
}

/// <summary>Compares a job's exported labels with the truth, under any rule: the counts that a label comes from are in the export.</summary>
public static class LabelAccuracy
{
    /// <param name="rows">The export's <c>steps</c>.</param>
    /// <param name="problems">The job's problems by their ordinals.</param>
    public static LabelScore Of(IEnumerable<StepRow> rows, ImmutableArray<LabProblem> problems, LabelRule rule)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(rule);
        return new(rule.Name, [.. rows.GroupBy(row => row.Problem).OrderBy(problem => problem.Key).Select(problem => Count(problem.Key, problem, problems[problem.Key], rule))]);
    }

    private static LabelCounts Count(int ordinal, IEnumerable<StepRow> rows, LabProblem problem, LabelRule rule)
    {
        var counts = new LabelCounts(ordinal, 0, 0, 0, 0, 0, 0, 0);
        foreach (var rollout in rows.GroupBy(row => row.Rollout))
        {
            StepRow[] ordered = [.. rollout.OrderBy(row => row.Step)];
            bool[] labels = [.. ordered.Select(row => Label(row, rule))];
            bool[] truth = [.. StepTruth.Of(problem, ordered.Select(row => row.Text))];
            var agrees = First(truth) == First(labels);
            counts = counts with { Steps = counts.Steps + truth.Length, StepsRight = counts.StepsRight + truth.Zip(labels).Count(pair => pair.First == pair.Second) };
            counts = truth[^1]
                ? counts with { Clean = counts.Clean + 1, CleanRight = counts.CleanRight + (agrees ? 1 : 0) }
                : counts with { Wrong = counts.Wrong + 1, WrongFound = counts.WrongFound + (labels[truth.Length - 1] ? 0 : 1), WrongFirst = counts.WrongFirst + (agrees ? 1 : 0) };
        }

        return counts;
    }

    /// <summary>A step's label under a rule, from its counts.</summary>
    public static bool Label(StepRow row, LabelRule rule)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(rule);
        return StepLabeller.IsRight(rule.Estimator, rule.Epsilon, new(row.BeforeRight, row.BeforeOf), new(row.AfterRight, row.AfterOf));
    }

    /// <summary>The first false one, counted from 0, or -1.</summary>
    private static int First(bool[] right) => Array.IndexOf(right, false);
}
