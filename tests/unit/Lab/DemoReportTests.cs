using System.Collections.Immutable;
using GenPrm.Core.Scoring;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.Reports;
using GenPrm.Lab.Runs;

namespace GenPrm.Tests.Unit.Lab;

public sealed class DemoReportTests
{
    [Fact]
    public void Page_SaysWhenTheJudgeLearnt_AndHowItsExamplesWereChosen()
    {
        string page = DemoPage.Write(Result(failed: 0));
        Assert.Contains("14 of its 120 steps were made before the job had ended", page, StringComparison.Ordinal);
        Assert.Contains("the first 3 that the trained judge's first path was right on, those with a wrong step before the others, and the first 2 that it was not right on", page, StringComparison.Ordinal);
        Assert.Contains("<h3 class=\"right\">Step 2 was found wrong; the truth: step 2</h3>", page, StringComparison.Ordinal);
        Assert.Contains("<h3 class=\"wrong\">No step was found wrong; the truth: step 1</h3>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_OfFailedProblems_MentionsThem()
    {
        Assert.Contains(DemoText.Lines(Result(failed: 2)), line => line.EndsWith("2 problems failed and are left out", StringComparison.Ordinal));
        Assert.DoesNotContain(DemoText.Lines(Result(failed: 0)), line => line.Contains("failed", StringComparison.Ordinal));
    }

    [Fact]
    public void Report_OfQuick_SaysSo()
    {
        DemoResult quick = Result(failed: 0) with { Quick = true };
        Assert.Contains("<h1>genprm demo --quick, seed 1</h1>", DemoPage.Write(quick), StringComparison.Ordinal);
        Assert.Contains(DemoText.Small, DemoPage.Write(quick), StringComparison.Ordinal);
        Assert.Contains("  " + DemoText.Small, DemoText.Lines(quick));
        Assert.DoesNotContain(DemoText.Small, DemoPage.Write(Result(failed: 0)), StringComparison.Ordinal);
        Assert.Contains("genprm inspect demo/1/r0 --data /there/store\n", DemoPage.Write(quick), StringComparison.Ordinal);
    }

    private static DemoResult Result(int failed)
    {
        ImmutableArray<JudgedSolution> rows = [new("a", 2, [[2]]), new("b", null, [[null]])];
        ImmutableArray<JudgedExample> examples = [new(new("a", "p", ["x", "y"], 2), 2, ["t"]), new(new("c", "p", ["x"], 1), null, [])];
        var report = new JudgeReport(rows, JudgeEvaluation.Score(rows, 1), 0, 0, 0, 0, examples);
        var model = new TrainedModel("/judge", 120, 1, 0.1, 1);
        var none = ImmutableSortedDictionary<string, long>.Empty;
        return new(1, model, model, new(model, 14, none.Add("done", 8).Add("failed", failed), none, none, none, none, 0, 0, 0, 1), [], report, report, 0, new Interval(0, 0)) { Store = "/there/store" };
    }
}
