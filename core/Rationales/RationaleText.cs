using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using GenPrm.Core.Equality;

namespace GenPrm.Core.Rationales;

/// <summary>A stretch <c>[Start, End)</c> of a text, in UTF-16 units.</summary>
[GenerateSerializer, Immutable, Alias("genprm.text-span")]
public readonly record struct TextSpan([property: Id(0)] int Start, [property: Id(1)] int End)
{
    public int Length => End - Start;

    public TextSpan Shift(int by) => new(Start + by, End + by);
}

/// <summary>The part of a rationale that is about one paragraph. Spans are of the rationale's text.</summary>
/// <param name="Paragraph">From 1.</param>
/// <param name="Span">All of it, its heading apart.</param>
/// <param name="Analysis">Inside <c>&lt;analyze&gt;</c>, or null.</param>
/// <param name="Verification">Inside <c>&lt;verify&gt;</c>, or null.</param>
/// <param name="Outputs">The fed-back output blocks of the section.</param>
/// <param name="Blocks">What became of the code behind each output.</param>
/// <param name="Fault">What is wrong with its form, or null.</param>
public sealed record RationaleSection(
    int Paragraph,
    TextSpan Span,
    TextSpan? Analysis,
    TextSpan? Verification,
    ImmutableArray<TextSpan> Outputs,
    ImmutableArray<BlockClass> Blocks,
    string? Fault);

/// <summary>Reads a rationale's text. Tags and headings count only where the judge wrote them as text: not in code, not in what code printed.</summary>
public static partial class RationaleText
{
    /// <summary>The sections in order, paragraph 1 first. As with steps, a heading counts if its number is the next one expected.</summary>
    public static ImmutableArray<RationaleSection> Sections(Rationale rationale)
    {
        ArgumentNullException.ThrowIfNull(rationale);
        var prose = Prose(rationale);
        var end = prose.IndexOf(JudgePrompt.ThinkEnd, StringComparison.Ordinal) is var think and >= 0 ? think : prose.Length;
        var headings = new List<Match>();
        foreach (Match heading in Heading().Matches(prose))
        {
            if (heading.Index < end && heading.Groups["k"].ValueSpan.SequenceEqual((headings.Count + 1).ToString(CultureInfo.InvariantCulture)))
                headings.Add(heading);
        }

        var sections = ImmutableArray.CreateBuilder<RationaleSection>(headings.Count);
        for (var i = 0; i < headings.Count; i++)
        {
            var start = headings[i].Index + headings[i].Length;
            sections.Add(Section(rationale, prose, i + 1, new(start, i + 1 < headings.Count ? headings[i + 1].Index : end)));
        }

        return sections.MoveToImmutable();
    }

    /// <summary>The code block that the judge has just ended, with the number of characters written behind its closing fence; null when the text ends
    /// otherwise. Its code is null where there is no Python to run: a blank block, or a fenced block of another kind in a <c>&lt;verify&gt;</c> part that has
    /// run nothing yet (later ones are quotations).</summary>
    internal static (string? Code, int Behind)? EndingBlock(Rationale rationale)
    {
        var fed = rationale.Parts.ToList().FindLastIndex(part => part.Kind == PartKind.Fed);
        var tail = string.Concat(rationale.Parts.Skip(fed + 1).Select(part => part.Text));
        if (CodeFences.Find(tail) is not [.., { IsClosed: true } last] || tail[last.End..].Trim() is not ("" or "</verify>"))
            return null;
        var behind = tail.Length - last.End;
        var code = tail[last.ContentStart..last.ContentEnd];
        if (last.IsPython)
            return (string.IsNullOrWhiteSpace(code) ? null : code, behind);
        var prose = Prose(rationale)[..^behind];
        var opened = prose.LastIndexOf("<verify>", StringComparison.Ordinal);
        var isFirst = opened > prose.LastIndexOf("</verify>", StringComparison.Ordinal) && Fed(rationale).All(one => one.Span.Start < opened);
        return isFirst ? (null, behind) : null;
    }

