using System.Globalization;
using System.Text.RegularExpressions;

namespace GenPrm.Lab.World;

/// <summary>The truth of a solution's steps, worked out from the problem's text: what no grain, engine or judge is ever told.</summary>
/// <remarks>A step is right if it is the next operation's equation on the last right value with the right result. A redo after a wrong step comes too late to
/// make that step right, and after right ones it is wrong. What follows the first wrong step has no truth. A final answer belongs to the last step,
/// and is right if it is the result of the last operation.</remarks>
public static partial class StepTruth
{
    /// <summary>How a solution states its answer, up to the number.</summary>
    public const string AnswerOpen = "The final answer is $\\boxed{";

    public const string AnswerClose = "}$.";

    /// <summary>How a step begins that makes the one before it good.</summary>
    public const string Redo = "redo ";

    /// <summary>The truth of each step up to the first wrong one.</summary>
    /// <param name="steps">Their texts, without <c>Step k:</c>.</param>
    public static IEnumerable<bool> Of(LabProblem problem, IEnumerable<string> steps)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(steps);
        return Walk(problem, steps);
    }

    /// <summary>The first wrong step, from 1, or null.</summary>
    public static int? FirstWrong(LabProblem problem, IEnumerable<string> steps)
    {
        var step = 0;
        foreach (var right in Of(problem, steps))
        {
            step++;
            if (!right)
                return step;
        }

        return null;
    }

    /// <summary>Whether a step's text is this equation, with the right final answer if it has one.</summary>
    internal static bool Says(string step, Equation equation, bool last)
    {
        var match = Parts().Match(step.Trim());
        return match.Success && match.Groups["equation"].Value == equation.ToString()
            && (!match.Groups["answer"].Success || (last && match.Groups["answer"].Value == equation.Result.ToString(CultureInfo.InvariantCulture)));
    }

    private static IEnumerable<bool> Walk(LabProblem problem, IEnumerable<string> steps)
    {
        var (value, next) = (problem.Start, 0);
        foreach (var step in steps)
        {
            var right = next < problem.Operations.Length && Says(step, problem.EquationAt(next, value), next == problem.Operations.Length - 1);
            yield return right;
            if (!right)
                yield break;
            value = problem.EquationAt(next++, value).Result;
        }
    }

    [GeneratedRegex(@"^(?<equation>.*?)(\s+The final answer is \$\\boxed\{(?<answer>[^}]*)\}\$\.)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Parts();
}
