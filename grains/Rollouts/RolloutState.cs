using System.Collections.Immutable;
using GenPrm.Core.Equality;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Samples;
using GenPrm.Grains.Jobs;

namespace GenPrm.Grains.Rollouts;

/// <summary>What a kept rollout stores. Scores are stored by its steps, critiques by its rationales.</summary>
[GenerateSerializer, Immutable, Alias("genprm.rollout-state")]
internal sealed record RolloutState
{
    /// <summary>The rollout as it was sampled; null until it is kept.</summary>
    [Id(0)] public Rollout? Rollout { get; init; }

    [Id(1)] public Problem? Problem { get; init; }

    /// <summary><c>MC(s_1)</c> by the policy.</summary>
    [Id(2)] public Share PassAtOne { get; init; }

    /// <summary>The last pass that it has ended in; -1 for none.</summary>
    [Id(3)] public int EndedPass { get; init; } = -1;

    /// <summary>What each labelling came to, by its number. What is decided stays.</summary>
    [Id(4)] public ImmutableSortedDictionary<int, LabelledRollout> Labelled { get; init; } = ImmutableSortedDictionary<int, LabelledRollout>.Empty;

    public bool Correct => Rollout!.Fact.Class == RolloutClass.Correct;

    public RolloutState Keep(RolloutTask task) => this with { Rollout = task.Rollout, Problem = task.Problem, PassAtOne = task.PassAtOne };

    /// <summary>The labels under a labelling: as they were decided, else from the scores; null while one is missing.</summary>
    public RolloutLabels? LabelsOf(Labelling labelling, StateScore start, IReadOnlyList<StateScore> scores)
    {
        if (Labelled.GetValueOrDefault(labelling.Number) is { } decided)
            return decided.Labels;
        // A labelling of an older checker counts the verdicts as they are stored; one of this checker has them decided again.
        return labelling.CheckerVersion == Answers.CheckerVersion
            ? StepLabeller.Label(labelling, PassAtOne, start.CheckedAgain(Problem!.Answer), [.. scores.Select(score => score.CheckedAgain(Problem.Answer))], Correct)
            : StepLabeller.Label(labelling, PassAtOne, start, scores, Correct);
    }

    /// <summary>A decision on a rationale was made, and its sample, if there is one, is in the log.</summary>
    public RolloutState Decide(RolloutLabels labels, int rationale, SampleRecord sample)
    {
        var labelled = Labelled.GetValueOrDefault(labels.Labelling) ?? new(labels, ImmutableSortedDictionary<int, SampleRecord>.Empty);
        return this with { Labelled = Labelled.SetItem(labels.Labelling, labelled with { Samples = labelled.Samples.SetItem(rationale, sample) }) };
    }

    /// <summary>Whether every labelling has decided on every rationale.</summary>
    public bool IsDecided(IEnumerable<Labelling> labellings, int rationales) =>
        labellings.All(labelling => Labelled.GetValueOrDefault(labelling.Number)?.Samples.Count >= rationales);

    /// <summary>Counts all that is stored of the rollout.</summary>
    public RolloutReport Report(JobContext context, IReadOnlyList<StateScore> scores, IReadOnlyDictionary<int, Rationale> rationales)
    {
        var wanted = Enumerable.Range(0, context.Parameters.Rationales.PerRollout);
        var samples = context.Labellings.ToImmutableSortedDictionary(labelling => labelling.Number, labelling =>
        {
            var decided = Labelled.GetValueOrDefault(labelling.Number)?.Samples;
            return wanted.Aggregate(ClassCounts.Empty, (counts, index) =>
                counts.Add(decided?.GetValueOrDefault(index) is { } record ? ClassCounts.NameOf(record.Class) : "pending"));
        });
        var completions = scores.SelectMany(score => score.Completions).ToArray();
        var work = new WorkCounts(
            completions.Length + rationales.Values.Sum(rationale => rationale.Continuations),
            completions.Sum(fact => (long)fact.Tokens) + rationales.Values.Sum(rationale => (long)rationale.Tokens),
            rationales.Values.Sum(rationale => rationale.RunCode.Count()));
        return new(
            Rollout!.Index,
            work.Continuations + work.Blocks + samples.Values.Sum(counts => counts.Total - counts["pending"]) + EndedPass + 1,
            EndedPass,
            CountSteps(scores, context.Parameters.Completions.K.For(PassAtOne)),
            wanted.Aggregate(ClassCounts.Empty, (counts, index) => counts.Add(rationales.GetValueOrDefault(index)?.Class ?? RationaleClass.Writing)),
            samples,
            work);
    }

    /// <summary>Where each step's score comes from, in words: the same words as in a step's view.</summary>
    public static IEnumerable<string> StepStates(IReadOnlyList<StateScore> scores, int k)
    {
        var zero = false;
        for (var step = 1; step <= scores.Count; step++)
        {
            var mc = step == scores.Count ? null : scores[step - 1].Mc(k);
            yield return zero ? ClassCounts.NameOf(ScoreSource.AfterZero)
                : step == scores.Count ? ClassCounts.NameOf(ScoreSource.OwnAnswer)
                : mc is not null ? ClassCounts.NameOf(ScoreSource.Completions)
                : scores[step - 1].Completions.IsEmpty ? "pending" : "sampling";
            zero |= mc is { Count: 0 };
        }
    }

    private static ClassCounts CountSteps(IReadOnlyList<StateScore> scores, int k) =>
        StepStates(scores, k).Aggregate(ClassCounts.Empty, (counts, state) => counts.Add(state));
}

/// <summary>A rollout under one labelling.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Samples">What became of each rationale, by its number.</param>
[GenerateSerializer, Immutable, Alias("genprm.labelled-rollout")]
internal sealed record LabelledRollout([property: Id(0)] RolloutLabels Labels, [property: Id(1)] ImmutableSortedDictionary<int, SampleRecord> Samples);

/// <summary>What became of one rationale under one labelling.</summary>
/// <param name="Class">Accepted, or why not.</param>
/// <param name="Reason">What was found; null for an accepted one.</param>
/// <param name="Number">Its number in the labelling's log; 0 if it is not there.</param>
[GenerateSerializer, Immutable, Alias("genprm.sample-record")]
internal sealed record SampleRecord([property: Id(0)] SampleClass Class, [property: Id(1)] string? Reason, [property: Id(2)] long Number);
