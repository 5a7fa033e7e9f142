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

    /// <summary>A conversation whose turns hold these parts. What code prints is learnt, too, which no sample of a job does: a judge whose code is not run has to write
    /// it itself.</summary>
    /// <param name="judged">The truth of each step, which is what code finds.</param>
    /// <param name="analysed">What the analysis makes of each step where code stands behind it. Where it finds the opposite neither it nor what the code prints is learnt, and what
    /// is, is to go by that: a judge whose code is not run learns no output that goes against its analysis.</param>
    public static Conversation Of(
        string id, LabProblem problem, ImmutableArray<string> steps, ImmutableArray<JudgedStep> judged, ImmutableArray<JudgedStep> analysed, CritiqueParts parts) =>
        TeacherLesson.Dialogue(id, problem, steps, judged, i =>
        {
            var found = parts == CritiqueParts.Both ? analysed[i] : judged[i];
            var analysis = parts == CritiqueParts.Code ? "" : TeacherLesson.Analysis(i + 1, found.Analysis + JudgedStep.QuoteEnd + found.Finding);
            var verification = parts == CritiqueParts.Analysis ? "" : TeacherLesson.Verification(judged[i] with { Code = Comment + judged[i].Quotation + judged[i].Code });
            var turn = ChatMessage.Assistant(analysis + verification + ConversationForm.Judgement(judged[i].Right));
            return found == judged[i] ? new(turn, [new TextSpan(0, turn.Content.Length)]) : new(turn, [.. Behind(TrainedSpans.Of(turn).Trained, analysis.Length)]);
        });

    private static IEnumerable<TextSpan> Behind(IEnumerable<TextSpan> spans, int start) =>
        spans.Where(span => span.End > start).Select(span => span with { Start = Math.Max(span.Start, start) });
}
