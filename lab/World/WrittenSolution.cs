using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Core.Identity;
using GenPrm.Core.Rollouts;

namespace GenPrm.Lab.World;

/// <summary>How often made-up solutions go wrong.</summary>
/// <param name="Slips">The share with one wrong result.</param>
/// <param name="Redos">Of those, the share in which the next step does it again; the rest go on with the wrong value.</param>
public sealed record SlipShares(double Slips, double Redos);

/// <summary>A solution made up by the lab, for first lessons: never shown to a job.</summary>
/// <param name="Steps">Their texts, without <c>Step k:</c>; the last one ends with the final answer.</param>
/// <param name="Slip">The step with the wrong result, from 0, or null.</param>
public sealed record WrittenSolution(ImmutableArray<string> Steps, int? Slip)
{
    /// <summary>What separates two steps.</summary>
    public const string Gap = "\n\n";

    public static WrittenSolution Write(LabProblem problem, SlipShares shares, ref RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(shares);
        int? slip = random.NextDouble() < shares.Slips ? random.NextInt32(problem.Operations.Length) : null;
        var redo = random.NextDouble() < shares.Redos;
        var steps = new List<string>();
        var value = problem.Start;
        for (var i = 0; i < problem.Operations.Length; i++)
        {
            var equation = problem.EquationAt(i, value);
            value = equation.Result;
            if (i == slip)
            {
                var wrong = equation with { Result = problem.OtherThan(equation.Result, ref random) };
                steps.Add(wrong.ToString());
                if (redo)
                    steps.Add(StepTruth.Redo + equation);
                else
                    value = wrong.Result;
            }
            else
                steps.Add(equation.ToString());
        }

        return Ended(steps, value, slip);
    }

    /// <summary>A solution in which each result is wrong with the same probability, and is gone on with: nothing tells what a step says but the step.</summary>
    /// <param name="wrong">The probability.</param>
    public static WrittenSolution WriteErratic(LabProblem problem, double wrong, ref RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(problem);
        int? slip = null;
        var steps = new List<string>();
        var value = problem.Start;
        for (var i = 0; i < problem.Operations.Length; i++)
        {
            var equation = problem.EquationAt(i, value);
            if (random.NextDouble() < wrong)
            {
                equation = equation with { Result = problem.OtherThan(equation.Result, ref random) };
                slip ??= i;
            }

            value = equation.Result;
            steps.Add(equation.ToString());
        }

        return Ended(steps, value, slip);
    }

    /// <summary>The whole text as a policy writes it.</summary>
    public string Join() => string.Join(Gap, Steps.Select((step, i) => $"{StepSplitter.Header(i + 1)} {step}"));

    private static WrittenSolution Ended(List<string> steps, int value, int? slip)
    {
        steps[^1] += string.Create(CultureInfo.InvariantCulture, $"{Gap}{StepTruth.AnswerOpen}{value}{StepTruth.AnswerClose}");
        return new([.. steps], slip);
    }
}
