using System.Collections.Immutable;
using System.Xml.Linq;
using GenPrm.Client.Lab;
using GenPrm.Core.Scoring;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.Reports;
using GenPrm.Lab.Runs;
using GenPrm.Trainer.Verification;
using Microsoft.Extensions.Time.Testing;

namespace GenPrm.Tests.Unit.Lab;

public sealed class LabReportTests
{
    private static readonly LabPlan Plan = LabPlan.Quick;

    [Fact]
    public void Tables_OfJudgesThatFollowThePaper_SaySo()
    {
        var tables = new LabTables(Plan, [Seed(1, good: 18, poor: 4), Seed(2, good: 16, poor: 6)]).All();

        Assert.Equal([1, 2, 3, 4, 5, 5, 6, 7, 7], tables.Select(table => table.Question));
        var filters = tables[1];
        Assert.Equal(0.85, filters.Rows.Single(row => row.Name == "consensus, ratio 0.8").Cells[1]!.Mean, 6);
        Assert.Equal([0.9, 0.8], filters.Rows.Single(row => row.Name == "consensus, ratio 0.8").Cells[1]!.Seeds.Select(one => Math.Round(one, 6)));
        Assert.All(filters.Claims, claim => Assert.True(claim is { Verdict: LabVerdict.Yes, SeedsFor: 2, Seeds: 2 }, claim.Text));
        Assert.All(tables, table => Assert.All(table.Rows, row => Assert.Equal(table.Columns.Length, row.Cells.Length)));
    }

