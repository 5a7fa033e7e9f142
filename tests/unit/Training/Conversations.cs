using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Rationales;
using GenPrm.Core.Samples;
using GenPrm.Trainer.Data;

namespace GenPrm.Tests.Unit.Training;

/// <summary>Samples as a job would make them, short.</summary>
internal static class Conversations
{
    public const string Printed = "OUTPUT-77";

    /// <summary>A conversation of some paragraphs, the last of them wrong.</summary>
    public static Conversation Of(int number, int paragraphs = 2)
    {
        var turns = ImmutableArray.CreateBuilder<SampleTurn>();
        turns.Add(SampleTurn.Untrained(ChatMessage.System(ConversationForm.System)));
        for (var paragraph = 1; paragraph <= paragraphs; paragraph++)
        {
            var step = $"QUESTION step {paragraph} of {number}.";
            turns.Add(SampleTurn.Untrained(ChatMessage.User(paragraph == 1 ? ConversationForm.FirstUserTurn($"Problem {number}?", step) : step)));
            turns.Add(TrainedSpans.Of(ChatMessage.Assistant(
                $"{ConversationForm.AnalyzeOpen}{ConversationForm.AnalyzeLeadIn(paragraph)} ANALYSIS é😀 {number}{ConversationForm.AnalyzeClose}{ConversationForm.VerifyOpen}"
                + $"{ConversationForm.VerifyLeadIn}\n```python\nprint({number})\n```\n{CodeFeedback.Fence(Printed)}DISCUSSION{ConversationForm.VerifyClose}"
                + ConversationForm.Judgement(paragraph < paragraphs))));
        }

        return new($"job/1/{number}/r0/v0", $"job/{number / 2}", turns.ToImmutable(), [.. Enumerable.Range(1, paragraphs).Select(paragraph => paragraph < paragraphs)]);
    }

    /// <summary>Many of them, of different lengths.</summary>
    public static ListedSamples Many(int count) => new([.. Enumerable.Range(0, count).Select(number => Of(number, 1 + (number % 3)))]);
}
