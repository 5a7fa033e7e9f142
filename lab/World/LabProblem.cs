using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using GenPrm.Core.Identity;

namespace GenPrm.Lab.World;

/// <summary>One right equation of a problem: <c>b: 8+7, B=5</c>. The result has a name, so that a judge finds it in a paragraph as a policy finds an operation in a problem.</summary>
/// <param name="Letter">Of the operation, from <c>a</c>.</param>
/// <param name="Value">The value before it.</param>
/// <param name="Operation">What is added; negative for a subtraction.</param>
/// <param name="Result">What is kept of the sum.</param>
public readonly record struct Equation(char Letter, int Value, int Operation, int Result)
{
    /// <summary>The sum alone: <c>8+7</c>.</summary>
    public string Sum => string.Create(CultureInfo.InvariantCulture, $"{Value}{Operation:+0;-0}");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Letter}: {Sum}{Named(Letter)}{Result}");

    /// <summary>What stands before the result of an operation.</summary>
    internal static string Named(char letter) => $", {char.ToUpperInvariant(letter)}=";
}

/// <summary>A problem of the lab's world: text and answer, and nothing hidden; whoever can read it can work out all of its truth.</summary>
/// <param name="Digits">Digits that are kept, 1 or 2.</param>
/// <param name="Start">The value before the first operation.</param>
/// <param name="Operations">What is added at each; negative for a subtraction.</param>
public sealed partial record LabProblem(int Digits, int Start, ImmutableArray<int> Operations)
{
    internal const string TextStart = "Start with ", TextColon = ". ", TextComma = ", ";

    public string Text
    {
        get
        {
            var operations = Operations.Select((operation, i) => string.Create(CultureInfo.InvariantCulture, $"{Letter(i)}: {operation:+0;-0}"));
            return string.Create(CultureInfo.InvariantCulture, $"{TextStart}{Start}{TextColon}{string.Join(TextComma, operations)}{TextEnd(Digits)}");
        }
    }

    public string Answer => Solve().Last().Result.ToString(CultureInfo.InvariantCulture);

    /// <summary>What results are taken modulo.</summary>
    internal int Modulus => ModulusOf(Digits);

    /// <summary>Reads a problem's text.</summary>
    /// <exception cref="FormatException">The text is no problem of this world.</exception>
    public static LabProblem Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            throw new FormatException($"'{text}' is no problem of the lab's world, such as '{new LabProblem(1, 5, [4, -8, 3]).Text}'");
        var digits = text.EndsWith(TextEnd(1), StringComparison.Ordinal) ? 1 : 2;
        return new(digits, Number(match.Groups["start"].Value), [.. match.Groups["operation"].Captures.Select(capture => Number(capture.Value))]);

        static int Number(string value) => int.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    /// <summary>The right equations, in order.</summary>
    public IEnumerable<Equation> Solve()
    {
        var value = Start;
        for (var i = 0; i < Operations.Length; i++)
        {
            var equation = EquationAt(i, value);
            yield return equation;
            value = equation.Result;
        }
    }

    /// <summary>The equation of an operation, from 0, on any value.</summary>
    public Equation EquationAt(int operation, int value) => new(Letter(operation), value, Operations[operation], Keep(value + Operations[operation]));

    /// <summary>What is kept of a sum.</summary>
    public int Keep(int sum) => ((sum % Modulus) + Modulus) % Modulus;

    /// <summary>Any result but this one.</summary>
    internal int OtherThan(int result, ref RandomStream random) => Keep(result + 1 + random.NextInt32(Modulus - 1));

    internal static int ModulusOf(int digits) => digits == 1 ? 10 : 100;

    internal static char Letter(int operation) => (char)('a' + operation);

    internal static string TextEnd(int digits) => digits == 1
        ? ". Keep only the last digit after each step. What is left?"
        : ". Keep only the last two digits after each step. What is left?";

    [GeneratedRegex(@"^Start with (?<start>\d{1,2})\. (?:[a-i]: (?<operation>[+-]\d)(?:, |(?=\.)))+\. Keep only the last (?:two digits|digit) after each step\. What is left\?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
