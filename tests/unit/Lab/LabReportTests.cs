using System.Collections.Immutable;
using System.Xml.Linq;
using GenPrm.Core.Scoring;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.Reports;
using GenPrm.Lab.Runs;
using GenPrm.Trainer.Verification;

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
        Assert.All(filters.Claims, claim => Assert.True(claim is { Holds: true, SeedsFor: 2, Seeds: 2 }, claim.Text));
        Assert.All(tables, table => Assert.All(table.Rows, row => Assert.Equal(table.Columns.Length, row.Cells.Length)));
    }

    [Fact]
    public void Report_OfAFindingAgainstThePaper_SaysSo()
    {
        var report = new LabReport("quick", "abc1234", new(2026, 1, 2, 3, 4, 0, TimeSpan.Zero), [1], new LabTables(Plan, [Seed(1, good: 4, poor: 18)]).All());
        string text = LabMarkdown.Write(report);
        Assert.Contains("**No, against the paper**: ratio 0.8 beats everything (-70.0 points, in 0 of 1 seeds).", text, StringComparison.Ordinal);
        Assert.Contains("Commit `abc1234`, written 2026-01-02 03:04 UTC", text, StringComparison.Ordinal);
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
        foreach (var table in new LabTables(Plan, [Seed(1, good: 18, poor: 4)]).All())
        {
            var drawn = XDocument.Parse(LabPlot.Draw(table));
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
            [.. LabelRule.All.Select(rule => new LabelScore(rule.Name, 100, 0.9, 20, 0.8, 0.7, new(0.6, 0.8)))],
            judges.ToImmutableSortedDictionary(StringComparer.Ordinal),
            ImmutableSortedDictionary<string, int>.Empty.Add(JudgeNames.First(9), 9).Add(JudgeNames.Of(LabelRule.Default), 36),
            new(10, 10, ImmutableSortedDictionary<string, int>.Empty, ImmutableSortedDictionary<string, int>.Empty, ImmutableSortedDictionary<string, int>.Empty, [new(1, 10, share, share, share, share, share)]),
            new(10, 10, ImmutableSortedDictionary<string, int>.Empty, [share, share]));
    }

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
