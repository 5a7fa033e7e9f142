using System.Collections.Immutable;
using GenPrm.Core.Generation;

namespace GenPrm.Core.Scoring;

/// <summary>The critic's turn (section 8): the first wrong step, quoted, with its analysis, goes back to the policy, which writes a new solution.</summary>
public static class Critic
{
    /// <summary>The user turn that sends a step back.</summary>
    /// <param name="step">The step's text.</param>
    /// <param name="analysis">The analysis without its lead-in; null where the judge wrote none.</param>
    public static string Turn(string step, string? analysis)
    {
        ArgumentNullException.ThrowIfNull(step);
        var quoted = string.Join('\n', step.Split('\n').Select(line => $"> {line}"));
        return $"This paragraph of your solution may be wrong:\n\n{quoted}\n\n{(analysis is null ? "" : analysis + "\n\n")}Think it over and write the whole solution again.";
    }

    /// <summary>What the policy answers: its instruction and the problem as before, its whole solution, the critique.</summary>
    public static ImmutableArray<ChatMessage> Messages(ImmutableArray<ChatMessage> before, string solution, string step, string? analysis) =>
        [.. before, ChatMessage.Assistant(solution), ChatMessage.User(Turn(step, analysis))];
}
