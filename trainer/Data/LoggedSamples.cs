using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Log;

namespace GenPrm.Trainer.Data;

/// <summary>The samples of a job's log, followed while the job runs.</summary>
/// <remarks>Reading changes nothing in the log, so the trainer's position is its own affair: it lies in its checkpoints.</remarks>
/// <param name="grains">The way to the job; let go of when the log has been read to its end.</param>
/// <param name="job">The job's name.</param>
/// <param name="labelling">Whose log.</param>
/// <param name="time">For waiting.</param>
/// <param name="waiting">Told once for each window that is not full yet: samples there are, and samples wanted.</param>
public sealed class LoggedSamples(IGrainAccess grains, string job, int labelling, TimeProvider time, Action<long, long> waiting) : ISampleSource
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly Patience patience = new(time);

    /// <summary>The last window that was asked for, as far as it was read: a batch after the other comes from it.</summary>
    private (long First, ImmutableArray<Conversation> Samples) last = (0, []);

    /// <inheritdoc cref="LoggedSamples(IGrainAccess, string, int, TimeProvider, Action{long, long})"/>
    /// <param name="grains">Grains that are held open for as long as the log is read.</param>
    public LoggedSamples(IGrainFactory grains, string job, int labelling, TimeProvider time, Action<long, long> waiting)
        : this(new HeldGrains(grains), job, labelling, time, waiting)
    {
    }

    /// <summary>Not known while the job runs.</summary>
    public long? Count => null;

    /// <summary>The job and its labelling.</summary>
    public string Identity => string.Create(CultureInfo.InvariantCulture, $"job {job}, labelling {labelling}");

    private string Log => $"the sample log of job {job}";

    public Task<ImmutableArray<Conversation>> WindowAsync(long window, int size, CancellationToken cancellationToken) =>
        WindowAsync(window, size, long.MaxValue, cancellationToken);

    public async Task<ImmutableArray<Conversation>> WindowAsync(long window, int size, long end, CancellationToken cancellationToken)
    {
        var first = window * size;
        var wanted = (int)Math.Clamp(end - first, 0, size);
        if (last.First != first)
            last = (first, []);
        for (var said = false; last.Samples.Length < wanted; said = true)
        {
            // Asked before reading: what an ended job has accepted is then in the log.
            var ended = await EndedAsync(cancellationToken);
            await ReadAsync(wanted, cancellationToken);
            if (ended || last.Samples.Length == wanted)
                break;
            if (!said)
                waiting(first + last.Samples.Length, first + wanted);
            await Task.Delay(Interval, time, cancellationToken);
        }

        if (last.Samples.Length < size || first + size == end)
            await grains.LetGoAsync();
        return last.Samples[..Math.Min(wanted, last.Samples.Length)];
    }

    public Task<long> LengthAsync(CancellationToken cancellationToken) => AskAsync(Log, found => SampleLog(found).Length(), cancellationToken);

    private async Task<bool> EndedAsync(CancellationToken cancellationToken)
    {
        var summary = await AskAsync($"job {job}", found => found.GetGrain<IJobGrain>(job).Summary(), cancellationToken);
        return summary.State is JobState.Done or JobState.Cancelled;
    }

    /// <summary>Reads what the window has not yet, as far as it is there.</summary>
    private async Task ReadAsync(int wanted, CancellationToken cancellationToken)
    {
        while (last.Samples.Length < wanted)
        {
            var (from, most) = (last.First + last.Samples.Length, Math.Min(ISampleLogGrain.MaxPage, wanted - last.Samples.Length));
            var page = await AskAsync(Log, found => SampleLog(found).Read(from, most), cancellationToken);
            if (page.IsEmpty)
                return;
            last.Samples = last.Samples.AddRange(page.Select(entry => Conversation.Of(entry.Sample)));
        }
    }

    private ISampleLogGrain SampleLog(IGrainFactory found) => found.GetGrain<ISampleLogGrain>(ISampleLogGrain.KeyOf(job, labelling));

    private Task<T> AskAsync<T>(string what, Func<IGrainFactory, Task<T>> call, CancellationToken cancellationToken) =>
        patience.AskAsync(what, () => grains.AskAsync(call, cancellationToken), cancellationToken);
}
