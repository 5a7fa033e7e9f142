using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Core.Identity;
using GenPrm.Lab.World;

namespace GenPrm.Lab.Lessons;

/// <summary>What is wrong with a made-up critique.</summary>
public enum FaultKind
{
    /// <summary>It says the opposite of what it found.</summary>
    Flipped,

    /// <summary>It works out another sum.</summary>
    WrongSum,
}

/// <summary>A fault at a step, from 0.</summary>
public sealed record Fault(FaultKind Kind, int Step)
{
    /// <summary>With a probability a fault, of either kind, at one of the steps up to the first wrong one.</summary>
    public static Fault? Draw(LabProblem problem, WrittenSolution solution, double share, ref RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(solution);
        if (random.NextDouble() >= share)
            return null;
        var judged = StepTruth.FirstWrong(problem, solution.Steps) ?? solution.Steps.Length;
        return new(random.NextInt32(2) == 0 ? FaultKind.Flipped : FaultKind.WrongSum, random.NextInt32(judged));
    }
}

/// <summary>The critique of one step: what the lab's first lessons teach a judge to write.</summary>
/// <param name="Quoted">The result that the paragraph states, by its name: <c>, B=5</c>. It is quoted before the judge says its own: behind its own it would repeat
/// that, which is right most of the time.</param>
/// <param name="Equation">The judge's own, worked out in its head. It begins with the operation's letter, as a policy's steps do: what the policy learnt to write
/// behind that letter, the teacher need not learn again.</param>
/// <param name="Code">The same sum in Python, compared with what the paragraph states: to find two numbers equal takes a model of this size thousands of lessons.</param>
/// <param name="Output">What that prints.</param>
/// <param name="Right">The judgement.</param>
public sealed record JudgedStep(string Quoted, string Equation, string Code, string Output, bool Right)
{
    public const string CodeOpen = "```python\n";

    internal const string PrintOpen = "print((", True = "True", False = "False";

    internal const string Quote = "The paragraph says", QuoteEnd = ".\n", FoundRight = ", which is right.\n", FoundWrong = ", which is wrong.\n";

    /// <summary>What stands in the analysis.</summary>
    public string Analysis => Quotation + Equation;

    /// <summary>What the paragraph states, on a line of its own.</summary>
    internal string Quotation => Quote + Quoted + QuoteEnd;

    /// <summary>What the critique says of the output.</summary>
    public string Finding => Quote + Quoted + (Right ? FoundRight : FoundWrong);

    internal static string Compared(int modulus) => string.Create(CultureInfo.InvariantCulture, $")%{modulus}==");

    /// <summary>The critiques of a solution's steps, to the first that is judged wrong.</summary>
    /// <param name="fault">What is wrong with them, or null.</param>
    /// <param name="all">Whether they go on behind a wrong step, with what it states.</param>
    public static ImmutableArray<JudgedStep> Judge(LabProblem problem, ImmutableArray<string> steps, Fault? fault, ref RandomStream random, bool all = false)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var judged = ImmutableArray.CreateBuilder<JudgedStep>(steps.Length);
        var (value, last) = (problem.Start, problem.Operations.Length - 1);
        for (var i = 0; i < steps.Length; i++)
        {
            var right = problem.EquationAt(Math.Min(i, last), value);
            var found = i == fault?.Step && fault.Kind == FaultKind.WrongSum ? Other(problem, right, ref random) : right;
            var stated = StatedResult(steps[i]);
            var agrees = stated == found.Result;
            var verdict = i <= last && (found == right ? StepTruth.Says(steps[i], right, i == last) : agrees);
            if (i == fault?.Step && fault.Kind == FaultKind.Flipped)
                verdict = !verdict;
            var quoted = stated?.ToString(CultureInfo.InvariantCulture) ?? "?";
            judged.Add(new(
                World.Equation.Named(right.Letter) + quoted,
                found.ToString(),
                $"{PrintOpen}{found.Sum}{Compared(problem.Modulus)}{quoted})",
                agrees ? True : False,
                verdict));
            if (!verdict && !all)
                break;
            value = stated ?? right.Result;
        }

        return judged.ToImmutable();
    }

    /// <summary>The same step by a judge whose sum went wrong in its head, so that it finds the opposite: another result than the paragraph's where that is right, and
    /// the paragraph's where it is not. Where the judgement is not of the result, the same.</summary>
    public JudgedStep Mistaken(LabProblem problem, ref RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (StatedResult(Quoted) is not { } stated || Right != (Output == True))
            return this;
        var mistaken = Right ? problem.OtherThan(stated, ref random) : stated;
        var open = Equation.LastIndexOf('=') + 1;
        return this with { Equation = string.Create(CultureInfo.InvariantCulture, $"{Equation[..open]}{mistaken}"), Right = !Right };
    }

    /// <summary>Another sum: of another value, or with another operation.</summary>
    private static Equation Other(LabProblem problem, Equation right, ref RandomStream random)
    {
        var (value, operation) = random.NextInt32(2) == 0
            ? (problem.OtherThan(right.Value, ref random), right.Operation)
            : (right.Value, Math.Sign(right.Operation) * (1 + ((Math.Abs(right.Operation) + random.NextInt32(LabWorld.MaxOperand - 1)) % LabWorld.MaxOperand)));
        return right with { Value = value, Operation = operation, Result = problem.Keep(value + operation) };
    }

    /// <summary>What a step says its result is; null where it says none.</summary>
    private static int? StatedResult(string step)
    {
        var equals = step.IndexOf('=', StringComparison.Ordinal);
        var digits = step[(equals + 1)..].TakeWhile(char.IsAsciiDigit).ToArray();
        return equals >= 0 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var result) ? result : null;
    }
}
