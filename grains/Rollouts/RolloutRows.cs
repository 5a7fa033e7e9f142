using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Grains.Views;

namespace GenPrm.Grains.Rollouts;

/// <summary>Makes what a user sees of a rollout from what is stored.</summary>
internal sealed record RolloutRows(
    RolloutState State,
    ImmutableArray<Step> Steps,
    IReadOnlyList<StateScore> Scores,
    IReadOnlyDictionary<int, Rationale> Rationales,
    ImmutableArray<Labelling> Labellings,
    JobSpec Spec)
{
    private int K => Spec.Parameters.Completions.K.For(State.PassAtOne);

    private bool HasEnded => State.IsDecided(Labellings, Rationales.Count);

    public RolloutView View() => new(
        Row(State.Rollout!.Fact, kept: true),
        State.Rollout.Raw,
        [.. Steps.Select(step => Step(step.Number, whole: false))],
        [.. Rationales.OrderBy(pair => pair.Key).Select(pair => Of(pair.Key, pair.Value))],
        [.. Labellings.Select(Of)],
        HasEnded ? null : "scores of its steps or its rationales");

    public static RolloutRow Row(RolloutFact fact, bool kept) => new(
        fact.Index,
        ClassCounts.NameOf(fact.Class),
        fact.Answer,
        fact.Class switch
        {
            RolloutClass.Correct => true,
            RolloutClass.Incorrect => false,
            _ => null,
        },
        kept);

    public StepView Step(int number, bool whole)
    {
        var score = Scores[number - 1];
        var state = RolloutState.StepStates(Scores, K).ElementAt(number - 1);
        var label = State.Labelled.Values.LastOrDefault()?.Labels.Steps[number - 1];
        var critique = Rationales.GetValueOrDefault(0);
        var section = critique is null ? null : RationaleText.Sections(critique).ElementAtOrDefault(number - 1);
        var last = number == Steps.Length;
        var mc = score.Mc(K) ?? new Share(score.Completions.Count(fact => fact.Class == CompletionClass.Right), score.Completions.Length);
        return new(
            number,
            Steps[number - 1].Text,
            state,
            last ? 0 : K,
            label?.After.Count ?? (last ? State.Correct ? 1 : 0 : mc.Count),
            label?.After.Of ?? (last ? 1 : mc.Of),
            score.Completions.Aggregate(ClassCounts.Empty, (counts, fact) => counts.Add(fact.Class)),
            label?.Progress,
            label?.Label,
            whole ? score.Completions : [],
            section is null ? null : critique!.Text[section.Span.Start..section.Span.End],
            section is null ? [] : Blocks(critique!, section),
            state is not ("pending" or "sampling") ? null
                : State.Correct || number == 1 || Scores[number - 2].Mc(K) is not null || Scores[number - 1].Completions.Length > 0
                    ? $"{K - score.Completions.Length} of {K} completions by {Spec.Models.Completer}"
                    : "the score of the step before it");
    }

    private static ImmutableArray<BlockView> Blocks(Rationale rationale, RationaleSection section)
    {
        var blocks = ImmutableArray.CreateBuilder<BlockView>();
        var at = 0;
        foreach (var part in rationale.Parts)
        {
            if (at >= section.Span.Start && at < section.Span.End)
                blocks.AddRange(Of(part));
            at += part.Text.Length;
        }

        return blocks.ToImmutable();
    }

    /// <summary>A part's block, if code ran there.</summary>
    private static IEnumerable<BlockView> Of(RationalePart part) =>
        part is { Code: { } code, Block: { } block, Outcome: { } outcome } ? [new(code, ClassCounts.NameOf(block), outcome)] : [];

    private RationaleView Of(int index, Rationale rationale) => new(
        index,
        ClassCounts.NameOf(rationale.Class),
        rationale.Reason,
        rationale.Text,
        [.. rationale.Parts.SelectMany(Of)],
        rationale.Index,
        rationale.HasEnded ? null : rationale.PendingCode is not null ? "a sandbox" : $"the judge {Spec.Models.Judge}");

    private LabelsView Of(Labelling labelling)
    {
        var labelled = State.Labelled.GetValueOrDefault(labelling.Number);
        return new(labelling.Number, labelled?.Labels,
        [
            .. Rationales.Keys.Order().Select(index => labelled?.Samples.GetValueOrDefault(index) is not { } sample ? new SampleView("pending", null, 0)
                : new(ClassCounts.NameOf(sample.Class), sample.Reason, sample.Number)),
        ]);
    }
}
