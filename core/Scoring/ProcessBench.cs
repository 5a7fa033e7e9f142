using System.Collections.Immutable;
using System.Text.Json;

namespace GenPrm.Core.Scoring;

/// <summary>A row of ProcessBench.</summary>
/// <param name="Label">The first wrong step, counted from <b>0</b> as the benchmark does, or -1.</param>
public sealed record ProcessBenchRow(string Id, string Generator, string Problem, ImmutableArray<string> Steps, bool FinalAnswerCorrect, int Label);

/// <summary>Reading ProcessBench files and scoring predictions of the first wrong step. Indices count from 0 here, from 1 elsewhere in the project:
/// <see cref="FromStep"/>.</summary>
public static class ProcessBench
{
    /// <summary>No wrong step.</summary>
    public const int AllRight = -1;

    /// <summary>A step counted from 1 (null for none) in the benchmark's numbers.</summary>
    public static int FromStep(int? step) => step is { } one ? one - 1 : AllRight;

    /// <summary>Rows of a file: a JSON array, or one object a line.</summary>
    /// <exception cref="FormatException">The text is neither, or a row lacks a field; the message says which.</exception>
    public static ImmutableArray<ProcessBenchRow> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rows = text.TrimStart().StartsWith('[') ? Elements(text) : text.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)).Select(Element);
        return [.. rows.Select((row, i) => Row(row, i + 1))];
    }

    private static IEnumerable<JsonElement> Elements(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(row => row.Clone())];
        }
        catch (JsonException error)
        {
            throw new FormatException($"no JSON array: {error.Message}", error);
        }
    }

    private static JsonElement Element(string line, int index)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new FormatException($"row {index + 1} is no JSON: {error.Message}", error);
        }
    }

    private static ProcessBenchRow Row(JsonElement row, int number)
    {
        var steps = Field("steps", JsonValueKind.Array).EnumerateArray().Select(step => step.GetString() ?? "").ToImmutableArray();
        var label = Field("label", JsonValueKind.Number).GetInt32();
        if (label < AllRight || label >= steps.Length)
            throw new FormatException($"row {number}: label {label} is no step of {steps.Length}, counted from 0, and not -1");
        return new(
            Field("id", JsonValueKind.String).GetString()!,
            row.TryGetProperty("generator", out var generator) ? generator.ToString() : "",
            Field("problem", JsonValueKind.String).GetString()!,
            steps,
            row.TryGetProperty("final_answer_correct", out var correct) && correct.ValueKind == JsonValueKind.True,
            label);

        JsonElement Field(string name, JsonValueKind kind) =>
            row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var field) && field.ValueKind == kind
                ? field
                : throw new FormatException($"row {number}: no field '{name}' that is {kind}");
    }
}

/// <summary>ProcessBench's figures: accuracies on the solutions with an error (the first wrong index must match exactly) and on those without, and their harmonic
/// mean.</summary>
/// <param name="ErrorRight">Solutions with an error whose first wrong step was found.</param>
/// <param name="Errors">Solutions with an error.</param>
/// <param name="CorrectRight">Solutions without an error in which none was seen.</param>
/// <param name="Corrects">Solutions without an error.</param>
/// <param name="F1Interval">Of <see cref="F1"/>, by bootstrap over the solutions.</param>
public sealed record ProcessBenchScore(int ErrorRight, int Errors, int CorrectRight, int Corrects, Interval F1Interval)
{
    public double ErrorAccuracy => Ratio(ErrorRight, Errors);

    public double CorrectAccuracy => Ratio(CorrectRight, Corrects);

    public double F1 => Harmonic(ErrorAccuracy, CorrectAccuracy);

    public Interval ErrorInterval => Interval.Wilson(ErrorRight, Errors);

    public Interval CorrectInterval => Interval.Wilson(CorrectRight, Corrects);

    /// <param name="rows">True label and predicted one, both counted from 0, or -1.</param>
    /// <param name="seed">Of the bootstrap.</param>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public static ProcessBenchScore Of(IReadOnlyList<(int Label, int Predicted)> rows, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            throw new ArgumentException("there is nothing to score", nameof(rows));
        var (errorRight, errors, correctRight, corrects) = Count(Enumerable.Range(0, rows.Count));
        return new(errorRight, errors, correctRight, corrects, Interval.Bootstrap(rows.Count, sample => F1Of(Count(sample)), seed));

        (int, int, int, int) Count(IEnumerable<int> indices)
        {
            var (right, all, rightOnes, allOnes) = (0, 0, 0, 0);
            foreach (var i in indices)
            {
                var hit = rows[i].Label == rows[i].Predicted ? 1 : 0;
                if (rows[i].Label == ProcessBench.AllRight)
                    (rightOnes, allOnes) = (rightOnes + hit, allOnes + 1);
                else
                    (right, all) = (right + hit, all + 1);
            }

            return (right, all, rightOnes, allOnes);
        }
    }

    private static double F1Of((int ErrorRight, int Errors, int CorrectRight, int Corrects) of) => Harmonic(Ratio(of.ErrorRight, of.Errors), Ratio(of.CorrectRight, of.Corrects));

    private static double Ratio(int count, int of) => of == 0 ? 0 : (double)count / of;

    private static double Harmonic(double a, double b) => a + b == 0 ? 0 : 2 * a * b / (a + b);
}
