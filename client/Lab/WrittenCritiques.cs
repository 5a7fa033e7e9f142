using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;
using GenPrm.Core.Execution;
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

/// <summary>A job's critiques as samples.</summary>
/// <param name="LeftOut">Critiques in which what their code printed is not found again, and so not told apart from what was written.</param>
internal sealed record Critiques(ImmutableArray<SampleRow> Rows, int LeftOut);

/// <summary>Every critique of a job made into a sample as if its own verdict were the labels', so that any filter can be put on it afterwards. Those without the form of
/// a sample are left out, as every filter would leave them out.</summary>
internal static class WrittenCritiques
{
    private const string TooMuch = "output_too_large";

    public static async Task<Critiques> ReadAsync(IGrainFactory grains, string job, CancellationToken cancellation)
    {
        var rows = ImmutableArray.CreateBuilder<SampleRow>();
        int left = 0;
        await foreach (ProblemRow problem in JobPages.ProblemsAsync(grains, job, cancellation))
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"{job}/{problem.Ordinal}");
            ProblemView? view = await GrainCalls.AskAsync(grains.GetGrain<IProblemViews>(key).View, cancellation);
            foreach (RolloutRow kept in (view?.Rollouts ?? []).Where(rollout => rollout.Kept))
            {
                RolloutView? rollout = await GrainCalls.AskAsync(grains.GetGrain<IRolloutViews>(string.Create(CultureInfo.InvariantCulture, $"{key}/r{kept.Index}")).View, cancellation);
                if (rollout?.Labellings is not [{ Labels: { } labels }, ..])
                    continue;
                foreach (RationaleView written in rollout.Rationales)
                {
                    if (written.FirstWrong is not { } index)
                        continue;
                    if (Rationale(written, index) is not { } rationale)
                        left++;
                    else if (Sample(job, new(problem.Ordinal, problem.Id, view!.Text, view.Gold, 0), kept.Index, rollout, labels, written.Index, index, rationale) is { } sample)
                        rows.Add(sample);
                }
            }
        }

        return new(rows.ToImmutable(), left);
    }

    private static SampleRow? Sample(string job, Problem problem, int number, RolloutView rollout, RolloutLabels labels, int written, int index, Rationale rationale)
    {
        ImmutableArray<Step> steps = [.. rollout.Steps.Select(step => new Step(step.Index, step.Text, step.Text))];
        RolloutLabels own = labels with { Steps = [.. labels.Steps.Select(step => step with { Label = step.Step != index })] };
        return SampleBuilder.Build(new(job, labels.Labelling, problem.Ordinal, number, written), problem, steps, own, rationale) is SampleOutcome.Accepted accepted
            ? SampleRow.Of(accepted.Sample)
            : null;
    }

    /// <summary>The critique with what was fed back told apart again from what was written; null where that is not found.</summary>
    internal static Rationale? Rationale(RationaleView written, int index)
    {
        var parts = ImmutableArray.CreateBuilder<RationalePart>();
        int at = 0;
        foreach (BlockView block in written.Blocks)
        {
            // The outcome's output is cut at the limit of what is fed back, and does not say whether it was.
            SandboxOutcome outcome = block.Class == TooMuch ? new SandboxOutcome.OutputTooLarge("", default) : block.Outcome;
            (string said, BlockClass @class) = CodeFeedback.Of(outcome, int.MaxValue);
            string fed = CodeFeedback.Fence(said);
            int found = written.Text.IndexOf(fed, at, StringComparison.Ordinal);
            if (found < 0)
                return null;
            AddWritten(parts, written.Text[at..found]);
            parts.Add(new(PartKind.Fed, fed, block.Code, @class, block.Outcome));
            at = found + fed.Length;
        }

        AddWritten(parts, written.Text[at..]);
        return new() { Parts = parts.ToImmutable(), Class = RationaleClass.Concluded, Index = index };
    }

    /// <summary>What was written between two blocks that ran; a block without code was answered, too, and is none of those.</summary>
    private static void AddWritten(ImmutableArray<RationalePart>.Builder parts, string text)
    {
        string answer = CodeFeedback.Fence(CodeFeedback.NoCode);
        string[] pieces = text.Split(answer);
        parts.Add(new(PartKind.Written, pieces[0]));
        foreach (string piece in pieces.Skip(1))
        {
            parts.Add(new(PartKind.Fed, answer, null, BlockClass.NoCode));
            parts.Add(new(PartKind.Written, piece));
        }
    }
}
