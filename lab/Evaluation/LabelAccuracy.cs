using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Core.Labels;
using GenPrm.Core.Samples;
using GenPrm.Core.Scoring;
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

/// <summary>How well a rule's labels agree with the truth.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Steps">Steps that have a truth: each rollout's up to its first wrong one.</param>
/// <param name="StepsRight">The share of these whose label is the truth.</param>
/// <param name="Wrong">Rollouts with a wrong step.</param>
/// <param name="WrongFound">The share of these whose first wrong step is labelled wrong.</param>
/// <param name="F1">ProcessBench's figure with the labels as the predictions.</param>
public sealed record LabelScore(string Rule, int Steps, double StepsRight, int Wrong, double WrongFound, double F1, Interval F1Interval);

/// <summary>Compares a job's exported labels with the truth, under any rule: the counts that a label comes from are in the export.</summary>
public static class LabelAccuracy
{
    /// <param name="rows">The export's <c>steps</c>.</param>
    /// <param name="problems">The job's problems by their ordinals.</param>
    public static LabelScore Of(IEnumerable<StepRow> rows, ImmutableArray<LabProblem> problems, LabelRule rule)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(rule);
        var (steps, right, wrong, found) = (0, 0, 0, 0);
        var predictions = new List<ProcessBenchPrediction>();
        foreach (var rollout in rows.GroupBy(row => (row.Problem, row.Rollout)))
        {
            StepRow[] ordered = [.. rollout.OrderBy(row => row.Step)];
            bool[] labels = [.. ordered.Select(row => Label(row, rule))];
            bool[] truth = [.. StepTruth.Of(problems[rollout.Key.Problem], ordered.Select(row => row.Text))];
            steps += truth.Length;
            right += truth.Zip(labels).Count(pair => pair.First == pair.Second);
            if (!truth[^1])
            {
                wrong++;
                found += labels[truth.Length - 1] ? 0 : 1;
            }

            predictions.Add(new("lab", First(truth), [First(labels)]));
        }

        var score = ProcessBenchScore.Of(predictions);
        return new(rule.Name, steps, steps == 0 ? 0 : (double)right / steps, wrong, wrong == 0 ? 0 : (double)found / wrong, score.F1, score.F1Interval);
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
