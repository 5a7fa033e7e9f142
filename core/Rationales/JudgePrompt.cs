using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GenPrm.Core.Generation;
using GenPrm.Core.Rollouts;

namespace GenPrm.Core.Rationales;

/// <summary>What the judge is asked, and how its turn is begun, stopped and concluded (section 5).</summary>
public static class JudgePrompt
{
    /// <summary>How a reasoning model's turn begins.</summary>
    public const string ReasoningPrefill = "<think>\n" + PlainPrefill;

    /// <summary>How any other model's turn begins.</summary>
    public const string PlainPrefill = "### Paragraph 1\n<analyze>\n";

    /// <summary>The forced conclusion, up to the index.</summary>
    public const string Conclusion = "The index of the first paragraph with an error, or -1 if there is none, is $\\boxed{";

    /// <summary>The end of a reasoning block.</summary>
    public const string ThinkEnd = "</think>";

    /// <summary>Where generation stops for code to run: the end of a fenced block, with or without a line of its own behind it.</summary>
    public static readonly ImmutableArray<string> BlockEnds = ["\n```\n", "\n```</verify>"];

    /// <summary>The conversation that the judge answers: one user turn with the task, the problem and the solution's steps as tagged paragraphs.</summary>
    public static ImmutableArray<ChatMessage> Messages(string problem, ImmutableArray<Step> steps)
    {
        var text = new StringBuilder();
        text.Append("""
            Below are a math problem and a solution of it. The solution is split into paragraphs, each in tags with its number, counted from 1.

            [Problem]


            """).Append(problem).Append("\n\n[Solution]\n\n");
        foreach (var step in steps)
            text.Append(CultureInfo.InvariantCulture, $"<paragraph_{step.Number}>\n{step.Text}\n</paragraph_{step.Number}>\n\n");
        text.Append("""
            Review the solution paragraph by paragraph, in order. For every paragraph write a section headed `### Paragraph k`, k being its number, with two parts:

            1. `<analyze>` ... `</analyze>`: examine the paragraph's reasoning in detail and explain why it is right or wrong, given the paragraphs before it.
            2. `<verify>` ... `</verify>`: check by Python whatever can be checked. Write the code as a fenced block,
            ```python
            CODE
            ```
            and let it print its findings (sympy and numpy can be imported; names of earlier blocks stay defined). It is run as soon as the block ends, and what it printed is put after it as `[Code Output]`; never write that part yourself. Then say what the output means. If the code failed, mend it and run it again.

            When every paragraph is reviewed, give the number of the first paragraph that contains an error, or -1 if there is none, as `\boxed{INDEX}`.
            """);
        return [ChatMessage.User(text.ToString())];
    }
}
