using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Core.Scoring;
using GenPrm.Lab.Evaluation;
using GenPrm.Lab.Runs;
using GenPrm.Trainer.Verification;

namespace GenPrm.Lab.Reports;

/// <summary>Puts what the seeds measured into one table a question.</summary>
public sealed class LabTables(LabPlan plan, ImmutableArray<SeedFindings> seeds)
{
    private static readonly string Rpe = JudgeNames.Of(LabelRule.Default), Hard = JudgeNames.Of(LabelRule.Hard);

    public ImmutableArray<LabTable> All() => [Labels(), Filters(), Votes(), Modes(), BestOf(), Refinement(), Amounts(), Kinds(), Sizes()];

    private LabTable Labels()
    {
        ImmutableArray<string> rules = [.. seeds[0].Labels.Select(label => label.Rule)];
        LabCell Label(int rule, LabelFigure figure) => Resampled([.. seeds.Select(seed => seed.Labels[rule].Measure(figure))]);
        return new(
            1, "Labels against the truth, and the judges trained on them", "Steps up to the first wrong one; F1 as ProcessBench's, with the labels as predictions; intervals resample problems. The last column: F1 at Pass@1 of a judge trained on consensus with these labels.",
            ["steps right", "wrong steps found", "F1 of the labels", "F1 of the judge"],
            [.. rules.Select((rule, i) => new LabRow(rule, [Label(i, LabelFigure.StepsRight), Label(i, LabelFigure.WrongFound), Label(i, LabelFigure.F1), Judge(rule.Replace(' ', '_'), 0)]))],
            [
                .. LabelRule.All.Where(rule => rule != LabelRule.Default)
                    .Select(rule => Claim($"{LabelRule.Default.Name} labels more steps right than {(rule == LabelRule.Hard ? "hard labels" : rule.Name)}", LabelOf(LabelRule.Default), LabelOf(rule))),
                Claim("the judge of ratio 0.8 beats that of hard labels", F1(Rpe), F1(Hard)),
            ]);
    }

    private LabTable Filters() => new(
        2, "What the filter is worth", "Judges that began as the teacher and took as many steps, on what each filter lets through.",
        ["samples", "F1 at Pass@1", $"F1 at Maj@{plan.Paths}"],
        [
            .. new[] { (JudgeNames.Teacher, "(the teacher itself)"), (JudgeNames.Everything, "everything in form"), (Hard, "consensus, hard labels"), (Rpe, "consensus, ratio 0.8"), (JudgeNames.Truth, "consensus with the truth") }
                .Select(one => new LabRow(one.Item2, [Samples(one.Item1), Judge(one.Item1, 0), Judge(one.Item1, ^1)])),
        ],
        [
            Claim("ratio 0.8 beats everything in form", F1(Rpe), F1(JudgeNames.Everything)),
            Claim("ratio 0.8 beats hard labels", F1(Rpe), F1(Hard)),
            Claim("the trained judge beats its teacher", F1(Rpe), F1(JudgeNames.Teacher)),
        ]);

    private LabTable Votes()
    {
        var sizes = Core.Scoring.Votes.Sizes(plan.Votes);
        return new(
            3, "Votes", "The judge of ratio 0.8, a history a path; figures of a size are means over disjoint groups of paths.",
            ["F1", "error accuracy", "correct accuracy"],
            [.. sizes.Select((size, i) => new LabRow(DemoText.Vote(size), [Judge(JudgeNames.Voting, i), Vote(i, one => one.ErrorAccuracy), Vote(i, one => one.CorrectAccuracy)]))],
            [Claim($"Maj@{plan.Votes} beats Pass@1", F1(JudgeNames.Voting, ^1), F1(JudgeNames.Voting))]);

        LabCell? Vote(int size, Func<VoteScore, double> figure) => Cell(seed => seed.Judges.TryGetValue(JudgeNames.Voting, out var report) ? figure(report.Scores[size]) : null);
    }

