using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Samples;
using GenPrm.Lab.Lessons;
using GenPrm.Lab.World;

namespace GenPrm.Lab.Models;

/// <summary>The strings that prompts, solutions and critiques of the lab's world are put together from. Each is one token of the lab's tokenizer, so that
/// a critique is a few dozen tokens long. They are read off the product's own prompts: if those change, so does the tokenizer.</summary>
/// <remarks>No string may begin before a place where a turn is cut (a stop string, the end of a prefill) and end behind it: the tokens of a beginning are then
/// the beginning of the tokens.</remarks>
internal static class FixedStrings
{
    private const int MostSteps = 9;
    private const string Mark = "\u0001";

    public static ImmutableArray<string> All { get; } = [.. Texts().Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> Texts() =>
    [
        .. World(), .. Solving(), .. Judging(), .. Conversation(), .. Critiques(),
    ];

    private static IEnumerable<string> World() =>
    [
        LabProblem.TextStart, LabProblem.TextColon, LabProblem.TextComma, LabProblem.TextEnd(1), LabProblem.TextEnd(2),
        .. Enumerable.Range(0, MostSteps).Select(i => $"{LabProblem.Letter(i)}: "),
        // A named result with its first digit: to quote it is to copy one token, which every seed learns, and not to look for the name and copy what stands behind it.
        .. Enumerable.Range(0, MostSteps).SelectMany(i => Enumerable.Range(0, 10).Select(digit => $"{Equation.Named(LabProblem.Letter(i))}{digit}").Prepend(Equation.Named(LabProblem.Letter(i)))),
        StepTruth.Redo, WrittenSolution.Gap, WrittenSolution.Gap + StepTruth.AnswerOpen, StepTruth.AnswerClose,
    ];

    private static IEnumerable<string> Solving() => Numbers().Select(StepSplitter.Header).Prepend(new RolloutParameters().Instruction);

    /// <summary>The judge's prompt, cut where problem and paragraphs stand in it.</summary>
    private static IEnumerable<string> Judging()
    {
        var prompt = JudgePrompt.Messages(Mark, [new Step(1, Mark, Mark)]).Single().Content.Split(Mark);
        yield return prompt[0];
        var (open, close) = (Tag(prompt[1][..^1]), Closing(prompt[2]));
        yield return prompt[1][..^open.Length];
        yield return prompt[2][close.Length..];
        foreach (var number in Numbers())
        {
            yield return Numbered(open, number);
            yield return Numbered(close, number);
        }

        static string Tag(string text) => text[text.LastIndexOf('\n')..].TrimStart() + "\n";
        static string Closing(string text) => text[..(text.IndexOf("\n\n", StringComparison.Ordinal) + 2)];
        static string Numbered(string tag, int number) => tag.Replace("1", $"{number}", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Conversation() =>
    [
        ConversationForm.System, ConversationForm.DirectSystem,
        .. Numbers().Select(number => $"{ConversationForm.AnalyzeOpen}{ConversationForm.AnalyzeLeadIn(number)} "),
        ConversationForm.AnalyzeClose,
        $"{ConversationForm.VerifyOpen}{ConversationForm.VerifyLeadIn}\n{JudgedStep.CodeOpen}",
        ConversationForm.VerifyClose,
        ConversationForm.JudgementOpen,
        ConversationForm.Judgement(right: true).Split("Yes")[1],
    ];

    private static IEnumerable<string> Critiques()
    {
        var fence = CodeFeedback.Fence(Mark).Split(Mark);
        return
        [
            .. Numbers().Select(number => JudgePrompt.PlainPrefill.Replace("1", $"{number}", StringComparison.Ordinal)),
            ConversationForm.VerifyOpen + JudgedStep.CodeOpen,
            fence[0], fence[1],
            "\n" + JudgePrompt.Conclusion, "\n\n" + JudgePrompt.Conclusion,
            JudgedStep.PrintOpen, JudgedStep.Compared(10), JudgedStep.Compared(100), JudgedStep.True, JudgedStep.False,
            JudgedStep.Quote, JudgedStep.QuoteEnd, JudgedStep.FoundRight, JudgedStep.FoundWrong,
        ];
    }

    private static IEnumerable<int> Numbers() => Enumerable.Range(1, MostSteps);
}
