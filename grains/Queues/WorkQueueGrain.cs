using System.Collections.Immutable;
using GenPrm.Grains.Hosting;
using GenPrm.Grains.Jobs;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;

namespace GenPrm.Grains.Queues;

/// <summary>Hosts one <see cref="WorkQueue"/>. Reentrant, since requests for work wait inside of it; between two awaits nothing interleaves.</summary>
[GrainType("genprm.queue"), Role(SiloRole.Coordinate), ActivationCountBasedPlacement, Reentrant]
public sealed partial class WorkQueueGrain(GrainsOptions options, TimeProvider time, ILogger<WorkQueueGrain> log) : Grain, IWorkQueueGrain
{
    private readonly WorkQueue queue = new(options.Queue);
    private TaskCompletionSource arrival = New();

    private string Name => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var period = TimeSpan.FromSeconds(Math.Min(1, options.Queue.LeaseTime.TotalSeconds / 4));
        this.RegisterGrainTimer(_ => Pass(), new GrainTimerCreationOptions(period, period) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task<OfferOutcome> Offer(ImmutableArray<WorkUnit> units)
    {
        var outcome = queue.Offer(units);
        Wake();
        return Task.FromResult(outcome);
    }

    public async Task<ImmutableArray<WorkUnit>> Lease(string worker, int capacity, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + options.Queue.LongPoll;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var now = time.GetUtcNow();
            var units = queue.Take(worker, capacity, now);
            if (units.Length > 0 || now >= until)
            {
                Welcome();
                return units;
            }

            try
            {
                await arrival.Task.WaitAsync(until - now, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // The long-poll time is over: the worker asks again and is so known to be there.
            }
        }
    }

    public Task<ImmutableArray<string>> Extend(string worker, ImmutableArray<string> units) =>
        Task.FromResult(queue.Extend(worker, units, time.GetUtcNow()));

    public Task Complete(string worker, string unit, Receipt receipt)
    {
        queue.Complete(unit, receipt);
        Welcome();
        return Task.CompletedTask;
    }

    public Task Fail(string worker, string unit, string reason, bool permanent)
    {
        LogFailure(Name, unit, worker, reason);
        if (queue.Fail(worker, unit, reason, permanent, time.GetUtcNow()) is { } dead)
            Bury(dead);
        return Task.CompletedTask;
    }

    public Task Return(string worker, ImmutableArray<string> units, string? reason)
    {
        if (reason is not null)
            LogReturn(Name, worker, units.Length, reason);
        queue.Return(worker, units, reason);
        Wake();
        return Task.CompletedTask;
    }

    public Task Hold(string job)
    {
        queue.Hold(job);
        return Task.CompletedTask;
    }

    public Task Admit(string job)
    {
        queue.Admit(job);
        return Task.CompletedTask;
    }

    public Task<QueueView> View() => Task.FromResult(queue.View(Name));

    private Task Pass()
    {
        foreach (var dead in queue.Pass(time.GetUtcNow()))
            Bury(dead);
        Welcome();
        Wake();
        return Task.CompletedTask;
    }

    /// <summary>Tells the owner. If that gets lost, the owner asks for the unit again and it dies again.</summary>
    private void Bury(DeadUnit dead)
    {
        LogDead(Name, dead.Unit.Id, dead.Reason);
        GrainFactory.GetGrain(dead.Unit.Owner).AsReference<IUnitOwner>().Deliver(dead.Unit.Id, new WorkOutcome.Failed(dead.Reason, dead.Permanent)).Ignore();
    }

    private void Welcome()
    {
        foreach (var job in queue.Welcome())
            GrainFactory.GetGrain<IJobParts>(job).Nudge().Ignore();
    }

    private void Wake() => Interlocked.Exchange(ref arrival, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Warning, "{Queue}: {Worker} could not do {Unit}: {Reason}")]
    private partial void LogFailure(string queue, string unit, string worker, string reason);

    [LoggerMessage(LogLevel.Warning, "{Queue}: {Worker} gives {Count} units back untouched: {Reason}")]
    private partial void LogReturn(string queue, string worker, int count, string reason);

    [LoggerMessage(LogLevel.Warning, "{Queue}: {Unit} is given up: {Reason}")]
    private partial void LogDead(string queue, string unit, string reason);
}