    private LabTable Modes()
    {
        string analysis = JudgeNames.Mode("analysis alone"), both = JudgeNames.Mode("analysis and code, run"), unrun = JudgeNames.Mode("analysis and code, not run");
        return new(
            4, "Analysis, code, execution", $"In a world of two digits, whose sums a small model is bad at in its head. One judge, taught all forms ({plan.Modes.Steps} steps), on solutions that the lab wrote. The code compares its sum with what the paragraph states, and prints True or False; where it is not run the judge writes that itself, and analysis alone leaves it to the judgement.",
            ["F1 at Pass@1", $"F1 at Maj@{plan.Paths}", "forced or missing"],
            [.. plan.JudgingModes.Select(mode => new LabRow(mode.Name, [Judge(JudgeNames.Mode(mode.Name), 0), Judge(JudgeNames.Mode(mode.Name), ^1), Cell(seed => seed.Judges.GetValueOrDefault(JudgeNames.Mode(mode.Name))?.Unparsed)]))],
            [
                Claim("analysis and code beat analysis alone", F1(both), F1(analysis)),
                Claim("running the code beats not running it", F1(both), F1(unrun)),
                Claim("analysis and code beat code alone", F1(both), F1(JudgeNames.Mode("code alone, run"))),
            ]);
    }

    private LabTable BestOf()
    {
        int[] sizes = [.. seeds[0].BestOf.Report.Figures.Select(figure => figure.N)];
        LabCell Share(int size, Func<BestOfFigures, RightShare> one) => new(
            seeds.Average(seed => one(seed.BestOf.Report.Figures[size]).Share), [.. seeds.Select(seed => one(seed.BestOf.Report.Figures[size]).Share)],
            Interval.Wilson(seeds.Sum(seed => one(seed.BestOf.Report.Figures[size]).Share * seed.BestOf.Report.Figures[size].Problems), seeds.Sum(seed => seed.BestOf.Report.Figures[size].Problems)));
        return new(
            5, "Best of N", Line($"{plan.Problems} problems a seed; the judge of ratio 0.8 on one path. Shares of problems answered right."),
            ["judge, last step", "judge, average", "judge, least", "majority vote", "pass@N"],
            [.. sizes.Select((size, i) => new LabRow($"N = {size}", [Share(i, one => one.Last), Share(i, one => one.Mean), Share(i, one => one.Min), Share(i, one => one.Majority), Share(i, one => one.Pass)]))],
            [
                Claim("the judge's average beats one sample", seed => Chosen(seed, one => one[^1].Mean), seed => Chosen(seed, one => one[0].Mean)),
                Claim("the judge's average beats majority vote", seed => Chosen(seed, one => one[^1].Mean), seed => Chosen(seed, one => one[^1].Majority)),
            ]);

        static Measured Chosen(SeedFindings seed, Func<ImmutableArray<ChoiceShares>, double> share) => Measured.Share([.. seed.BestOf.Problems.Select(problem => (problem.Id, share(problem.Sizes)))]);
    }

    private LabTable Refinement()
    {
        var rounds = seeds[0].Refinement.Report.Accuracy.Length;
        return new(
            5, "Critique and refine", "The same problems, one solution each; what the judge finds wrong goes back to the policy that wrote it, which was taught to write again with that step right and with slips elsewhere as ever. The last row sends no critique: a solution that was judged wrong gives way to another sample.",
            ["problems right"],
            [
                .. Enumerable.Range(0, rounds).Select(round => new LabRow(round == 0 ? "as sampled" : $"after round {round}", [Cell(seed => After(seed, round))])),
                new LabRow("sampled anew instead", [Cell(Anew)]),
            ],
            [
                Claim("refined solutions are right more often", seed => After(seed, ^1), seed => After(seed, 0)),
                Claim("one round of critique beats sampling anew", seed => After(seed, 1), Anew),
            ]);

        LabCell Cell(Func<SeedFindings, Measured> right)
        {
            Measured[] measured = [.. seeds.Select(right)];
            (double mean, Interval interval) = Measured.Mean(measured);
            return new(mean, [.. measured.Select(one => one.Value)], interval);
        }

        static Measured After(SeedFindings seed, Index round) => Measured.Share([.. seed.Refinement.Problems.Select(problem => (problem.Id, problem.Right[round]))]);

        static Measured Anew(SeedFindings seed) => Measured.Share([.. seed.Refinement.Problems.Select(problem => (problem.Id, problem.Anew))]);
    }

