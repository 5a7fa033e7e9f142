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
        LabCell? Label(int rule, LabelFigure figure) => Resampled(seed => seed.Labels[rule].Measure(figure));
        return new(
            1, "Labels against the truth, and the judges trained on them", "Steps up to the first wrong one; F1 as ProcessBench's, with the labels as predictions; intervals resample problems. The last column: F1 at Pass@1 of a judge trained on consensus with these labels.",
            ["steps right", "wrong steps found", "F1 of the labels", "F1 of the judge"],
            [.. rules.Select((rule, i) => new LabRow(rule, [Label(i, LabelFigure.StepsRight), Label(i, LabelFigure.WrongFound), Label(i, LabelFigure.F1), Judge(rule.Replace(' ', '_'), 0)]))],
            [
                .. LabelRule.All.Where(rule => rule != LabelRule.Default)
                    .Select(rule => Own($"{LabelRule.Default.Name} labels more steps right than {(rule == LabelRule.Hard ? "hard labels" : rule.Name)}", LabelOf(LabelRule.Default), LabelOf(rule))),
                Claim("the judge of ratio 0.8 beats that of hard labels", F1(Rpe), F1(Hard)),
            ]);
    }

    private LabTable Filters() => new(
        2, "What the filter is worth", "Judges that began as the teacher and took as many steps, on what each filter lets through. That of ratio 0.8 is the one whose training began beside the job, with its samples in the order of their acceptance; the others have theirs in the order of the problems.",
        ["samples", "F1 at Pass@1", $"F1 at Maj@{plan.Paths}"],
        [
            .. new[] { (JudgeNames.Teacher, "(the teacher itself)"), (JudgeNames.Everything, "everything in form"), (Hard, "consensus, hard labels"), (Rpe, "consensus, ratio 0.8"), (JudgeNames.Truth, "consensus with the truth (a ceiling that no user has)") }
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
            3, "Votes", Line($"The judge of ratio 0.8, a history a path; figures of a size are means over disjoint groups of the {plan.Votes} paths, so that Pass@1 is not quite that of the other tables, which have {plan.Paths}."),
            ["F1", "error accuracy", "correct accuracy"],
            [.. sizes.Select((size, i) => new LabRow(DemoText.Vote(size), [Judge(JudgeNames.Voting, i), Vote(i, one => one.ErrorAccuracy), Vote(i, one => one.CorrectAccuracy)]))],
            [Claim($"Maj@{plan.Votes} beats Pass@1", F1(JudgeNames.Voting, ^1), F1(JudgeNames.Voting))]);

        LabCell? Vote(int size, Func<VoteScore, double> figure) => Cell(seed => seed.Judges.TryGetValue(JudgeNames.Voting, out var report) ? figure(report.Scores[size]) : null);
    }

    private LabTable Modes()
    {
        string analysis = JudgeNames.Mode("analysis alone"), both = JudgeNames.Mode("analysis and code, run"), unrun = JudgeNames.Mode("analysis and code, not run"), code = JudgeNames.Mode("code alone, run");
        return new(
            4, "Analysis, code, execution", Line($"In a world of two digits, whose sums a small model is bad at in its head. One judge, taught all forms ({plan.Modes.Steps} steps), on solutions that the lab wrote. An analysis ends with what it found, with code behind it or not; code quotes the paragraph in a comment, compares its sum with that, and prints True or False, which the judge writes itself where it is not run. Of its lessons' analyses that have code behind them {plan.Mistaken:P0} go wrong, unlearnt, and the code puts them right. Where it is run its verdict is right as soon as its numbers are copied right, so that an analysis beside it can add little. The teacher's own lessons, before these, were all of analysis and code."),
            ["F1 at Pass@1", $"F1 at Maj@{plan.Paths}", "forced or missing"],
            [.. plan.JudgingModes.Select(mode => new LabRow(mode.Name, [Judge(JudgeNames.Mode(mode.Name), 0), Judge(JudgeNames.Mode(mode.Name), ^1), Cell(seed => seed.Judges.GetValueOrDefault(JudgeNames.Mode(mode.Name))?.Unparsed)]))],
            [
                Claim("analysis and code beat analysis alone", F1(both), F1(analysis)),
                Claim("running the code beats not running it", F1(both), F1(unrun)),
                Claim("analysis and code beat code alone", F1(both), F1(code)),
                Claim("analysis alone beats code alone", F1(analysis), F1(code)),
            ]);
    }

    private LabTable BestOf()
    {
        int[] sizes = [.. seeds[0].BestOf.Report.Figures.Select(figure => figure.N)];
        LabCell? Share(int size, Func<ChoiceShares, double> one) => Resampled(seed => Chosen(seed, sizes => one(sizes[size])));
        return new(
            5, "Best of N", Line($"{plan.Problems} problems a seed; the judge of ratio 0.8 on one path. Shares of problems answered right, means over disjoint groups of the {plan.Candidates} solutions; pass@N by the unbiased estimate. Judges are asked here behind the first wrong step, too, which no sample teaches: the last step's reward suffers most."),
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
            5, "Critique and refine", "The same problems, one solution each. What the judge finds wrong goes back to the policy that wrote it, which was taught to write again with that step right and with slips elsewhere as ever. Beside it the same without a critique: what was judged wrong gives way to another sample.",
            ["right, with critiques", "right, sampled anew"],
            [.. Enumerable.Range(0, rounds).Select(round => new LabRow(round == 0 ? "as sampled" : $"after round {round}", [Resampled(seed => Critiqued(seed, round)), Resampled(seed => Anew(seed, round))]))],
            [
                Claim("refined solutions are right more often", seed => Critiqued(seed, ^1), seed => Critiqued(seed, 0)),
                Own("with critiques more are right than sampled anew as often", seed => Critiqued(seed, ^1), seed => Anew(seed, ^1)),
            ]);

        static Measured Critiqued(SeedFindings seed, Index round) => Measured.Share([.. seed.Refinement.Problems.Select(problem => (problem.Id, problem.Critiqued[round]))]);

        static Measured Anew(SeedFindings seed, Index round) => Measured.Share([.. seed.Refinement.Problems.Select(problem => (problem.Id, problem.Anew[round]))]);
    }

    private LabTable Amounts()
    {
        var shares = plan.Shares.Add(1);
        return new(
            6, "More samples", "Judges trained for as many steps on a part of the accepted samples.",
            ["samples", "F1 at Pass@1"],
            [
                .. shares.Select((share, i) => new LabRow(
                    Line($"{share:P1} of them"), [Cell(seed => seed.Samples.TryGetValue(Part(seed, i), out var count) ? count : null), Resampled(seed => F1(Part(seed, i))(seed))])),
            ],
            [Claim("all samples beat the smallest part", F1(Rpe), seed => F1(Part(seed, 0))(seed))]);

        string Part(SeedFindings seed, int share) => JudgeNames.Part(shares[share], seed.Samples.GetValueOrDefault(Rpe));
    }

    private LabTable Kinds() => new(
        7, "Generative, direct, scalar", Line($"Judges of the three kinds, trained on the same samples, each from the teacher, whose first lessons were all of the generative kind: direct and scalar ones learn for {plan.Baselines.Steps} steps, generative ones for {plan.Recipe.Judge.Steps}. Those two draw nothing, so that more paths would say the same."),
        ["F1 at Pass@1", $"F1 at Maj@{plan.Paths}"],
        [.. new[] { (Rpe, "generative"), (JudgeNames.Direct, "direct"), (JudgeNames.Scalar, "scalar") }.Select(one => new LabRow(one.Item2, [Judge(one.Item1, 0), one.Item1 == Rpe ? Judge(one.Item1, ^1) : null]))],
        [Claim("generative beats direct", F1(Rpe), F1(JudgeNames.Direct)), Claim("generative beats scalar", F1(Rpe), F1(JudgeNames.Scalar))]);

    private LabTable Sizes() => new(
        7, "A small judge that votes, and a larger one", Line($"The small one has hidden size {plan.Small.Hidden} and {plan.Small.Layers} layers, the larger one {plan.Recipe.Model.Hidden} and {plan.Recipe.Model.Layers}; the same lessons ({plan.SmallPolicy.Steps} and {plan.SmallTeacher.Steps} steps of them for the small one, {plan.Recipe.Policy.Steps} and {plan.Recipe.Teacher.Steps} for the larger), the same samples."),
        [.. Core.Scoring.Votes.Sizes(plan.Votes).Select(size => $"F1 at {DemoText.Vote(size)}")],
        [
            .. new[] { (JudgeNames.Small, "small"), (JudgeNames.Voting, "larger") }
                .Select(one => new LabRow(one.Item2, [.. Core.Scoring.Votes.Sizes(plan.Votes).Select((_, i) => Judge(one.Item1, i))])),
        ],
        [Claim($"the small judge at Maj@{plan.Votes} beats the larger one at Pass@1", F1(JudgeNames.Small, ^1), F1(JudgeNames.Voting))]);

    /// <summary>A judge's F1 over the seeds that have it, with the interval of the mean.</summary>
    private LabCell? Judge(string name, Index size) => Resampled(F1(name, size));

    private LabCell? Resampled(Func<SeedFindings, Measured?> figure)
    {
        Measured[] having = [.. seeds.Select(figure).OfType<Measured>()];
        return having.Length == 0 ? null : new(having.Average(one => one.Value), [.. having.Select(one => one.Value)], Measured.Mean(having).Interval);
    }

    private LabCell? Samples(string name) => Cell(seed => seed.Samples.TryGetValue(name, out var count) ? count : null);

    private LabCell? Cell(Func<SeedFindings, double?> figure)
    {
        double[] figures = [.. seeds.Select(figure).OfType<double>()];
        return figures.Length == 0 ? null : new(figures.Average(), [.. figures], null);
    }

    private static Func<SeedFindings, Measured?> F1(string name) => F1(name, 0);

    private static Func<SeedFindings, Measured?> F1(string name, Index size) => seed => seed.Judges.TryGetValue(name, out var report) ? Measured.F1(report, size) : null;

    private static Func<SeedFindings, Measured?> LabelOf(LabelRule rule) => seed => seed.Labels.Single(label => label.Rule == rule.Name).Measure(LabelFigure.StepsRight);

    /// <summary>Something that the paper says.</summary>
    private LabClaim Claim(string text, Func<SeedFindings, Measured?> more, Func<SeedFindings, Measured?> less) => Own(text, more, less) with { FromPaper = true };

    /// <summary>A question of this lab's own.</summary>
    private LabClaim Own(string text, Func<SeedFindings, Measured?> more, Func<SeedFindings, Measured?> less)
    {
        var sides = new List<(Measured More, Measured Less)>();
        foreach (var seed in seeds)
        {
            if (more(seed) is { } first && less(seed) is { } second)
                sides.Add((first, second));
        }

        double[] differences = [.. sides.Select(side => side.More.Value - side.Less.Value)];
        return new(text, FromPaper: false, differences.Length == 0 ? 0 : differences.Average(), Measured.Difference(sides)?.Interval, differences.Count(one => one > 0), differences.Length);
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
