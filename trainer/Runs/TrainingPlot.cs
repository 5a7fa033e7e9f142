using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace GenPrm.Trainer.Runs;

/// <summary>Draws a run as SVG: the loss of each step and of the held-out samples, and below it learning rate and gradient norm.</summary>
public static class TrainingPlot
{
    private const double Width = 860, Left = 70, Right = 20, PanelHeight = 200, Gap = 50, Top = 40;

    /// <summary>The drawing of a run's steps; empty axes where there are none.</summary>
    public static string Draw(string title, ImmutableArray<StepMetrics> rows)
    {
        var svg = new StringBuilder();
        var height = Top + (3 * (PanelHeight + Gap));
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="12">""");
        Line(svg, $"""<rect width="100%" height="100%" fill="white"/><text x="{Left}" y="22" font-size="15">{Escaped(title)}</text>""");
        var last = Math.Max(1, rows.IsEmpty ? 1 : rows[^1].Step);
        Panel(svg, 0, "loss (nats a token); dots: held out", last, [.. rows.Select(row => (row.Step, row.Loss))], [.. rows.Where(row => row.HeldOutLoss is not null).Select(row => (row.Step, row.HeldOutLoss!.Value))]);
        Panel(svg, 1, "learning rate", last, [.. rows.Select(row => (row.Step, row.LearningRate))], []);
        Panel(svg, 2, "gradient norm before clipping", last, [.. rows.Select(row => (row.Step, row.GradientNorm))], []);
        return svg.AppendLine("</svg>").ToString();
    }

    private static void Panel(StringBuilder svg, int index, string name, long last, ImmutableArray<(long Step, double Value)> line, ImmutableArray<(long Step, double Value)> dots)
    {
        var (top, bottom) = (Top + (index * (PanelHeight + Gap)), Top + (index * (PanelHeight + Gap)) + PanelHeight);
        var values = line.Concat(dots).Select(point => point.Value).DefaultIfEmpty(0).ToList();
        var (low, high) = (values.Min(), values.Max());
        if (high - low < 1e-12)
            (low, high) = (low - Math.Max(1e-12, Math.Abs(low) * 0.1), high + Math.Max(1e-12, Math.Abs(high) * 0.1));
        double X(long step) => Left + ((Width - Left - Right) * step / last);
        double Y(double value) => bottom - (PanelHeight * (value - low) / (high - low));
        string Points(IEnumerable<(long Step, double Value)> points) => string.Join(' ', points.Select(point => Number(X(point.Step)) + "," + Number(Y(point.Value))));

        Line(svg, $"""<text x="{Left}" y="{top - 6}" fill="#444">{name}</text>""");
        for (var tick = 0; tick <= 4; tick++)
        {
            var value = low + ((high - low) * tick / 4);
            Line(svg, $"""<line x1="{Left}" x2="{Width - Right}" y1="{Number(Y(value))}" y2="{Number(Y(value))}" stroke="#ddd"/><text x="{Left - 6}" y="{Number(Y(value) + 4)}" text-anchor="end">{value.ToString("G3", CultureInfo.InvariantCulture)}</text>""");
            var step = last * tick / 4;
            Line(svg, $"""<text x="{Number(X(step))}" y="{bottom + 16}" text-anchor="middle">{step}</text>""");
        }

        Line(svg, $"""<polyline fill="none" stroke="#1f77b4" stroke-width="1.5" points="{Points(line)}"/>""");
        if (dots.Length > 1)
            Line(svg, $"""<polyline fill="none" stroke="#d62728" stroke-dasharray="4 3" points="{Points(dots)}"/>""");
        foreach (var dot in dots)
            Line(svg, $"""<circle cx="{Number(X(dot.Step))}" cy="{Number(Y(dot.Value))}" r="3" fill="#d62728"/>""");
    }

    private static void Line(StringBuilder svg, FormattableString text) => svg.AppendLine(text.ToString(CultureInfo.InvariantCulture));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
