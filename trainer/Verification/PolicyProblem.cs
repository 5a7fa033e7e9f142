using System.Collections.Immutable;
using System.Text.Json;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Scoring;

namespace GenPrm.Trainer.Verification;

/// <summary>A problem of <c>best-of</c> or <c>refine</c>.</summary>
/// <param name="Id">Its identity in the file.</param>
/// <param name="Text">The problem.</param>
/// <param name="Answer">The gold answer, or null.</param>
/// <param name="Given">Solutions that came with it; none where the policy is to write them.</param>
public sealed record PolicyProblem(string Id, string Text, string? Answer, ImmutableArray<string> Given)
{
    /// <summary>Reads JSON Lines, or a JSON array: <c>problem</c>; where there are, <c>answer</c>, <c>id</c>, and <c>solutions</c> — texts with lines <c>Step k:</c>, or
    /// arrays of steps.</summary>
    /// <exception cref="FormatException">A row is no problem; the message says which and what it lacks.</exception>
    public static ImmutableArray<PolicyProblem> Read(string text)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. JsonRows.Read(text).Select(one => Of(one.Row, one.Number, seen))];
    }

    private static PolicyProblem Of(JsonElement row, int number, HashSet<string> seen)
    {
        var problem = JsonRows.Field(row, number, "problem", JsonValueKind.String).GetString()!.Trim();
        var answer = row.TryGetProperty("answer", out var gold) && gold.ValueKind is JsonValueKind.String or JsonValueKind.Number ? gold.ToString().Trim() : null;
        ImmutableArray<string> given = row.TryGetProperty("solutions", out var solutions)
            ? solutions.ValueKind == JsonValueKind.Array
                ? [.. solutions.EnumerateArray().Select(solution => Solution(solution, number))]
                : throw new FormatException($"row {number}: 'solutions' is {solutions.ValueKind}, not an array")
            : [];
        return problem.Length > 0
            ? new(SolutionFile.IdOf(row, number, seen), problem, answer is { Length: > 0 } ? answer : null, given)
            : throw new FormatException($"row {number}: 'problem' is empty");
    }

    private static string Solution(JsonElement solution, int number) => solution.ValueKind switch
    {
        JsonValueKind.String => solution.GetString()!,
        JsonValueKind.Array when solution.EnumerateArray().All(step => step.ValueKind == JsonValueKind.String) =>
            Joined([.. solution.EnumerateArray().Select(step => step.GetString()!)], number),
        _ => throw new FormatException($"row {number}: a solution is neither a text nor an array of texts"),
    };

    /// <summary>Steps as one text, from which the same steps can be read again.</summary>
    private static string Joined(ImmutableArray<string> steps, int number)
    {
        var text = string.Join("\n\n", steps.Select((step, i) => $"{StepSplitter.Header(i + 1)} {step}"));
        var read = StepSplitter.Split(text).Steps;
        var differs = Enumerable.Range(0, steps.Length).FirstOrDefault(i => i >= read.Length || read[i].Text != steps[i].Trim(), -1);
        return differs < 0
            ? text
            : throw new FormatException($"row {number}: step {differs + 1} of a solution can not be told from its neighbours: it is empty, or has a line '{StepSplitter.Header(differs + 2)}' of its own. Write that line otherwise.");
    }
}
