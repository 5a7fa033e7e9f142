using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GenPrm.Client.Sessions;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Log;
using GenPrm.Grains.Views;

namespace GenPrm.Client.Jobs;

/// <summary>Long lists of a job, read page by page.</summary>
public static class JobPages
{
    /// <summary>Every problem of a job, in order.</summary>
    public static async IAsyncEnumerable<ProblemRow> ProblemsAsync(IGrainFactory grains, string job, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(grains);
        int from = 0;
        while (true)
        {
            ImmutableArray<ProblemRow> page = await GrainCalls.AskAsync(() => grains.GetGrain<IJobGrain>(job).ListProblems(from, IJobGrain.MaxBatch), cancellation);
            foreach (ProblemRow row in page)
                yield return row;
            if (page.IsEmpty)
                yield break;
            from += page.Length;
        }
    }

    /// <summary>Every entry of a labelling's sample log, in order.</summary>
    public static async IAsyncEnumerable<LogEntry> SamplesAsync(IGrainFactory grains, string job, int labelling, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(grains);
        long after = 0;
        while (true)
        {
            ImmutableArray<LogEntry> page = await GrainCalls.AskAsync(
                () => grains.GetGrain<ISampleLogGrain>(ISampleLogGrain.KeyOf(job, labelling)).Read(after, ISampleLogGrain.MaxPage), cancellation);
            foreach (LogEntry entry in page)
                yield return entry;
            if (page.IsEmpty)
                yield break;
            after = page[^1].Number;
        }
    }
}
