using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Core.Samples;
using GenPrm.Lab.World;
using GenPrm.Trainer.Data;

namespace GenPrm.Lab.Evaluation;

/// <summary>All critiques of a job that have the form of a sample, and what each filter would have let through: consensus under any rule of labels, or the truth.</summary>
/// <param name="critiques">Each made into a sample by its own verdict: its last label is false where it found a wrong step.</param>
/// <param name="steps">The job's labelled steps.</param>
/// <param name="problems">The job's problems by their ordinals.</param>
public sealed class CritiqueFilter(ImmutableArray<SampleRow> critiques, IEnumerable<StepRow> steps, ImmutableArray<LabProblem> problems)
{
    private readonly Dictionary<(int Problem, int Rollout), StepRow[]> rollouts =
        steps.GroupBy(row => (row.Problem, row.Rollout)).ToDictionary(rollout => rollout.Key, rollout => rollout.OrderBy(row => row.Step).ToArray());

    /// <summary>Everything that the judge wrote in the right form.</summary>
    public ImmutableArray<Conversation> Everything => Where((_, _) => true);

    /// <summary>Those that found the true first wrong step, or found none where there is none.</summary>
    public ImmutableArray<Conversation> Truth => Where((row, rollout) => Found(row) == StepTruth.FirstWrong(problems[row.Problem], rollout.Select(step => step.Text)));

    /// <summary>Those that agree with a rule's labels (section 6).</summary>
    public ImmutableArray<Conversation> Consensus(LabelRule rule) =>
        Where((row, rollout) => Found(row) == rollout.FirstOrDefault(step => !LabelAccuracy.Label(step, rule))?.Step);

    /// <summary>The wrong step that a critique found, from 1; null for none.</summary>
    private static int? Found(SampleRow row) => row.Labels[^1] ? null : row.Labels.Length;

    private ImmutableArray<Conversation> Where(Func<SampleRow, StepRow[], bool> accepts) =>
    [
        .. critiques.Where(row => rollouts.TryGetValue((row.Problem, row.Rollout), out var rollout) && accepts(row, rollout))
            .OrderBy(row => row.Id, StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering))
            .Select(row => Conversation.Of(row.ToSample())),
    ];
}
