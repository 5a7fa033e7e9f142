using System.Globalization;
using System.Text.Json;

namespace GenPrm.Bench;

/// <summary>One measured figure and what it is compared with.</summary>
/// <param name="Name">What was measured, such as <c>decode/smollm2-135m/bf16/64</c>.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit, such as <c>tokens/s</c>.</param>
/// <param name="Reference">What it is compared with in the same run, and its value; null if it is itself the reference.</param>
/// <param name="Ratio">The figure as a share of the reference, in the reference's own unit.</param>
internal sealed record Figure(string Name, double Value, string Unit, string? Reference = null, double? Ratio = null);

/// <summary>Writes figures as an aligned table, or as JSON lines.</summary>
internal sealed class FigureOutput(TextWriter output, bool json)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
    private bool headed;

    public void Write(Figure figure)
    {
        output.WriteLine(json ? JsonSerializer.Serialize(figure, Options) : Row(figure));
        output.Flush();
    }

    private string Row(Figure figure)
    {
        var header = headed ? "" : $"{"name",-36} {"value",12} {"unit",-12} {"ratio",7} reference{Environment.NewLine}";
        headed = true;
        var ratio = figure.Ratio?.ToString("0.000", CultureInfo.InvariantCulture) ?? "";
        return header + string.Create(
            CultureInfo.InvariantCulture,
            $"{figure.Name,-36} {figure.Value,12:0.###} {figure.Unit,-12} {ratio,7} {figure.Reference}");
    }
}