    /// <summary>Whether a reasoning block has been closed.</summary>
    internal static bool HasEndedThinking(Rationale rationale) => Prose(rationale).Contains(JudgePrompt.ThinkEnd, StringComparison.Ordinal);

    /// <summary>What stands in the last box that the judge wrote after its last section and reasoning, or null.</summary>
    internal static string? WrittenIndex(Rationale rationale)
    {
        var prose = Prose(rationale);
        string[] ends = ["</analyze>", "</verify>", JudgePrompt.ThinkEnd];
        var from = ends.Max(end => prose.LastIndexOf(end, StringComparison.Ordinal) is var at and >= 0 ? at + end.Length : 0);
        // With the last section still open, a box belongs to its discussion.
        return from == 0 || prose.LastIndexOf("<analyze>", StringComparison.Ordinal) > from || prose.LastIndexOf("<verify>", StringComparison.Ordinal) > from
            ? null
            : FinalAnswer.Find(prose[from..], allowStated: false)?.Text;
    }

    /// <summary>The rationale's text with code and its output blanked out, of the same length and with the same lines.</summary>
    private static string Prose(Rationale rationale)
    {
        var prose = rationale.Text.ToCharArray();
        foreach (var (_, span) in Fed(rationale))
            Blank(prose, span);
        foreach (var block in CodeFences.Find(new string(prose)))
            Blank(prose, new(block.Start, block.End));
        return new string(prose);
    }

    private static void Blank(char[] text, TextSpan span)
    {
        foreach (ref var letter in text.AsSpan(span.Start, span.Length))
        {
            if (letter != '\n')
                letter = '\0';
        }
    }

    private static IEnumerable<(RationalePart Part, TextSpan Span)> Fed(Rationale rationale)
    {
        var at = 0;
        foreach (var part in rationale.Parts)
        {
            if (part.Kind == PartKind.Fed)
                yield return (part, new(at, at + part.Text.Length));
            at += part.Text.Length;
        }
    }

    private static RationaleSection Section(Rationale rationale, string prose, int paragraph, TextSpan span)
    {
        var (analysis, analysisFault) = Inside(prose, span, "analyze");
        var (verification, verificationFault) = Inside(prose, span, "verify");
        var fed = Fed(rationale).Where(one => one.Span.Start >= span.Start && one.Span.End <= span.End).ToArray();
        var fault = analysisFault ?? verificationFault;
        if (analysis is { } a && verification is { } v && v.Start < a.End)
            fault ??= "<verify> comes before the end of <analyze>";
        if (fed.Any(one => verification is not { } inside || one.Span.Start < inside.Start || one.Span.End > inside.End))
            fault ??= "code outside <verify>";
        if (Forged().IsMatch(prose[span.Start..span.End]))
            fault ??= "the judge wrote a [Code Output] itself";
        return new(paragraph, span, analysis, verification, [.. fed.Select(one => one.Span)], [.. fed.Select(one => one.Part.Block!.Value)], fault);
    }

    private static (TextSpan? Inside, string? Fault) Inside(string prose, TextSpan span, string tag)
    {
        var (open, close) = ($"<{tag}>", $"</{tag}>");
        var text = prose[span.Start..span.End];
        var start = text.IndexOf(open, StringComparison.Ordinal);
        var end = text.IndexOf(close, StringComparison.Ordinal);
        if (start < 0 && end < 0)
            return (null, null);
        if (start < 0 || end < start)
            return (null, $"<{tag}> is not opened and closed once");
        if (text.LastIndexOf(open, StringComparison.Ordinal) != start || text.LastIndexOf(close, StringComparison.Ordinal) != end)
            return (null, $"<{tag}> is not opened and closed once");
        return (new TextSpan(start + open.Length, end).Shift(span.Start), null);
    }

    [GeneratedRegex(@"^### Paragraph (?<k>[1-9][0-9]*)[:.]?[ \t\r]*$\n?", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^[ \t]*\[Code Output\]", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Forged();
}
