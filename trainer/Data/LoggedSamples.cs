using System.Collections.Immutable;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Log;

namespace GenPrm.Trainer.Data;

/// <summary>The samples of a job's log, followed while the job runs.</summary>
/// <remarks>Reading changes nothing in the log, so the trainer's position is its own affair: it lies in its checkpoints.</remarks>
/// <param name="grains">The way to the job.</param>
/// <param name="job">The job's name.</param>
/// <param name="labelling">Whose log.</param>
/// <param name="time">For waiting.</param>
/// <param name="waiting">Told once for each window that is not full yet: samples there are, and samples wanted.</param>
public sealed class LoggedSamples(IGrainFactory grains, string job, int labelling, TimeProvider time, Action<long, long> waiting) : ISampleSource
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly Patience patience = new(time);
    private readonly Dictionary<long, ImmutableArray<Conversation>> full = [];

    /// <summary>Not known while the job runs.</summary>
    public long? Count => null;

    public async Task<ImmutableArray<Conversation>> WindowAsync(long window, int size, CancellationToken cancellationToken)
    {
        if (full.TryGetValue(window, out var known))
            return known;
        var said = false;
        while (true)
        {
            // Asked before reading: what an ended job has accepted is then in the log.
            var ended = await EndedAsync(cancellationToken);
            var samples = await ReadAsync(window * size, size, cancellationToken);
            if (samples.Length == size)
                full[window] = samples;
            if (samples.Length == size || ended)
                return samples;
            if (!said)
                waiting((window * size) + samples.Length, (window + 1) * size);
            said = true;
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private async Task<bool> EndedAsync(CancellationToken cancellationToken)
    {
        var summary = await patience.AskAsync($"job {job}", grains.GetGrain<IJobGrain>(job).Summary, cancellationToken);
        return summary.State is JobState.Done or JobState.Cancelled;
    }

    private async Task<ImmutableArray<Conversation>> ReadAsync(long after, int count, CancellationToken cancellationToken)
    {
        var log = grains.GetGrain<ISampleLogGrain>(ISampleLogGrain.KeyOf(job, labelling));
        var samples = ImmutableArray.CreateBuilder<Conversation>(count);
        while (samples.Count < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (from, most) = (after + samples.Count, Math.Min(ISampleLogGrain.MaxPage, count - samples.Count));
            var page = await patience.AskAsync($"the sample log of job {job}", () => log.Read(from, most), cancellationToken);
            if (page.IsEmpty)
                break;
            samples.AddRange(page.Select(entry => Conversation.Of(entry.Sample)));
        }

        return samples.ToImmutable();
    }
}
