using System.Collections.Immutable;
using System.Text.Json;
using GenPrm.Core.Rollouts;

namespace GenPrm.Core.Problems;

/// <summary>Reads worked examples: JSON Lines with <c>problem</c> and <c>solution</c>.</summary>
public static class WorkedExampleFile
{
    /// <exception cref="FormatException">A line gives no example. There are few of them and each shapes every prompt, so none is skipped; the message names all bad
    /// lines.</exception>
    public static ImmutableArray<WorkedExample> Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var examples = ImmutableArray.CreateBuilder<WorkedExample>();
        var wrong = new List<string>();
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (JsonLine.Parse(line, out var fields) is { } noJson)
                wrong.Add($"line {number}: {noJson}");
            else if (JsonLine.Text(fields, "problem") is not { Length: > 0 } problem)
                wrong.Add($"line {number}: {JsonLine.Lacks(fields, "problem")}");
            else if (JsonLine.Text(fields, "solution") is not { Length: > 0 } solution)
                wrong.Add($"line {number}: {JsonLine.Lacks(fields, "solution")}");
            else if (StepSplitter.Split(solution) is { Steps.Length: < 2 } or { Preamble.Length: > 0 })
                wrong.Add($"line {number}: the solution shows no steps; it must begin 'Step 1: ' and have a line that begins 'Step 2: '");
            else
                examples.Add(new(problem, solution));
        }

        return wrong.Count == 0 ? examples.ToImmutable() : throw new FormatException(string.Join(Environment.NewLine, wrong));
    }
}