    [Fact]
    public void Report_OfAFindingAgainstThePaper_SaysSo()
    {
        string text = LabMarkdown.Write(Report(Seed(1, good: 4, poor: 18)));
        Assert.Matches(@"\*\*No, against the paper\*\*: ratio 0\.8 beats everything in form \(-70\.0 points, 95 % interval -8\d\.\d to -5\d\.\d; in 0 of 1 seeds\)\.", text);
        Assert.Contains("Written 2026-01-02 03:04 UTC by commit `abc1234`", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfSidesThatAreHardlyDifferent_DoesNotTellThemApart()
    {
        string text = LabMarkdown.Write(Report(Seed(1, good: 11, poor: 10), Seed(2, good: 10, poor: 11), Seed(3, good: 11, poor: 10)));
        Assert.Matches(@"- Not told apart: ratio 0\.8 beats everything in form \(\+1\.7 points, 95 % interval [-+0-9.]+ to \+[0-9.]+; in 2 of 3 seeds\)\.", text);
        Assert.Contains("- Not told apart: Maj@8 beats Pass@1 (0.0 points, 95 % interval 0.0 to 0.0; in 0 of 3 seeds).", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_AtItsHead_SaysWhatIsNeededToReadIt()
    {
        string text = LabMarkdown.Write(Report(Seed(1, good: 18, poor: 4), Seed(2, good: 18, poor: 4)));
        Assert.Contains("- Seed 1: 1 h 15 min of work, f32, begun by the same commit.\n- Seed 2: 19 min 2 s of work, f32, begun by commit `def5678`.", text, StringComparison.Ordinal);
        Assert.Contains($"{2 * Plan.Recipe.EvaluatedEach} fresh solutions a seed", text, StringComparison.Ordinal);
        Assert.Contains($"{Plan.Recipe.Problems} problems, {Plan.Recipe.Kept} kept rollouts each, K = {Plan.Recipe.K} completions a step, {Plan.Recipe.Rationales} critiques", text, StringComparison.Ordinal);
        Assert.Contains("do not hold the variance of training", text, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelTable_HoldsRatioAgainstEveryOtherRule_WithIntervals()
    {
        var table = new LabTables(Plan, [Seed(1, good: 18, poor: 4), Seed(2, good: 18, poor: 4)]).All()[0];
        foreach (string other in new[] { "hard labels", "difference -0.1", "difference -0.3", "difference -0.5", "ratio 0.1", "ratio 0.5", "ratio 1.0" })
            Assert.Equal(LabVerdict.Yes, table.Claims.Single(claim => claim.Text == "ratio 0.8 labels more steps right than " + other).Verdict);
        Assert.All(table.Rows, row => Assert.All(row.Cells[..3], cell => Assert.NotNull(cell!.Interval)));
    }

    [Fact]
    public async Task Report_OfSeedsOfSeveralCommandLines_HoldsAllThatHaveTheSameSettings()
    {
        using var folder = new TemporaryFolder();
        var place = new LabFolder(folder.Path);
        var finished = new FinishedSeeds(place, ("quick", Plan), Settings);
        foreach (ulong seed in new ulong[] { 4, 1, 9 })
        {
            place.Seed(seed).Keep(seed == 9 ? Settings(seed) with { Dtype = "bf16" } : Settings(seed));
            finished.Add(Seed(seed, good: 18, poor: 4));
        }

        place.Seed(2).Keep(Settings(2));

        Assert.True(finished.Has(4));
        Assert.False(finished.Has(2));
        var time = new FakeTimeProvider(new(2026, 1, 2, 3, 4, 0, TimeSpan.Zero));
        // Another process writes the same report; this one's turn comes when that is done.
        IDisposable other = place.Hold();
        Task<ImmutableArray<ulong>> waiting = finished.ReportAsync(time, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        other.Dispose();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([1UL, 4UL], await waiting);
        Assert.Contains("`genprm lab --quick`, seeds 1, 4", Text("lab.md"), StringComparison.Ordinal);
        Assert.Contains("seeds 1, 4; commit abc1234; 2026-01-02", Text("lab-1.svg"), StringComparison.Ordinal);

        string Text(string name) => File.ReadAllText(place.In(name));

        static LabSettings Settings(ulong seed) => LabSettings.Of("lab", seed, "f32", "abc1234", Plan);
    }

    [Fact]
    public void Report_OfAJudgeThatNoFilterFed_LeavesItsCellOpen()
    {
        var seed = Seed(1, good: 18, poor: 4);
        seed = seed with { Judges = seed.Judges.Remove(JudgeNames.Of(LabelRule.Hard)) };
        var table = new LabTables(Plan, [seed]).All()[1];
        Assert.Null(table.Rows.Single(row => row.Name == "consensus, hard labels").Cells[1]);
        Assert.Contains(table.Claims, claim => claim.Seeds == 0);
    }

    [Fact]
    public void Plot_OfEveryTable_IsXmlWithABarForEveryShare()
    {
        var report = Report(Seed(1, good: 18, poor: 4));
        foreach (var table in report.Tables)
        {
            var drawn = XDocument.Parse(LabPlot.Draw(report, table));
            var shares = Enumerable.Range(0, table.Columns.Length).Where(column => table.Rows.All(row => row.Cells[column] is not { Mean: > 1 })).Sum(column => table.Rows.Count(row => row.Cells[column] is not null));
            Assert.Equal(shares, drawn.Descendants().Count(element => element.Name.LocalName == "circle"));
        }
    }

    /// <summary>Findings in which what the paper recommends is right <paramref name="good"/> times of 20 and the rest <paramref name="poor"/> times.</summary>
    private static SeedFindings Seed(ulong number, int good, int poor)
    {
        var judges = new Dictionary<string, JudgeReport>(StringComparer.Ordinal)
        {
            [JudgeNames.Of(LabelRule.Default)] = Report(good, Plan.Paths),
            [JudgeNames.Voting] = Report(good, Plan.Votes),
            [JudgeNames.Small] = Report(poor, Plan.Votes),
            [JudgeNames.Scalar] = Report(poor, 1),
        };
        foreach (string name in new[] { JudgeNames.Teacher, JudgeNames.Everything, JudgeNames.Truth, JudgeNames.Direct, JudgeNames.Of(LabelRule.Hard), JudgeNames.First(9) })
            judges[name] = Report(poor, Plan.Paths);
        foreach (var (mode, judging) in Plan.JudgingModes)
            judges[JudgeNames.Mode(mode)] = Report(judging.Execute ? good : poor, Plan.Paths);
        var share = new RightShare(0.5, new(0.4, 0.6));
        return new(
            number,
            [.. LabelRule.All.Select(rule => new LabelScore(rule.Name, [.. Enumerable.Range(0, 10).Select(problem => new LabelCounts(problem, 10, rule == LabelRule.Default ? 10 : 9 - (problem % 2), 2, 1, 1, 2, 1))]))],
            judges.ToImmutableSortedDictionary(StringComparer.Ordinal),
            ImmutableSortedDictionary<string, int>.Empty.Add(JudgeNames.First(9), 9).Add(JudgeNames.Of(LabelRule.Default), 36),
            new(
                new(10, 10, ImmutableSortedDictionary<string, int>.Empty, ImmutableSortedDictionary<string, int>.Empty, ImmutableSortedDictionary<string, int>.Empty, [new(1, 10, share, share, share, share, share)]),
                [.. Enumerable.Range(0, 10).Select(problem => new ProblemChoices($"p{problem}", [new(0.5, 0.5, 0.5, 0.5, 0.5)]))]),
            new(Rounds(share), [.. Enumerable.Range(0, 10).Select(problem => new ProblemRounds($"p{problem}", [0, 1], [0, 0]))]));
    }

    private static RefinementReport Rounds(RightShare share) => new(10, 10, ImmutableSortedDictionary<string, int>.Empty, [share, share]);

    private static LabReport Report(params ImmutableArray<SeedFindings> seeds) => new(
        "quick", Plan, "abc1234", new(2026, 1, 2, 3, 4, 0, TimeSpan.Zero),
        [.. seeds.Select(seed => seed.Seed == 1 ? new SeedRun(1, 4500, "abc1234", "f32") : new(seed.Seed, 1142, "def5678", "f32"))], new LabTables(Plan, seeds).All());

    private static JudgeReport Report(int right, int paths)
    {
        ImmutableArray<JudgedSolution> rows =
        [
            .. Enumerable.Range(0, 40).Select(i =>
            {
                int? label = i < 20 ? 2 : null;
                int? said = i % 20 < right ? label : 3;
                return new JudgedSolution($"s{i}", label, [.. Votes.Sizes(paths).Select(size => Enumerable.Repeat(said, paths / size).ToImmutableArray())]);
            }),
        ];
        return new(rows, JudgeEvaluation.Score(rows, paths), 0, 0, 0, 0, []);
    }
}
