using System.Collections.Immutable;
using GenPrm.Client.CommandLine;

namespace GenPrm.Client.Jobs;

/// <summary>A job as a user writes it down, in a file, by flags, or both. What is null was not said.</summary>
public sealed record JobDraft
{
    public string? Name { get; init; }

    public string? Problems { get; init; }

    public string? Examples { get; init; }

    public string? Policy { get; init; }

    public string? Completer { get; init; }

    public string? Judge { get; init; }

    public string? Profile { get; init; }

    public int? Limit { get; init; }

    public int? Window { get; init; }

    public string? ProblemField { get; init; }

    public string? AnswerField { get; init; }

    public string? IdField { get; init; }

    public BadLinePolicy? OnBadLine { get; init; }

    /// <summary>Method parameters by their dotted names, in the order said: a later one wins.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>This draft with everything that the other one says laid over it.</summary>
    public JobDraft With(JobDraft over)
    {
        ArgumentNullException.ThrowIfNull(over);
        return new()
        {
            Name = over.Name ?? Name,
            Problems = over.Problems ?? Problems,
            Examples = over.Examples ?? Examples,
            Policy = over.Policy ?? Policy,
            Completer = over.Completer ?? Completer,
            Judge = over.Judge ?? Judge,
            Profile = over.Profile ?? Profile,
            Limit = over.Limit ?? Limit,
            Window = over.Window ?? Window,
            ProblemField = over.ProblemField ?? ProblemField,
            AnswerField = over.AnswerField ?? AnswerField,
            IdField = over.IdField ?? IdField,
            OnBadLine = over.OnBadLine ?? OnBadLine,
            Parameters = [.. Parameters, .. over.Parameters],
        };
    }
}

/// <summary>What a bad line of a problem file means.</summary>
public enum BadLinePolicy
{
    /// <summary>It is named, counted and left out.</summary>
    Skip,

    /// <summary>The job is not begun.</summary>
    Fail,
}

internal static class BadLines
{
    public static BadLinePolicy Parse(string text) => text switch
    {
        "skip" => BadLinePolicy.Skip,
        "fail" => BadLinePolicy.Fail,
        _ => throw new CommandException($"on-bad-line is '{text}'; it takes skip or fail.", ExitCodes.Usage),
    };
}
