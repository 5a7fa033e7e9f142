using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Samples;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Problems;
using GenPrm.Grains.Rollouts;
using GenPrm.Grains.Views;

namespace GenPrm.Client.Lab;

/// <summary>Every critique of a job made into a sample as if its own verdict were the labels', so that any filter can be put on it afterwards. Those without the form of
/// a sample are left out, as every filter would leave them out.</summary>
internal static class WrittenCritiques
{
    public static async Task<ImmutableArray<SampleRow>> ReadAsync(IGrainFactory grains, string job, CancellationToken cancellation)
    {
        var rows = ImmutableArray.CreateBuilder<SampleRow>();
        await foreach (ProblemRow problem in JobPages.ProblemsAsync(grains, job, cancellation))
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"{job}/{problem.Ordinal}");
            ProblemView? view = await GrainCalls.AskAsync(grains.GetGrain<IProblemViews>(key).View, cancellation);
            foreach (RolloutRow kept in (view?.Rollouts ?? []).Where(rollout => rollout.Kept))
            {
                RolloutView? rollout = await GrainCalls.AskAsync(grains.GetGrain<IRolloutViews>(string.Create(CultureInfo.InvariantCulture, $"{key}/r{kept.Index}")).View, cancellation);
                if (rollout?.Labellings is [{ Labels: { } labels }, ..])
                    rows.AddRange(rollout.Rationales.Select(rationale => Sample(job, new(problem.Ordinal, problem.Id, view!.Text, view.Gold, 0), kept.Index, rollout, labels, rationale)).OfType<SampleRow>());
            }
        }

        return rows.ToImmutable();
    }

    private static SampleRow? Sample(string job, Problem problem, int number, RolloutView rollout, RolloutLabels labels, RationaleView written)
    {
        if (written.FirstWrong is not { } index)
            return null;
        ImmutableArray<Step> steps = [.. rollout.Steps.Select(step => new Step(step.Index, step.Text, step.Text))];
        RolloutLabels own = labels with { Steps = [.. labels.Steps.Select(step => step with { Label = step.Step != index })] };
        return SampleBuilder.Build(new(job, labels.Labelling, problem.Ordinal, number, written.Index), problem, steps, own, Rationale(written, index)) is SampleOutcome.Accepted accepted
            ? SampleRow.Of(accepted.Sample)
            : null;
    }

    /// <summary>The critique with what was fed back told apart again from what was written.</summary>
    private static Rationale Rationale(RationaleView written, int index)
    {
        var parts = ImmutableArray.CreateBuilder<RationalePart>();
        int at = 0;
        foreach (BlockView block in written.Blocks)
        {
            (string said, BlockClass @class) = CodeFeedback.Of(block.Outcome, int.MaxValue);
            string fed = CodeFeedback.Fence(said);
            int found = written.Text.IndexOf(fed, at, StringComparison.Ordinal);
            if (found < 0)
                throw new InvalidDataException($"rationale {written.Index} does not hold what its code printed: {said}");
            parts.Add(new(PartKind.Written, written.Text[at..found]));
            parts.Add(new(PartKind.Fed, fed, block.Code, @class, block.Outcome));
            at = found + fed.Length;
        }

        parts.Add(new(PartKind.Written, written.Text[at..]));
        return new() { Parts = parts.ToImmutable(), Class = RationaleClass.Concluded, Index = index };
    }
}
