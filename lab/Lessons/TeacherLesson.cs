using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GenPrm.Core.Generation;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Samples;
using GenPrm.Lab.World;
using GenPrm.Trainer.Data;

namespace GenPrm.Lab.Lessons;

/// <summary>What a teacher learns first, in both forms: the critique that a job asks for (section 5) and the conversation that a verifier writes (section 7). That it
/// knows the second one too is why no gain of fine-tuning is a gain of form.</summary>
public static class TeacherLesson
{
    /// <summary>The critique: one user turn with everything, one assistant turn with a section for each paragraph and the index at the end.</summary>
    public static Conversation Critique(string id, LabProblem problem, ImmutableArray<string> steps, ImmutableArray<JudgedStep> judged)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var prompt = JudgePrompt.Messages(problem.Text, [.. steps.Select((text, i) => new Step(i + 1, text, text))]);
        var message = ChatMessage.Assistant(CritiqueText(judged));
        return new(id, id, [.. prompt.Select(SampleTurn.Untrained), TrainedSpans.Of(message)], []);
    }

    /// <summary>The conversation: a user and an assistant turn for each step judged.</summary>
    public static Conversation Dialogue(string id, LabProblem problem, ImmutableArray<string> steps, ImmutableArray<JudgedStep> judged) =>
        Dialogue(id, problem, steps, judged, i => TrainedSpans.Of(ChatMessage.Assistant(Analysis(i + 1, judged[i].Analysis) + Verification(judged[i]) + ConversationForm.Judgement(judged[i].Right))));

    /// <summary>The same with other turns.</summary>
    /// <param name="turn">The assistant's, by its number from 0.</param>
    internal static Conversation Dialogue(string id, LabProblem problem, ImmutableArray<string> steps, ImmutableArray<JudgedStep> judged, Func<int, SampleTurn> turn)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var turns = ImmutableArray.CreateBuilder<SampleTurn>();
        turns.Add(SampleTurn.Untrained(ChatMessage.System(ConversationForm.System)));
        for (var i = 0; i < judged.Length; i++)
        {
            turns.Add(SampleTurn.Untrained(ChatMessage.User(i == 0 ? ConversationForm.FirstUserTurn(problem.Text, steps[i]) : steps[i])));
            turns.Add(turn(i));
        }

        return new(id, id, turns.ToImmutable(), [.. judged.Select(step => step.Right)]);
    }

    internal static string CritiqueText(ImmutableArray<JudgedStep> judged)
    {
        var text = new StringBuilder();
        for (var i = 0; i < judged.Length; i++)
        {
            text.Append(JudgePrompt.PlainPrefill.Replace("1", (i + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
                .Append(judged[i].Analysis).Append(ConversationForm.AnalyzeClose)
                .Append(ConversationForm.VerifyOpen).Append(Code(judged[i])).Append(ConversationForm.VerifyClose);
        }

        var wrong = judged.Select(step => step.Right).ToList().IndexOf(false);
        var index = wrong < 0 ? -1 : wrong + 1;
        return text.Append(CultureInfo.InvariantCulture, $"\n{JudgePrompt.Conclusion}{index}{StepTruth.AnswerClose}").ToString();
    }

    internal static string Analysis(int paragraph, string text) => $"{ConversationForm.AnalyzeOpen}{ConversationForm.AnalyzeLeadIn(paragraph)} {text}{ConversationForm.AnalyzeClose}";

    internal static string Verification(JudgedStep step) => $"{ConversationForm.VerifyOpen}{ConversationForm.VerifyLeadIn}\n{Code(step)}{ConversationForm.VerifyClose}";

    private static string Code(JudgedStep step) =>
        $"{JudgedStep.CodeOpen}{step.Code}\n```\n{CodeFeedback.Fence(step.Output)}{step.Finding}";
}
