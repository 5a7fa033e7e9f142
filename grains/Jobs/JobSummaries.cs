using System.Collections.Immutable;
using GenPrm.Core.Jobs;
using GenPrm.Core.Rollouts;
using GenPrm.Grains.Queues;

namespace GenPrm.Grains.Jobs;

/// <summary>Makes what a user sees of a job from its record and its sums.</summary>
internal static class JobSummaries
{
    private static readonly string[] Open = [.. new[] { ProblemClass.Queued, ProblemClass.Sampling, ProblemClass.Estimating }.Select(ClassCounts.NameOf)];

    public static JobSummary Of(string id, JobRecord job, JobTotals totals, ImmutableArray<QueueView> queues, RateWindow rates, DateTimeOffset now)
    {
        var left = Open.Sum(name => totals.Problems[name]);
        var labellings = job.Labellings
            .Select(labelling => new LabellingView(labelling, totals.Samples.GetValueOrDefault(labelling.Number) ?? ClassCounts.Empty)).ToImmutableArray();
        return new(
            id,
            job.Request is null ? JobState.Unknown : job.State,
            job.CreatedAt,
            job.EndedAt,
            job.State == JobState.Cancelled ? Cancelled(totals.Problems, left) : totals.Problems,
            totals.Rollouts,
            totals.Steps,
            totals.Rationales,
            labellings.IsEmpty ? ClassCounts.Empty : labellings[^1].Samples,
            totals.Work,
            rates.Add(now, totals.Problems.Total - left, left, totals.Work),
            labellings,
            job.State == JobState.Running ? [.. queues.Where(queue => queue.Waiting + queue.Leased > 0).Select(Missing).OfType<string>()] : [],
            totals.Failures,
            totals.Kept,
            job.Request?.Input ?? ClassCounts.Empty,
            queues);
    }

    private static ClassCounts Cancelled(ClassCounts problems, long left) =>
        new ClassCounts(problems.Classes.RemoveRange(Open)).Add("cancelled", left);

    /// <summary>What a queue with work lacks: workers, or what these work with; null if it goes on.</summary>
    private static string? Missing(QueueView queue)
    {
        var model = queue.Name == IWorkQueueGrain.Sandbox ? null : queue.Name[IWorkQueueGrain.Generate("").Length..];
        return (queue, model) switch
        {
            ({ Workers: 0, Waiting: > 0 }, null) => $"a sandbox silo ({queue.Waiting} code blocks wait)",
            ({ Workers: 0, Waiting: > 0 }, _) => $"a generate silo that serves {model} ({queue.Waiting} units wait)",
            ({ Trouble: { } trouble }, null) => $"a sandbox; it is tried again: {trouble}",
            ({ Trouble: { } trouble }, _) => $"{model}; it is tried again: {trouble}",
            _ => null,
        };
    }
}
