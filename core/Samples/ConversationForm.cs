using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Core.Rationales;

namespace GenPrm.Core.Samples;

/// <summary>The fixed strings of a GenPRM conversation (section 7). They are an interface: with others, released weights do not score right.</summary>
public static class ConversationForm
{
    public const string System = "You are a math teacher. Your task is to review and critique the paragraphs in solution step by step.";

    /// <summary>The system turn of the mode that judges without analysis and code.</summary>
    public const string DirectSystem =
        "You are a math teacher. Your task is to review and critique the paragraphs in solution directly. Output your judgement in the format of `\\boxed{Yes}` if the paragraph is correct, or `\\boxed{No}` if the paragraph is incorrect.";

    public const string AnalyzeOpen = "<analyze>\n";

    public const string AnalyzeClose = "</analyze>\n";

    public const string VerifyOpen = "<verify>\n";

    /// <summary>Stands after <see cref="VerifyOpen"/>, on a line of its own.</summary>
    public const string VerifyLeadIn = "Let's use python code to find any potential error:";

    public const string VerifyClose = "</verify>\n";

    /// <summary>The judgement up to its box's brace; a judgement is read, and its reward taken, behind <c>{</c>.</summary>
    public const string JudgementOpen = "<output>\n**Judgement**: $\\boxed";

    public const string OutputClose = "</output>\n";

    /// <summary>What only a judge's turn has. To the released weights nothing stands between a step and the turn that judges it, so that a step with such a string would
    /// begin, or end, the judge's turn itself.</summary>
    private static readonly ImmutableArray<string> Marks = ["<analyze>", "</analyze>", "<verify>", "</verify>", "<output>", "</output>", CodeFeedback.Heading];

    /// <summary>The first of the judge's own marks that a problem or step holds, or null.</summary>
    public static string? MarkIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Marks.FirstOrDefault(mark => text.Contains(mark, StringComparison.Ordinal));
    }

    /// <summary>Stands after <see cref="AnalyzeOpen"/>, without the blank that follows it.</summary>
    public static string AnalyzeLeadIn(int paragraph) => string.Create(CultureInfo.InvariantCulture, $"Let's analyze the Paragraph {paragraph} step by step:");

    /// <summary>The whole judgement of a paragraph.</summary>
    public static string Judgement(bool right) => $"{JudgementOpen}{{{(right ? "Yes" : "No")}}}$\n{OutputClose}";

    /// <summary>The first user turn: the problem and the first step.</summary>
    public static string FirstUserTurn(string problem, string step) => $"{problem}\n{step}";

    /// <summary>The first user turn as the released demo writes it.</summary>
    public static string FirstDemoTurn(string problem, string step) => $"Question: {problem}\n\n{step}";
}
