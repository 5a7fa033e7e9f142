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
        text.AppendLine(CultureInfo.InvariantCulture, $"## `genprm lab{(report.Plan == "full" ? "" : " --" + report.Plan)}`, seeds {string.Join(", ", report.Seeds)}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Commit `{report.Commit}`, written {report.Time:yyyy-MM-dd HH:mm} UTC. A figure is the mean of the seeds, [95 % interval of that mean over the solutions] where there is one, (smallest to greatest of the seeds).").AppendLine();
        foreach (var table in report.Tables)
            Write(text, table);
        return text.ToString();
    }

    private static void Write(StringBuilder text, LabTable table)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"### {table.Question}. {table.Title}").AppendLine().AppendLine(table.Note).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| | {string.Join(" | ", table.Columns)} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| --- |{string.Concat(Enumerable.Repeat(" --- |", table.Columns.Length))}");
        foreach (var row in table.Rows)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Name} | {string.Join(" | ", row.Cells.Select(Cell))} |");
        text.AppendLine();
        foreach (var claim in table.Claims)
            text.AppendLine(CultureInfo.InvariantCulture, $"- {(claim.Seeds == 0 ? "Not measured" : claim.Holds ? "Yes" : "**No, against the paper**")}: {claim.Text} ({100 * claim.Difference:+0.0;-0.0;0.0} points, in {claim.SeedsFor} of {claim.Seeds} seeds).");
        text.AppendLine();
    }

    private static string Cell(LabCell? cell)
    {
        if (cell is null)
            return "—";
        // Counts of samples are no shares.
        var form = cell.Seeds.Any(one => one > 1) ? "0" : "0.000";
        var range = cell.Seeds.Length > 1 ? $" ({Say(cell.Seeds.Min())} to {Say(cell.Seeds.Max())})" : "";
        return Say(cell.Mean) + (cell.Interval is { } interval ? $" [{Say(interval.Low)}, {Say(interval.High)}]" : "") + range;

        string Say(double value) => value.ToString(form, CultureInfo.InvariantCulture);
    }
}
