using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using GenPrm.Core.Generation;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;

namespace GenPrm.Core.Samples;

/// <summary>A conversation as exported: what SFT tools read is <c>messages</c>; the rest says where it comes from.</summary>
/// <param name="Id">The sample's identity.</param>
/// <param name="Job">The job's id.</param>
/// <param name="Labelling">The labelling's number, from 1.</param>
/// <param name="Problem">The problem's ordinal in the job, from 0.</param>
/// <param name="ProblemId">Its id in the input file.</param>
/// <param name="Rollout">The rollout's index in the problem, from 0.</param>
/// <param name="Rationale">The rationale's number at the rollout, from 0.</param>
/// <param name="Messages">The conversation, in the form of section 7.</param>
/// <param name="Trained">For each message the stretches that the loss is taken on, as [start, end) in Unicode code points, as Python counts them.</param>
/// <param name="Labels">r_1 .. r_j, one for each assistant turn.</param>
public sealed record SampleRow(
    string Id,
    string Job,
    int Labelling,
    int Problem,
    string ProblemId,
    int Rollout,
    int Rationale,
    ImmutableArray<ChatMessage> Messages,
    ImmutableArray<ImmutableArray<ImmutableArray<int>>> Trained,
    ImmutableArray<bool> Labels)
{
    public static SampleRow Of(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var id = sample.Id;
        return new(id.ToString(), id.Job, id.Labelling, id.Problem, sample.ProblemId, id.Rollout, id.Rationale,
            [.. sample.Turns.Select(turn => turn.Message)],
            [.. sample.Turns.Select(turn => turn.Trained.Select(span => InCodePoints(turn.Message.Content, span)).ToImmutableArray())],
            sample.Labels);
    }

    /// <summary>The sample that a row was made of.</summary>
    public Sample ToSample() => new(new(Job, Labelling, Problem, Rollout, Rationale), ProblemId,
        [.. Messages.Zip(Trained, (message, spans) => new SampleTurn(message, [.. spans.Select(span => InUnits(message.Content, span))]))], Labels);

    private static ImmutableArray<int> InCodePoints(string text, TextSpan span) => [CodePoints(text.AsSpan(0, span.Start)), CodePoints(text.AsSpan(0, span.End))];

    private static int CodePoints(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }

    private static TextSpan InUnits(string text, ImmutableArray<int> span) => new(Units(text, span[0]), Units(text, span[1]));

    private static int Units(string text, int codePoints)
    {
        var units = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (codePoints-- == 0)
                break;
            units += rune.Utf16SequenceLength;
        }

        return units;
    }
}

/// <summary>A labelled step as exported, with every count that its label comes from.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Labelling">The labelling's number, from 1.</param>
/// <param name="Problem">The problem's ordinal in the job, from 0.</param>
/// <param name="ProblemId">Its id in the input file.</param>
/// <param name="Rollout">The rollout's index in the problem, from 0.</param>
/// <param name="RolloutCorrect">Whether the rollout's own answer is right.</param>
/// <param name="Step">t, from 1.</param>
/// <param name="Text">What the step says, without <c>Step t:</c>.</param>
/// <param name="BeforeRight"><c>MC(s_t)</c> is this of <paramref name="BeforeOf"/>.</param>
/// <param name="BeforeOf">See <paramref name="BeforeRight"/>.</param>
/// <param name="AfterRight"><c>MC(s_t, a_t)</c> is this of <paramref name="AfterOf"/>.</param>
/// <param name="AfterOf">See <paramref name="AfterRight"/>.</param>
/// <param name="Source">Where that score comes from: <c>completions</c>, <c>own_answer</c> or <c>after_zero</c>.</param>
/// <param name="Progress"><c>P_t</c> (eq. 10); null where <c>MC(s_t)</c> is 0.</param>
/// <param name="Label"><c>r_t</c>: whether the step is right.</param>
/// <param name="Completions">Completions stored of the state behind the step; the label counts the first K of them. The five classes add up to it.</param>
/// <param name="Right">With the gold answer.</param>
/// <param name="Wrong">With another answer.</param>
/// <param name="Cut">Ended by the length limit.</param>
/// <param name="NoAnswer">Without an answer.</param>
/// <param name="Unknown">With an answer that could not be compared.</param>
public sealed record StepRow(
    string Job,
    int Labelling,
    int Problem,
    string ProblemId,
    int Rollout,
    bool RolloutCorrect,
    int Step,
    string Text,
    int BeforeRight,
    int BeforeOf,
    int AfterRight,
    int AfterOf,
    string Source,
    double? Progress,
    bool Label,
    int Completions,
    int Right,
    int Wrong,
    int Cut,
    int NoAnswer,
    int Unknown)
{
    /// <summary>A rollout's rows, one for each step.</summary>
    public static IEnumerable<StepRow> Of(string job, Problem problem, int rollout, bool correct, ImmutableArray<Step> steps, RolloutLabels labels, IReadOnlyList<StateScore> scores)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(labels);
        return labels.Steps.Select((label, i) =>
        {
            var completions = scores[i].Completions;
            int Count(CompletionClass @class) => completions.Count(one => one.Class == @class);
            return new StepRow(job, labels.Labelling, problem.Ordinal, problem.Id, rollout, correct, label.Step, steps[i].Text,
                label.Before.Count, label.Before.Of, label.After.Count, label.After.Of, Jobs.ClassCounts.NameOf(label.Source), label.Progress, label.Label,
                completions.Length, Count(CompletionClass.Right), Count(CompletionClass.Wrong), Count(CompletionClass.Cut), Count(CompletionClass.NoAnswer), Count(CompletionClass.Unknown));
        });
    }
}

/// <summary>How rows are written as JSON: snake_case, text readable as it is.</summary>
public static class ExportJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
