using System.Collections.Immutable;
using GenPrm.Core.Samples;
using GenPrm.Core.Scoring;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.World;
using GenPrm.Trainer.Verification;

namespace GenPrm.Tests.Unit.Lab;

public sealed class MeasuredTests
{
    private static readonly ImmutableArray<(string Problem, double Share)> Few = [("a", 1), ("b", 0), ("c", 1), ("d", 0.5)];

    [Fact]
    public void Difference_OfAFigureWithItself_IsNothingWithoutSpread()
    {
        Measured one = Measured.Share(Few);
        Assert.Equal((0, new Interval(0, 0)), Measured.Difference([(one, one), (one, one)])!.Value);
        Assert.Equal(0.625, Measured.Mean([one, one]).Value);
    }

    /// <summary>Both sides vary from problem to problem, and the one is always the other and a tenth more.</summary>
    [Fact]
    public void Difference_OfSidesThatVaryTogether_HasNoSpread()
    {
        Measured less = Measured.Share(Few), more = Measured.Share([.. Few.Select(row => (row.Problem, row.Share + 0.1))]);
        (double value, Interval interval) = Measured.Difference([(more, less)])!.Value;
        Assert.All(new[] { value, interval.Low, interval.High }, one => Assert.Equal(0.1, one, 9));
        Assert.True(Measured.Mean([more]).Interval is { Low: < 0.5, High: > 0.9 });
    }

    [Fact]
    public void Difference_OfOtherUnits_IsNone() =>
        Assert.Null(Measured.Difference([(Measured.Share(Few), Measured.Share([.. Few.Select(row => (row.Problem + "'", row.Share))]))]));

    [Fact]
    public void F1_OfAJudge_IsTheBenchmarks()
    {
        ImmutableArray<JudgedSolution> rows = [.. Enumerable.Range(0, 30).Select(i => new JudgedSolution($"s{i}", i % 3 == 0 ? null : 2, [[i % 4 == 0 ? 1 : i % 3 == 0 ? null : 2]]))];
        var report = new JudgeReport(rows, JudgeEvaluation.Score(rows, 1), 0, 0, 0, 0, []);
        Measured measured = Measured.F1(report, 0);
        Assert.Equal(report.PassAt1.F1, measured.Value, 12);
        Assert.Equal(report.PassAt1.Interval, Measured.Mean([measured]).Interval);
    }

    [Fact]
    public void Labels_AgainstTheTruth_AreCountedByProblem()
    {
        var problem = new LabProblem(1, 5, [4, 3]);
        StepRow[] rows =
        [
            .. Rollout(0, 0, ("a: 5+4, A=9", 8), ("b: 9+3, B=2", 8)),
            .. Rollout(0, 1, ("a: 5+4, A=9", 0), ("b: 9+3, B=1", 0)),
            .. Rollout(1, 0, ("a: 5+4, A=8", 0), ("b: 8+3, B=1", 8)),
        ];
        LabelScore score = LabelAccuracy.Of(rows, [problem, problem], LabelRule.Hard);
        Assert.Equal([new LabelCounts(0, 4, 3, 1, 1, 0, 1, 1), new LabelCounts(1, 1, 1, 1, 1, 1, 0, 0)], score.Problems);
        Assert.Equal((5, 0.8, 2, 1.0), (score.Steps, score.StepsRight, score.Wrong, score.WrongFound));
        Assert.Equal(2 * 0.5 / 1.5, score.F1, 12);
    }

    [Fact]
    public void Examples_OfAJudge_AreHitsAndMisses()
    {
        ImmutableArray<FreshSolution> solutions = [.. Enumerable.Range(0, 9).Select(i => new FreshSolution($"s{i}", "p", ["x", "y"], i % 2 == 0 ? null : 1))];
        // Right on the even ones, which are clean, and on s1; wrong on the others.
        var scores = solutions.Select((solution, i) => Judged(solution.Id, i == 1 ? 0.1 : 0.9));
        Assert.Equal(["s1", "s0", "s2", "s3", "s5"], JudgeEvaluation.Examples(scores, solutions).Select(example => example.Solution.Id));
        Assert.Equal(["s0", "s2", "s4"], JudgeEvaluation.Examples(solutions.Where(one => one.FirstWrong is null).Select(one => Judged(one.Id, 0.9)), [.. solutions.Where(one => one.FirstWrong is null)]).Select(example => example.Solution.Id));
    }

    private static SolutionScore.Judged Judged(string id, double reward) =>
        new(id, [new PathScore([new(1, reward, StepClass.Judged) { Text = "text" }])]);

    private static IEnumerable<StepRow> Rollout(int problem, int rollout, params (string Text, int Right)[] steps) =>
        steps.Select((step, i) => new StepRow("job", 1, problem, $"p{problem}", rollout, true, i + 1, step.Text, 8, 8, step.Right, 8, "completions", null, false, 8, step.Right, 8 - step.Right, 0, 0, 0));
}
