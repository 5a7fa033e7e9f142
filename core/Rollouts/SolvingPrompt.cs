using System.Collections.Immutable;
using System.Text;
using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;
using GenPrm.Core.Problems;

namespace GenPrm.Core.Rollouts;

/// <summary>What the policy and the completer are asked: the instruction, the worked examples as earlier turns, the problem, and an
/// assistant turn that was begun for them (step forcing, sections 2 and 3).</summary>
public static class SolvingPrompt
{
    /// <summary>A whole solution, from <c>Step 1:</c> on.</summary>
    public static Prompt.Chat ForRollout(string problem, ImmutableArray<WorkedExample> examples, RolloutParameters parameters) =>
        ForState(problem, [], 0, examples, parameters);

    /// <summary>The rest of a solution whose first <paramref name="given"/> steps stand; 0 asks from the bare problem.</summary>
    public static Prompt.Chat ForState(
        string problem, ImmutableArray<Step> steps, int given, ImmutableArray<WorkedExample> examples, RolloutParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var messages = ImmutableArray.CreateBuilder<ChatMessage>();
        if (parameters.Instruction.Length > 0)
            messages.Add(ChatMessage.System(parameters.Instruction));
        foreach (var example in examples)
        {
            messages.Add(ChatMessage.User(example.Problem));
            messages.Add(ChatMessage.Assistant(example.Solution));
        }

        messages.Add(ChatMessage.User(problem));
        return new(messages.ToImmutable(), Prefix(steps, given, parameters.PrefixBlank));
    }

    /// <summary>The text of the first <paramref name="given"/> steps, one blank after each <c>Step k:</c> and the policy's own gaps between them, and
    /// the header of the step to come.</summary>
    /// <param name="blank">Whether the header to come has its blank already.</param>
    public static string Prefix(ImmutableArray<Step> steps, int given, bool blank)
    {
        var text = new StringBuilder();
        foreach (var step in steps.AsSpan()[..given])
            text.Append(StepSplitter.Header(step.Number)).Append(' ').Append(step.Text).Append(step.Gap);
        // The last step of a solution ends without a line break; a header starts a line of its own.
        if (text.Length > 0 && text[^1] != '\n')
            text.Append("\n\n");
        return text.Append(StepSplitter.Header(given + 1)).Append(blank ? " " : "").ToString();
    }
}
