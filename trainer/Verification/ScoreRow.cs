using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenPrm.Core.Scoring;

namespace GenPrm.Trainer.Verification;

/// <summary>The class that a solution ended in.</summary>
public enum ScoreClass
{
    Judged,

    Failed,
}

/// <summary>A solution's score as files and HTTP answers have it.</summary>
/// <param name="Class">What became of it.</param>
/// <param name="Reason">Why it failed; else null.</param>
/// <param name="Paths">Every path with all that it wrote; none where it failed.</param>
public sealed record ScoreRow(ScoreClass Class, string? Reason, ImmutableArray<PathScore> Paths) : IJsonOnDeserialized
{
    /// <summary>r_t of the panel of all paths, step 1 first.</summary>
    public ImmutableArray<double> Rewards => Class == ScoreClass.Judged ? Panel.Rewards([.. Paths.Select(path => path.Rewards)]) : [];

    /// <summary>The first wrong step, from 1; null for none, or where it failed.</summary>
    public int? FirstWrongStep => Panel.FirstWrong(Rewards);

    /// <summary>Steps, from 1, that a path, asked twice, gave no judgement of: it counts 0.5 there, which passes as not wrong and says nothing.</summary>
    public ImmutableArray<int> UnjudgedSteps =>
        [.. Paths.SelectMany(path => path.Steps).Where(step => step.Class == StepClass.NoJudgement).Select(step => step.Step).Distinct().Order()];

    /// <summary>Steps, from 1, that no path gave a judgement of: nothing is known of them.</summary>
    [JsonIgnore]
    public ImmutableArray<int> BlankSteps => [.. UnjudgedSteps.Where(step => Paths.All(path => path.Steps.Length < step || path.Steps[step - 1].Class == StepClass.NoJudgement))];

    /// <summary>Tokens generated.</summary>
    public long Tokens => Paths.Sum(path => path.Steps.Sum(step => (long)step.Tokens));

    [JsonIgnore]
    public bool IsJudged => Class == ScoreClass.Judged;

    /// <summary>How each judgement of a step came about, over all paths.</summary>
    internal IEnumerable<StepClass> StepClasses => Paths.SelectMany(path => path.Steps).Select(step => step.Class);

    /// <summary>A row of a file may be damaged in what it says, too.</summary>
    void IJsonOnDeserialized.OnDeserialized()
    {
        if (Paths.IsDefault || (IsJudged && Paths.IsEmpty))
            throw new JsonException("A judged row has no paths.");
        if (Paths.Any(path => path is null || path.Steps.IsDefault || path.Steps.Any(step => step is null)))
            throw new JsonException("A path of the row has no steps.");
    }

    /// <summary>Why this can not be what so many paths say of so many steps; null where it can.</summary>
    public string? TroubleWith(int paths, int steps) =>
        !IsJudged ? null
        : Paths.Length != paths ? $"its score has {Paths.Length} paths, and not {paths}"
        : Paths.Any(path => path.Steps.IsEmpty || path.Steps.Length > steps) ? "a path of its score has no step, or more steps than the solution"
        : null;

    public static ScoreRow Of(SolutionScore score) => score switch
    {
        SolutionScore.Judged judged => new(ScoreClass.Judged, null, judged.Paths),
        SolutionScore.Failed failed => new(ScoreClass.Failed, failed.Reason, []),
        _ => throw new ArgumentException($"scores of type {score?.GetType().Name} are unknown", nameof(score)),
    };

    /// <summary>The first wrong step, from 1, by the vote of some paths; null for none.</summary>
    public int? FirstWrongOf(ImmutableArray<int> vote) => Panel.FirstWrong(Panel.Rewards([.. vote.Select(path => Paths[path].Rewards)]));
}
