using System.Globalization;
using System.Text;

namespace GenPrm.Lab.Reports;

/// <summary>A lab run's report in Markdown, as it stands in <c>docs/results.md</c>.</summary>
public static class LabMarkdown
{
    public static string Write(LabReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        Line(text, $"## `genprm lab{(report.Name == "full" ? "" : " --" + report.Name)}`, seeds {string.Join(", ", report.Seeds.Select(one => one.Seed))}").AppendLine();
        Head(text, report);
        foreach (var table in report.Tables)
            Write(text, table, report.Seeds.Length);
        return text.ToString();
    }

    /// <summary>What has to be known to read the tables.</summary>
    private static void Head(StringBuilder text, LabReport report)
    {
        var (plan, recipe) = (report.Plan, report.Plan.Recipe);
        Line(text, $"Written {report.Time:yyyy-MM-dd HH:mm} UTC by commit `{report.Commit}`.").AppendLine();
        foreach (var seed in report.Seeds)
            Line(text, $"- Seed {seed.Seed}: {Span(seed.Seconds)} of work, {seed.Dtype}, begun by {(seed.Commit == report.Commit ? "the same commit" : $"commit `{seed.Commit}`")}.");
        Line(text, $"- Judges are scored on {2 * recipe.EvaluatedEach} fresh solutions a seed, in question 4 on {2 * plan.ModesEach}; half of them have a wrong step.");
        Line(text, $"- The job has {recipe.Problems} problems, {recipe.Kept} kept rollouts each, K = {recipe.K} completions a step, {recipe.Rationales} critiques a rollout.");
        Line(text, $"- Trained in f32, in samples: policy {recipe.Policy.InWords()}, teacher {recipe.Teacher.InWords()} ({100 * recipe.Faults:0} % of whose later lessons have a fault, on purpose), judges {recipe.Judge.InWords()} from the teacher, question 4's judge {plan.Modes.InWords()}, the rewriter {plan.Rewriting.InWords()}.");
        Line(text, $"- Temperature: policies {recipe.Sampling.Sampling.Temperature}, judges {recipe.Judging.Sampling.Temperature}.").AppendLine();
        text.AppendLine("A figure is the mean of the seeds, [its 95 % interval over solutions or problems], (smallest to greatest of the seeds). A claim's difference is resampled with both sides together; "
            + "it is told apart where its 95 % interval leaves out 0. There are many claims, each at 95 %: about one in twenty would be told apart by chance alone. An interval without a width says that no resample "
            + "can differ, as where a share is 0 or 1. Intervals do not hold the variance of training: another seed's judge may differ by more.").AppendLine();
    }

    private static void Write(StringBuilder text, LabTable table, int seeds)
    {
        Line(text, $"### {table.Question}. {table.Title}").AppendLine().AppendLine(table.Note).AppendLine();
        Line(text, $"| | {string.Join(" | ", table.Columns)} |");
        Line(text, $"| --- |{string.Concat(Enumerable.Repeat(" --- |", table.Columns.Length))}");
        foreach (var row in table.Rows)
            Line(text, $"| {row.Name} | {string.Join(" | ", row.Cells.Select(cell => Cell(cell, seeds)))} |");
        text.AppendLine();
        foreach (var claim in table.Claims)
            Line(text, $"- {Verdict(claim)}: {claim.Text}{Figures(claim)}.");
        text.AppendLine();
    }

    private static string Verdict(LabClaim claim) => claim.Verdict switch
    {
        LabVerdict.Yes => "Yes",
        LabVerdict.No => claim.FromPaper ? "**No, against the paper**" : "No",
        LabVerdict.NotToldApart => "Not told apart",
        LabVerdict.NoVerdict => "No verdict (measured on other solutions)",
        _ => "Not measured",
    };

    private static string Figures(LabClaim claim)
    {
        if (claim.Seeds == 0)
            return "";
        var interval = claim.Interval is { } one ? $", 95 % interval {Points(one.Low)} to {Points(one.High)}" : "";
        return $" ({Points(claim.Difference)} points{interval}; in {claim.SeedsFor} of {claim.Seeds} seeds)";
    }

    private static string Points(double share) => (100 * share).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    private static string Cell(LabCell? cell, int seeds)
    {
        if (cell is null)
            return "—";
        // Counts of samples are no shares.
        var form = cell.Seeds.Any(one => one > 1) ? "0" : "0.000";
        var range = cell.Seeds.Length > 1 ? $" ({Say(cell.Seeds.Min())} to {Say(cell.Seeds.Max())})" : "";
        var missing = cell.Seeds.Length < seeds ? string.Create(CultureInfo.InvariantCulture, $", {cell.Seeds.Length} of {seeds} seeds") : "";
        return Say(cell.Mean) + (cell.Interval is { } interval ? $" [{Say(interval.Low)}, {Say(interval.High)}]" : "") + range + missing;

        string Say(double value) => value.ToString(form, CultureInfo.InvariantCulture);
    }

    private static string Span(double seconds) => TimeSpan.FromSeconds(seconds) is { TotalHours: >= 1 } span ? $"{(int)span.TotalHours} h {span.Minutes} min" : $"{(int)(seconds / 60)} min {(int)(seconds % 60)} s";

    private static StringBuilder Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
