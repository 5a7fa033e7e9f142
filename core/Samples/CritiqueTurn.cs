using System.Collections.Immutable;
using System.Text;
using GenPrm.Core.Generation;
using GenPrm.Core.Rationales;

namespace GenPrm.Core.Samples;

/// <summary>Makes an assistant turn of a rationale's section: lead-ins where they are missing, code and outputs verbatim and in order, the judgement
/// added.</summary>
internal static class CritiqueTurn
{
    /// <summary>The turn with its trained stretches: all of it but the fed-back output blocks.</summary>
    public static SampleTurn From(RationaleSection section, string text, bool right)
    {
        var (analysis, verification) = (section.Analysis!.Value, section.Verification!.Value);
        var content = new StringBuilder(ConversationForm.AnalyzeOpen);
        var leadIn = ConversationForm.AnalyzeLeadIn(section.Paragraph);
        var from = Behind(leadIn, text, analysis);
        content.Append(leadIn).Append(' ').Append(text, from, analysis.End - from);
        content.Append(ConversationForm.AnalyzeClose).Append(ConversationForm.VerifyOpen).Append(ConversationForm.VerifyLeadIn).Append('\n');

        from = Behind(ConversationForm.VerifyLeadIn, text, verification);
        var shift = content.Length - from;
        content.Append(text, from, verification.End - from).Append(ConversationForm.VerifyClose).Append(ConversationForm.Judgement(right));
        return new(ChatMessage.Assistant(content.ToString()), Outside([.. section.Outputs.Select(output => output.Shift(shift))], content.Length));
    }

    /// <summary>Whether an analysis is blank but for its lead-in.</summary>
    public static bool SaysNothing(int paragraph, string analysis) =>
        Behind(ConversationForm.AnalyzeLeadIn(paragraph), analysis, new(0, analysis.Length)) == analysis.Length;

    /// <summary>Where a part's own text begins: behind leading blanks, its lead-in and the blanks after that.</summary>
    private static int Behind(string leadIn, string text, TextSpan part)
    {
        var start = SkipBlanks(text, part.Start, part.End);
        return text.AsSpan(start, part.End - start).StartsWith(leadIn, StringComparison.Ordinal) ? SkipBlanks(text, start + leadIn.Length, part.End) : start;
    }

    private static int SkipBlanks(string text, int at, int end)
    {
        while (at < end && char.IsWhiteSpace(text[at]))
            at++;
        return at;
    }

    private static ImmutableArray<TextSpan> Outside(ImmutableArray<TextSpan> outputs, int length)
    {
        var trained = ImmutableArray.CreateBuilder<TextSpan>(outputs.Length + 1);
        var at = 0;
        foreach (var output in outputs)
        {
            if (output.Start > at)
                trained.Add(new(at, output.Start));
            at = output.End;
        }

        trained.Add(new(at, length));
        return trained.ToImmutable();
    }
}
