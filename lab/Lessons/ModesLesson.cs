using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Rationales;
using GenPrm.Core.Samples;
using GenPrm.Lab.World;
using GenPrm.Trainer.Data;

namespace GenPrm.Lab.Lessons;

/// <summary>What a step's critique holds beside its judgement: the modes of the paper's table 5.</summary>
public enum CritiqueParts
{
    Both,

    Analysis,

    Code,
}

/// <summary>Conversations for a judge that is asked in every mode of table 5. No prompt tells it the mode, so that an analysis is the same with code behind it and
/// without: it compares the results and says what it found.</summary>
public static class ModesLesson
{
    /// <summary>Code begins with what the paragraph states, so that there, too, it is read before it is worked with: without an analysis nothing else has quoted it.</summary>
    private const string Comment = "# ";

    /// <summary>What code prints is learnt, too, which no sample of a job does: a judge whose code is not run has to write it itself.</summary>
    /// <param name="judged">Each step's judgement, which is that of the last part.</param>
    /// <param name="analysed">What the analysis makes of each step. Where it finds the opposite it is not learnt: what is, is to go by what the code prints.</param>
    public static Conversation Of(
        string id, LabProblem problem, ImmutableArray<string> steps, ImmutableArray<JudgedStep> judged, ImmutableArray<JudgedStep> analysed, CritiqueParts parts) =>
        TeacherLesson.Dialogue(id, problem, steps, judged, i =>
        {
            var analysis = parts == CritiqueParts.Code ? "" : TeacherLesson.Analysis(i + 1, analysed[i].Analysis + JudgedStep.QuoteEnd + analysed[i].Finding);
            var verification = parts == CritiqueParts.Analysis ? "" : TeacherLesson.Verification(judged[i] with { Code = Comment + judged[i].Quotation + judged[i].Code });
            var turn = ChatMessage.Assistant(analysis + verification + ConversationForm.Judgement(judged[i].Right));
            return new(turn, [new TextSpan(analysed[i] == judged[i] ? 0 : analysis.Length, turn.Content.Length)]);
        });
}
