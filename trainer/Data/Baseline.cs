using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Rationales;
using GenPrm.Core.Samples;
using GenPrm.Model.Training;

namespace GenPrm.Trainer.Data;

/// <summary>What is trained from the samples.</summary>
public enum Objective
{
    /// <summary>The whole critique: analysis, code, judgement (eq. 1).</summary>
    Critique,

    /// <summary>The judgement alone (eq. 3).</summary>
    Direct,

    /// <summary>A scalar a step by cross entropy (eq. 2).</summary>
    Scalar,
}

/// <summary>The two baselines of section 7, from the same samples.</summary>
public static class Baseline
{
    /// <summary>What stands between two steps in the scalar form.</summary>
    public const string StepBreak = "\n\n";

    /// <summary>The conversation with every critique replaced by its judgement, all of which is trained.</summary>
    /// <exception cref="TrainingException">The sample has no labels.</exception>
    public static Conversation Direct(Conversation conversation)
    {
        var labels = Labels(conversation);
        var turn = 0;
        return conversation with { Turns = [.. conversation.Turns.Select(Replace)] };

        SampleTurn Replace(SampleTurn one)
        {
            if (one.Message.Role == "system")
                return SampleTurn.Untrained(ChatMessage.System(ConversationForm.DirectSystem));
            if (one.Message.Role != "assistant")
                return one;
            var judgement = ConversationForm.Judgement(labels[turn++]);
            return new(ChatMessage.Assistant(judgement), [new TextSpan(0, judgement.Length)]);
        }
    }

    /// <summary>One user turn with the problem and all steps, and where each step ends in it.</summary>
    /// <exception cref="TrainingException">The sample has no labels.</exception>
    public static (ChatMessage Message, ImmutableArray<(int End, bool Label)> Steps) Scalar(Conversation conversation)
    {
        var labels = Labels(conversation);
        var text = new System.Text.StringBuilder();
        var steps = ImmutableArray.CreateBuilder<(int, bool)>(labels.Length);
        foreach (var step in conversation.Turns.Where(turn => turn.Message.Role == "user").Take(labels.Length))
        {
            if (text.Length > 0)
                text.Append(StepBreak);
            text.Append(step.Message.Content.Trim());
            steps.Add((text.Length, labels[steps.Count]));
        }

        return (ChatMessage.User(text.ToString()), steps.ToImmutable());
    }

    private static ImmutableArray<bool> Labels(Conversation conversation)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        var turns = conversation.Turns.Count(turn => turn.Message.Role == "assistant");
        return conversation.Labels.Length == turns
            ? conversation.Labels
            : throw new TrainingException($"{conversation.Id}: {conversation.Labels.Length} labels for {turns} assistant turns; the baselines need `labels` in every sample");
    }
}
