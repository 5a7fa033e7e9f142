using System.Globalization;
using System.Net;
using System.Text;

namespace GenPrm.Lab.Reports;

/// <summary>Draws a table's shares as bars, a group a row and a colour a column, with intervals.</summary>
public static class LabPlot
{
    private const double Left = 190, Bar = 13, Gap = 12, Plot = 520, Top = 46;

    private static readonly string[] Colours = ["#1b6e3c", "#4c78a8", "#e0a030", "#9467bd", "#9aa5b1"];

    /// <param name="report">Its seeds, commit and date stand below: a plot goes about without its table.</param>
    public static string Draw(LabReport report, LabTable table)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(table);
        int[] columns = [.. Enumerable.Range(0, table.Columns.Length).Where(column => table.Rows.All(row => row.Cells[column] is not { } cell || cell.Mean <= 1))];
        var group = (columns.Length * Bar) + Gap;
        var (width, bottom) = (Left + Plot + 30, Top + (table.Rows.Length * group));
        var height = bottom + 44 + (columns.Length * 16);
        var svg = new StringBuilder();
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{width:0}" height="{height:0}" viewBox="0 0 {width:0} {height:0}" font-family="sans-serif" font-size="12">""");
        Line(svg, $"""<rect width="100%" height="100%" fill="white"/><text x="10" y="22" font-size="15">{table.Question}. {WebUtility.HtmlEncode(table.Title)}</text>""");
        for (var tick = 0; tick <= 4; tick++)
            Line(svg, $"""<line x1="{X(tick / 4.0):0.#}" x2="{X(tick / 4.0):0.#}" y1="{Top - 6:0.#}" y2="{bottom:0.#}" stroke="#ddd"/><text x="{X(tick / 4.0):0.#}" y="{bottom + 14:0.#}" text-anchor="middle">{tick / 4.0:0.00}</text>""");
        for (var row = 0; row < table.Rows.Length; row++)
        {
            var top = Top + (row * group);
            Line(svg, $"""<text x="{Left - 8}" y="{top + (columns.Length * Bar / 2) + 4:0.#}" text-anchor="end">{WebUtility.HtmlEncode(table.Rows[row].Name)}</text>""");
            for (var i = 0; i < columns.Length; i++)
            {
                if (table.Rows[row].Cells[columns[i]] is { } cell)
                    Draw(svg, cell, top + (i * Bar), Colours[i % Colours.Length]);
            }
        }

        for (var i = 0; i < columns.Length; i++)
            Line(svg, $"""<rect x="{Left}" y="{bottom + 22 + (i * 16):0.#}" width="10" height="10" fill="{Colours[i % Colours.Length]}"/><text x="{Left + 16}" y="{bottom + 31 + (i * 16):0.#}">{WebUtility.HtmlEncode(table.Columns[columns[i]])}</text>""");
        Line(svg, $"""<text x="10" y="{height - 8:0.#}" font-size="9" fill="#666">seeds {string.Join(", ", report.Seeds.Select(one => one.Seed))}; commit {WebUtility.HtmlEncode(string.Join(", ", report.Seeds.Select(one => one.Commit).Distinct()))}; {report.Time:yyyy-MM-dd}</text>""");
        return svg.AppendLine("</svg>").ToString();
    }

    private static double X(double value) => Left + (Plot * value);

    /// <summary>The mean, its interval as a line, and a dot for each seed.</summary>
    private static void Draw(StringBuilder svg, LabCell cell, double top, string colour)
    {
        Line(svg, $"""<rect x="{Left}" y="{top:0.#}" width="{Plot * cell.Mean:0.#}" height="{Bar - 2}" fill="{colour}"/>""");
        if (cell.Interval is { } interval)
            Line(svg, $"""<line x1="{X(interval.Low):0.#}" x2="{X(interval.High):0.#}" y1="{top + 5:0.#}" y2="{top + 5:0.#}" stroke="#222" stroke-width="2"/>""");
        foreach (var seed in cell.Seeds)
            Line(svg, $"""<circle cx="{X(seed):0.#}" cy="{top + 5:0.#}" r="2.5" fill="white" stroke="#222"/>""");
    }

    private static void Line(StringBuilder svg, FormattableString text) => svg.AppendLine(text.ToString(CultureInfo.InvariantCulture));
}
