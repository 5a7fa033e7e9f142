using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;

namespace GenPrm.Core.Samples;

/// <summary>Consensus filtering (section 6) and the making of a sample from a rationale that agrees (section 7).</summary>
public static class SampleBuilder
{
    /// <param name="id">The sample's identity.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="steps">The rollout's steps.</param>
    /// <param name="labels">The rollout's labels under the labelling of <paramref name="id"/>.</param>
    /// <param name="rationale">A rationale that has ended.</param>
    /// <exception cref="ArgumentException">The rationale has not ended, or the labels are not the steps'.</exception>
    public static SampleOutcome Build(SampleId id, Problem problem, ImmutableArray<Step> steps, RolloutLabels labels, Rationale rationale)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(rationale);
        if (!rationale.HasEnded)
            throw new ArgumentException($"the rationale is {rationale.Class}; a sample is made of one that has ended", nameof(rationale));
        if (labels.Labelling != id.Labelling || labels.Steps.Length != steps.Length)
            throw new ArgumentException($"labels of labelling {labels.Labelling} with {labels.Steps.Length} steps do not belong to {id} with {steps.Length}", nameof(labels));

        if (rationale.Class is RationaleClass.Failed or RationaleClass.SpecialToken)
            return new SampleOutcome.Discarded(SampleClass.Failed, rationale.Reason ?? "the rationale failed");
        if (rationale.Index is not { } index)
            return new SampleOutcome.Discarded(SampleClass.NoIndex, rationale.Reason ?? $"the rationale ended {rationale.Class}");
        var firstError = labels.FirstError;
        if (index != firstError)
            return new SampleOutcome.Discarded(SampleClass.Disagreed, $"first wrong paragraph: {Name(index)} by the judge, {Name(firstError)} by the labels");

        var judged = firstError == RolloutLabels.AllRight ? steps.Length : firstError;
        var sections = RationaleText.Sections(rationale);
        var turns = ImmutableArray.CreateBuilder<SampleTurn>();
        turns.Add(SampleTurn.Untrained(ChatMessage.System(ConversationForm.System)));
        for (var paragraph = 1; paragraph <= judged; paragraph++)
        {
            if (paragraph > sections.Length)
                return new SampleOutcome.Discarded(SampleClass.NoAnalysis, $"paragraph {paragraph} has no section");
            if (Refuse(sections[paragraph - 1], rationale.Text) is { } discarded)
                return discarded;
            var step = steps[paragraph - 1].Text;
            turns.Add(SampleTurn.Untrained(ChatMessage.User(paragraph == 1 ? ConversationForm.FirstUserTurn(problem.Text, step) : step)));
            turns.Add(CritiqueTurn.From(sections[paragraph - 1], rationale.Text, right: paragraph != firstError));
        }

        return new SampleOutcome.Accepted(new(id, problem.Id, turns.ToImmutable(), [.. Enumerable.Range(1, judged).Select(paragraph => paragraph != firstError)]));
    }

    private static SampleOutcome.Discarded? Refuse(RationaleSection section, string text)
    {
        var paragraph = $"paragraph {section.Paragraph}";
        if (section.Fault is { } fault)
            return new(SampleClass.Malformed, $"{paragraph}: {fault}");
        if (section.Analysis is not { } analysis || CritiqueTurn.SaysNothing(section.Paragraph, text[analysis.Start..analysis.End]))
            return new(SampleClass.NoAnalysis, $"{paragraph} has no analysis");
        // An exception is a finding too: a check may be an assertion. Code that no interpreter accepted, or that was stopped, found nothing.
        if (!section.Blocks.Any(block => block is BlockClass.Completed or BlockClass.Failed))
            return new(SampleClass.NoCode, $"{paragraph} has no code that ran");
        return null;
    }

    private static string Name(int index) => index == RolloutLabels.AllRight ? "none" : $"{index}";
}
