using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Core.Equality;
using GenPrm.Core.Jobs;

namespace GenPrm.Core.Problems;

/// <summary>What a line of a problem file is. Every line that is not blank is one of these.</summary>
public enum LineClass
{
    /// <summary>A problem of the job.</summary>
    Used,

    /// <summary>The same problem and answer as an earlier line. Said, and left out; no fault.</summary>
    Duplicate,

    /// <summary>The same problem as an earlier line, with another answer.</summary>
    Conflict,

    /// <summary>No JSON object.</summary>
    NotJson,

    /// <summary>No problem text under the field's name.</summary>
    NoProblem,

    /// <summary>No answer under the field's name, or an empty one.</summary>
    NoAnswer,

    /// <summary>It holds a special-token string of a model, which would end a turn where none ends.</summary>
    SpecialToken,

    /// <summary>Its text is longer than allowed.</summary>
    TooLong,
}

/// <summary>A line that gave no problem.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Class">What it is.</param>
/// <param name="Reason">With the value found.</param>
[GenerateSerializer, Immutable, Alias("genprm.line-issue")]
public sealed record LineIssue([property: Id(0)] int Line, [property: Id(1)] LineClass Class, [property: Id(2)] string Reason)
{
    /// <summary>Whether the file is at fault: everything but a duplicate.</summary>
    public bool IsBad => Class != LineClass.Duplicate;

    public override string ToString() => $"line {Line}: {Reason}";
}

/// <summary>A problem file, read: its problems in order, what was wrong with the other lines, and every line counted.</summary>
public sealed record ProblemFile(ImmutableArray<Problem> Problems, ImmutableArray<LineIssue> Issues, ClassCounts Lines)
{
    public static ProblemFile Read(TextReader reader, ProblemFileOptions options)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(options);
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var issues = ImmutableArray.CreateBuilder<LineIssue>();
        var lines = ClassCounts.Empty;
        var seen = new Dictionary<string, Problem>(StringComparer.Ordinal);
        for (var number = 1; (options.Limit is not { } limit || problems.Count < limit) && reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var (problem, issue) = ReadLine(line, number, problems.Count, seen, options);
            lines = lines.Add(issue?.Class ?? LineClass.Used);
            if (issue is not null)
                issues.Add(issue);
            else
                problems.Add(problem!);
        }

        return new(problems.ToImmutable(), issues.ToImmutable(), lines);
    }

    /// <summary>What two texts are compared by: any run of blanks as one. (Unicode is compared as written: with invariant globalization
    /// <see cref="string.Normalize()"/> does nothing beyond ASCII.)</summary>
    public static string Normalise(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
    }

    private static (Problem?, LineIssue?) ReadLine(string line, int number, int ordinal, Dictionary<string, Problem> seen, ProblemFileOptions options)
    {
        if (JsonLine.Parse(line, out var fields) is { } noJson)
            return Bad(LineClass.NotJson, noJson);
        if (JsonLine.Text(fields, options.ProblemField) is not { Length: > 0 } text)
            return Bad(LineClass.NoProblem, JsonLine.Lacks(fields, options.ProblemField));
        if (JsonLine.Text(fields, options.AnswerField) is not { Length: > 0 } answer)
            return Bad(LineClass.NoAnswer, JsonLine.Lacks(fields, options.AnswerField));
        if (options.SpecialTokens.FirstOrDefault(token => text.Contains(token, StringComparison.Ordinal)) is { } token)
            return Bad(LineClass.SpecialToken, $"the problem holds the model's special token {token}");
        if (text.Length > options.MaxCharacters)
            return Bad(LineClass.TooLong, $"the problem has {text.Length} characters; {options.MaxCharacters} are allowed");

        var problem = new Problem(ordinal, JsonLine.Text(fields, options.IdField) ?? number.ToString(CultureInfo.InvariantCulture), text, answer, number);
        if (seen.TryAdd(Normalise(text), problem))
            return (problem, null);
        var earlier = seen[Normalise(text)];
        return earlier.Answer == answer || Answers.Compare(earlier.Answer, answer).Verdict == Verdict.Equal
            ? Bad(LineClass.Duplicate, $"duplicate of line {earlier.Line}")
            : Bad(LineClass.Conflict, $"conflict with line {earlier.Line}: the same problem, answered '{answer}' here and '{earlier.Answer}' there");

        (Problem?, LineIssue) Bad(LineClass @class, string reason) => (null, new(number, @class, reason));
    }
}
