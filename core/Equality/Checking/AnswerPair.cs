using System.Text.Json;
using GenPrm.Core.Problems;

namespace GenPrm.Core.Equality.Checking;

/// <summary>A row of a file of answer pairs.</summary>
/// <param name="Id">Its id, else its line number.</param>
/// <param name="Gold">The reference answer.</param>
/// <param name="Prediction">The answer to judge.</param>
/// <param name="Equal">Whether they are the same answer; null where the file does not say.</param>
/// <param name="Suspect">Why the label is not to be trusted; null where it is.</param>
/// <param name="Category">The row's category, if given.</param>
/// <param name="Source">The row's source, if given.</param>
public sealed record AnswerPair(string Id, string Gold, string Prediction, bool? Equal, string? Suspect = null, string? Category = null, string? Source = null)
{
    /// <summary>Whether the row counts: it has a label, and nothing is said against it.</summary>
    public bool IsScored => Equal is not null && Suspect is null;

    /// <summary>Reads a file of JSON Lines. Blank lines are passed over.</summary>
    /// <exception cref="InvalidDataException">A line is no pair, or there is none; the message names file, line and fault.</exception>
    public static async Task<IReadOnlyList<AnswerPair>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var pairs = new List<AnswerPair>();
        var line = 0;
        await foreach (var text in File.ReadLinesAsync(path, cancellationToken).ConfigureAwait(false))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
                continue;
            if (Parse(text, line, out var pair) is { } fault)
                throw new InvalidDataException($"{path}, line {line}: {fault}. A row is {{\"gold\": …, \"prediction\": …, \"equal\": true or false}}.");
            pairs.Add(pair!);
        }
        return pairs.Count > 0 ? pairs : throw new InvalidDataException($"{path} holds no rows. A row is {{\"gold\": …, \"prediction\": …, \"equal\": true or false}}, one a line.");
    }

    /// <summary>Null and the pair, or what is wrong with the line.</summary>
    private static string? Parse(string text, int line, out AnswerPair? pair)
    {
        pair = null;
        if (JsonLine.Parse(text, out var fields) is { } fault)
            return fault;
        if (JsonLine.Text(fields, "gold") is not { } gold)
            return JsonLine.Lacks(fields, "gold");
        if (JsonLine.Text(fields, "prediction") is not { } prediction)
            return JsonLine.Lacks(fields, "prediction");
        bool? equal = null;
        if (fields.TryGetProperty("equal", out var label) && label.ValueKind != JsonValueKind.Null)
        {
            if (label.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                return $"'equal' is {label.GetRawText()}, not true or false";
            equal = label.GetBoolean();
        }
        var id = JsonLine.Text(fields, "id") ?? $"line {line}";
        pair = new AnswerPair(id, gold, prediction, equal, JsonLine.Text(fields, "suspect"), JsonLine.Text(fields, "category"), JsonLine.Text(fields, "source"));
        return null;
    }
}