    private LabTable Amounts()
    {
        var shares = plan.Shares.Add(1);
        return new(
            6, "More samples", "Judges trained for as many steps on a part of the accepted samples.",
            ["samples", "F1 at Pass@1"],
            [
                .. shares.Select((share, i) => new LabRow(
                    Line($"{share:P1} of them"), [Cell(seed => Part(seed, i) is { } name ? seed.Samples[name] : null), Judge(seed => Part(seed, i) is { } name ? F1(name)(seed) : null)])),
            ],
            [Claim("all samples beat the smallest part", F1(Rpe), seed => Part(seed, 0) is { } name && name != Rpe ? F1(name)(seed) : null)]);

        string? Part(SeedFindings seed, int share) => JudgeNames.Part(shares[share], seed.Samples.GetValueOrDefault(Rpe)) is { } name && seed.Judges.ContainsKey(name) ? name : null;
    }

    private LabTable Kinds() => new(
        7, "Generative, direct, scalar", "Judges of the three kinds, trained on the same samples for as many steps, each from the teacher, whose first lessons were all of the generative kind; a value head has one path.",
        ["F1 at Pass@1", $"F1 at Maj@{plan.Paths}"],
        [.. new[] { (Rpe, "generative"), (JudgeNames.Direct, "direct"), (JudgeNames.Scalar, "scalar") }.Select(one => new LabRow(one.Item2, [Judge(one.Item1, 0), one.Item1 == JudgeNames.Scalar ? null : Judge(one.Item1, ^1)]))],
        [Claim("generative beats direct", F1(Rpe), F1(JudgeNames.Direct)), Claim("generative beats scalar", F1(Rpe), F1(JudgeNames.Scalar))]);

    private LabTable Sizes() => new(
        7, "A small judge that votes, and a larger one", Line($"The small one has hidden size {plan.Small.Hidden} and {plan.Small.Layers} layers, the larger one {plan.Recipe.Model.Hidden} and {plan.Recipe.Model.Layers}; same lessons, same samples."),
        [.. Core.Scoring.Votes.Sizes(plan.Votes).Select(size => $"F1 at {DemoText.Vote(size)}")],
        [
            .. new[] { (JudgeNames.Small, "small"), (JudgeNames.Voting, "larger") }
                .Select(one => new LabRow(one.Item2, [.. Core.Scoring.Votes.Sizes(plan.Votes).Select((_, i) => Judge(one.Item1, i))])),
        ],
        [Claim($"the small judge at Maj@{plan.Votes} beats the larger one at Pass@1", F1(JudgeNames.Small, ^1), F1(JudgeNames.Voting))]);

    /// <summary>A judge's F1 over the seeds that have it, with the interval of the mean.</summary>
    private LabCell? Judge(string name, Index size) => Judge(F1(name, size));

    private LabCell? Judge(Func<SeedFindings, Measured?> figure)
    {
        Measured[] having = [.. seeds.Select(figure).OfType<Measured>()];
        return having.Length == 0 ? null : Resampled(having);
    }

    private LabCell? Samples(string name) => Cell(seed => seed.Samples.TryGetValue(name, out var count) ? count : null);

    private LabCell? Cell(Func<SeedFindings, double?> figure)
    {
        double[] figures = [.. seeds.Select(figure).OfType<double>()];
        return figures.Length == 0 ? null : new(figures.Average(), [.. figures], null);
    }

    private static LabCell Resampled(IReadOnlyList<Measured> figures) => new(figures.Average(one => one.Value), [.. figures.Select(one => one.Value)], Measured.Mean(figures).Interval);

    private static Func<SeedFindings, Measured?> F1(string name) => F1(name, 0);

    private static Func<SeedFindings, Measured?> F1(string name, Index size) => seed => seed.Judges.TryGetValue(name, out var report) ? Measured.F1(report, size) : null;

    private static Func<SeedFindings, Measured?> LabelOf(LabelRule rule) => seed => seed.Labels.Single(label => label.Rule == rule.Name).Measure(LabelFigure.StepsRight);

    private LabClaim Claim(string text, Func<SeedFindings, Measured?> more, Func<SeedFindings, Measured?> less)
    {
        var sides = new List<(Measured More, Measured Less)>();
        foreach (var seed in seeds)
        {
            if (more(seed) is { } first && less(seed) is { } second)
                sides.Add((first, second));
        }

        double[] differences = [.. sides.Select(side => side.More.Value - side.Less.Value)];
        return new(text, differences.Length == 0 ? 0 : differences.Average(), Measured.Difference(sides)?.Interval, differences.Count(one => one > 0), differences.Length);
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
