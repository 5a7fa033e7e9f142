using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using GenPrm.Core.Generation;
using GenPrm.Grains.Hosting;
using GenPrm.Grains.Queues;
using Microsoft.Extensions.Logging;

namespace GenPrm.Grains.Workers;

/// <summary>Pulls units from one queue, has them done, brings the outcomes to their owners and keeps the leases alive meanwhile.</summary>
internal sealed partial class QueueWorker(
    string queueName,
    string name,
    IUnitWorker worker,
    IGrainFactory grains,
    GrainsOptions grainsOptions,
    WorkerOptions options,
    TimeProvider time,
    ILogger log)
{
    private readonly ConcurrentDictionary<string, Running> running = [];
    // One mark is enough for the one reader, which looks at the load itself; unread marks of a week would be a leak.
    private readonly Channel<string> ended = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Outage outage = new(name, options.FirstWait, options.LongestPause, time);
    private int load;

    private IWorkQueueGrain Queue => grains.GetGrain<IWorkQueueGrain>(queueName);

    /// <summary>Works until it is stopped; then gives back what is not done.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var extending = ExtendAsync(stopping);
        var wait = options.FirstWait;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                while (Volatile.Read(ref load) is > 0 and var busy && (outage.IsOn || busy >= worker.Capacity))
                    await ended.Reader.ReadAsync(stopping);
                await outage.WaitAsync(stopping);
                // One unit finds out whether what was missing is there again.
                foreach (var unit in await Queue.Lease(name, outage.IsOn ? 1 : worker.Capacity - Volatile.Read(ref load), stopping))
                    Start(unit, stopping);
                wait = options.FirstWait;
            }
            catch (Exception trouble) when (!stopping.IsCancellationRequested)
            {
                LogTrouble(queueName, trouble.Message);
                wait = await WaitAsync(wait, stopping);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                break;
            }
        }

        await extending;
        await GiveBackAsync();
    }

    private void Start(WorkUnit unit, CancellationToken stopping)
    {
        var run = new Running(CancellationTokenSource.CreateLinkedTokenSource(stopping));
        if (!running.TryAdd(unit.Id, run))
            return;
        Interlocked.Add(ref load, unit.Work.Size);
        run.Task = Task.Run(() => DoAsync(unit, run, stopping), CancellationToken.None);
    }

    private async Task DoAsync(WorkUnit unit, Running run, CancellationToken stopping)
    {
        var pauses = outage.Pauses;
        try
        {
            var outcome = await worker.DoAsync(unit.Work, run.Stop.Token);
            run.Delivering = true;
            var receipt = await DeliverAsync(unit, outcome, stopping);
            await Queue.Complete(name, unit.Id, receipt);
            running.TryRemove(unit.Id, out _);
            outage.End();
        }
        catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
        {
            // The silo stops, and the unit is given back; or the lease was lost, and another worker has it.
            if (!stopping.IsCancellationRequested)
                running.TryRemove(unit.Id, out _);
        }
        catch (Exception failure)
        {
            running.TryRemove(unit.Id, out _);
            var blameless = Outage.Explains(failure, run.Delivering);
            if (blameless)
                outage.Note(pauses);
            await ReportAsync(unit, failure, blameless, stopping);
        }
        finally
        {
            Interlocked.Add(ref load, -unit.Work.Size);
            ended.Writer.TryWrite(unit.Id);
            // Else the silo's own token remembers every unit that ever ran.
            run.Stop.Dispose();
        }
    }

    /// <summary>Offers the outcome until the owner has dealt with it. An owner that moves or has just woken is given time.</summary>
    private async Task<Receipt> DeliverAsync(WorkUnit unit, WorkOutcome outcome, CancellationToken stopping)
    {
        var owner = grains.GetGrain(unit.Owner).AsReference<IUnitOwner>();
        var wait = options.FirstWait;
        for (var tries = 1; ; tries++)
        {
            try
            {
                var receipt = await owner.Deliver(unit.Id, outcome);
                if (receipt != Receipt.Later)
                    return receipt;
                if (tries >= options.DeliveryTries)
                    throw new InvalidOperationException($"Its owner did not say what it is for, {tries} times.");
            }
            catch (Exception trouble) when (tries < options.DeliveryTries && !stopping.IsCancellationRequested)
            {
                LogTrouble(unit.Id, trouble.Message);
            }

            wait = await WaitAsync(wait, stopping);
        }
    }

    private async Task ReportAsync(WorkUnit unit, Exception failure, bool blameless, CancellationToken stopping)
    {
        try
        {
            await (blameless
                ? Queue.Return(name, [unit.Id], failure.Message)
                : Queue.Fail(name, unit.Id, failure.Message, failure is GenerationException)).WaitAsync(stopping);
        }
        catch (Exception trouble)
        {
            // The queue is gone for the moment. The lease runs out, and the unit is tried again.
            LogTrouble(queueName, trouble.Message);
        }
    }

    private async Task ExtendAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(grainsOptions.Queue.LeaseTime / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                await ExtendOnceAsync();
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task ExtendOnceAsync()
    {
        try
        {
            if (running.IsEmpty)
                return;
            foreach (var lost in await Queue.Extend(name, [.. running.Keys]))
            {
                // An outcome on its way is brought to its end: the first one counts.
                if (running.TryGetValue(lost, out var run) && !run.Delivering)
                    await run.Stop.CancelAsync();
            }
        }
        catch (Exception trouble)
        {
            // Also a call that was cancelled because nobody answered it: leases must be prolonged for as long as the worker lives.
            LogTrouble(queueName, trouble.Message);
        }
    }

    private async Task GiveBackAsync()
    {
        await Task.WhenAll(running.Values.Select(run => run.Task));
        if (running.IsEmpty)
            return;
        try
        {
            await Queue.Return(name, [.. running.Keys], null);
        }
        catch (Exception trouble)
        {
            LogTrouble(queueName, trouble.Message);
        }
    }

    private async Task<TimeSpan> WaitAsync(TimeSpan wait, CancellationToken stopping)
    {
        await Task.Delay(wait, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return wait * 2 < options.LongestWait ? wait * 2 : options.LongestWait;
    }

    [LoggerMessage(LogLevel.Debug, "{Where}: {Trouble}; it is tried again")]
    private partial void LogTrouble(string where, string trouble);

    private sealed class Running(CancellationTokenSource stop)
    {
        public CancellationTokenSource Stop { get; } = stop;

        public Task Task { get; set; } = Task.CompletedTask;

        public bool Delivering { get; set; }
    }
}
