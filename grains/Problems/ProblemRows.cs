using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Rollouts;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Rollouts;
using GenPrm.Grains.Views;

namespace GenPrm.Grains.Problems;

/// <summary>Makes what a user sees of a problem from what is stored.</summary>
internal static class ProblemRows
{
    public static ProblemRow Row(ProblemReport report) => new(
        report.Ordinal,
        report.Id,
        ClassCounts.NameOf(report.Class),
        report.Reason,
        report.Correct,
        (int)report.Rollouts.Total,
        report.Samples.IsEmpty ? 0 : (int)report.Samples.Values.Last()["accepted"]);

    public static ProblemView View(ProblemProgress progress, ProblemSampling sampling, StateScore start, JobContext? context)
    {
        var report = progress.Report(sampling, start, progress.EndedPass);
        return new(
            Row(report),
            progress.Problem!.Text,
            progress.Problem.Answer,
            sampling.PassAtOne,
            sampling.PassAtOne is { } passAtOne ? context?.Parameters.Completions.K.For(passAtOne) : null,
            WaitingFor(progress, sampling, context),
            [.. sampling.Facts.Select(fact => RolloutRows.Row(fact, progress.Kept.Contains(fact.Index)))]);
    }

    private static string? WaitingFor(ProblemProgress progress, ProblemSampling sampling, JobContext? context) => progress.Class switch
    {
        ProblemClass.Queued => "its turn",
        ProblemClass.Sampling when context is not null && RoundPlan.Next(sampling, context.Parameters.Rollouts) is SamplingDecision.Sample sample =>
            $"{sample.Indices.Length} rollouts by {context.Spec.Models.Policy}",
        ProblemClass.Sampling => "rollouts",
        ProblemClass.Estimating => $"{progress.Kept.Count(index => !(progress.Reports.GetValueOrDefault(index)?.EndedPass >= 0))} of {progress.Kept.Length} kept rollouts",
        _ => null,
    };
}
