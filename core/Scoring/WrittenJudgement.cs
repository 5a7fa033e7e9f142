using System.Collections.Immutable;
using System.Text.RegularExpressions;
using GenPrm.Core.Rationales;
using GenPrm.Core.Samples;

namespace GenPrm.Core.Scoring;

/// <summary>The judgement of a turn: the last Yes or No in a box of its output part. What the analysis quotes, what stands in code and what code printed is none: a
/// solution may hold such a line to be let through.</summary>
/// <param name="Start">Where Yes or No stands.</param>
/// <param name="Verdict">Which.</param>
internal readonly partial record struct WrittenJudgement(int Start, bool Verdict)
{
    private const string VerifyEnd = "</verify>";

    /// <summary>The judgement of a turn whose parts are known; null where there is none.</summary>
    public static WrittenJudgement? Find(ImmutableArray<RationalePart> parts) => In(Said(parts));

    /// <summary>The judgement of a finished turn; null where there is none. Logged turns leave code out and its fence open: there the code ends with the part.</summary>
    public static WrittenJudgement? Find(string turn) => In(WithoutCode(WithoutAnalysis(turn), untilVerifyEnds: true));

    /// <summary>The turn in which all that is no saying of the judge's own is blanked out, place for place.</summary>
    public static string Said(ImmutableArray<RationalePart> parts)
    {
        var turn = WithoutAnalysis(string.Concat(parts.Select(part => part.Kind == PartKind.Fed ? Blank(part.Text) : part.Text)));
        var place = 0;
        return string.Concat(Stretches(parts).Select(stretch => WithoutCode(turn[place..(place += stretch.Length)], untilVerifyEnds: false)));
    }

    /// <summary>Whether the turn breaks off in a code block.</summary>
    public static bool EndsInCode(ImmutableArray<RationalePart> parts) => CodeFences.Find(Stretches(parts)[^1]) is [.., { IsClosed: false }];

    /// <summary>The Python of the block that the turn ends with, or null.</summary>
    public static string? EndingCode(ImmutableArray<RationalePart> parts)
    {
        var tail = Stretches(parts)[^1];
        return CodeFences.Find(tail) is [.., { IsPython: true, IsClosed: true } last] && last.End == tail.Length && !string.IsNullOrWhiteSpace(tail[last.ContentStart..last.ContentEnd])
            ? tail[last.ContentStart..last.ContentEnd]
            : null;
    }

    /// <summary>The parts, joined where no fence reaches over: what was fed stands alone, and what was given begins anew.</summary>
    private static List<string> Stretches(ImmutableArray<RationalePart> parts)
    {
        var stretches = new List<string>();
        var wasFed = true;
        foreach (var part in parts)
        {
            if (wasFed || part.Kind != PartKind.Written)
                stretches.Add(part.Text);
            else
                stretches[^1] += part.Text;
            wasFed = part.Kind == PartKind.Fed;
        }

        return stretches;
    }

    private static int BehindAnalysis(string turn) =>
        turn.StartsWith(ConversationForm.AnalyzeOpen, StringComparison.Ordinal) && turn.IndexOf(ConversationForm.AnalyzeClose, StringComparison.Ordinal) is >= 0 and var close
            ? close + ConversationForm.AnalyzeClose.Length
            : 0;

    /// <summary>The tags stay: they say where the next part begins.</summary>
    private static string WithoutAnalysis(string turn) => BehindAnalysis(turn) is > 0 and var behind
        ? ConversationForm.AnalyzeOpen + Blank(turn[ConversationForm.AnalyzeOpen.Length..(behind - ConversationForm.AnalyzeClose.Length)]) + turn[(behind - ConversationForm.AnalyzeClose.Length)..]
        : turn;

    private static string WithoutCode(string text, bool untilVerifyEnds)
    {
        foreach (var block in CodeFences.Find(text))
        {
            var end = untilVerifyEnds && !block.IsClosed && text.IndexOf("\n" + VerifyEnd, block.ContentStart, StringComparison.Ordinal) is >= 0 and var verified ? verified : block.ContentEnd;
            text = text[..block.ContentStart] + Blank(text[block.ContentStart..end]) + text[end..];
        }

        return text;
    }

    /// <summary>The output part is what follows the analysis at once (it was forced there, or the mode writes no code), else what begins a line behind the end of the
    /// verification.</summary>
    private static WrittenJudgement? In(string said)
    {
        var from = BehindAnalysis(said);
        if (!said.AsSpan(from).StartsWith("<output>", StringComparison.Ordinal))
            from = said.IndexOf(VerifyEnd, from, StringComparison.Ordinal);
        if (from < 0 || Output().Matches(said, from).LastOrDefault() is not { } output || Box().Matches(said, output.Index).LastOrDefault() is not { } box)
            return null;
        return new(box.Groups["verdict"].Index, box.Groups["verdict"].Value == StepJudge.Yes);
    }

    /// <summary>As many characters, none of which says anything; lines stay lines.</summary>
    private static string Blank(string text) => string.Create(text.Length, text, (blank, from) =>
    {
        for (var i = 0; i < blank.Length; i++)
            blank[i] = from[i] == '\n' ? '\n' : '\0';
    });

    [GeneratedRegex("^<output>", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Output();

    [GeneratedRegex(@"\\boxed\{(?<verdict>Yes|No)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Box();
}
