using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Core.Identity;
using GenPrm.Grains.Hosting;

namespace GenPrm.Grains.Workers;

/// <summary>A worker's pause while what it works with is away: the sandboxes' engine, a model, the owners' store. All its units share it, each pause is
/// longer than the one before up to a limit, and the first unit that is done ends it. It lasts as long as the outage does.</summary>
/// <param name="worker">Its name: workers that lost the same thing do not all come back at once.</param>
/// <param name="first">The first pause; each further one is twice as long.</param>
/// <param name="longest">No pause is longer.</param>
/// <param name="time">Tells the time.</param>
internal sealed class Outage(string worker, TimeSpan first, TimeSpan longest, TimeProvider time)
{
    private readonly Lock gate = new();
    private RandomStream jitter = new(RandomStream.SeedOf(0, worker));
    private TimeSpan last = TimeSpan.Zero;
    private DateTimeOffset until = DateTimeOffset.MinValue;
    private int pauses;
    private volatile bool on;

    /// <summary>Whether something was missing when it was last asked for.</summary>
    public bool IsOn => on;

    /// <summary>How many pauses there were: what a unit that begins now has to give to <see cref="Note"/>.</summary>
    public int Pauses => Volatile.Read(ref pauses);

    /// <summary>Whether the fault is the place's, so that a unit that met it is no worse for it.</summary>
    /// <param name="delivering">The work was done; its owner could not take it. Any time-out or store's error is then no fault of the unit.</param>
    public static bool Explains(Exception fault, bool delivering) => fault switch
    {
        SandboxUnavailableException { Trouble: not SandboxTrouble.Lost } => true,
        GeneratorUnavailableException => true,
        _ => delivering && GrainTrouble.IsPassing(fault),
    };

    /// <summary>Begins the next pause, unless one began since the unit did: then the unit says nothing new.</summary>
    public void Note(int pausesBefore)
    {
        lock (gate)
        {
            if (pausesBefore != pauses)
                return;
            pauses++;
            on = true;
            last = last == TimeSpan.Zero ? first : last * 2 < longest ? last * 2 : longest;
            until = time.GetUtcNow() + (last * (0.5 + (0.5 * jitter.NextDouble())));
        }
    }

    /// <summary>A unit was done: nothing is missing.</summary>
    public void End()
    {
        if (!on)
            return;
        lock (gate)
        {
            on = false;
            last = TimeSpan.Zero;
        }
    }

    /// <summary>Waits the pause out; does not wait where there is none.</summary>
    public async Task WaitAsync(CancellationToken stopping)
    {
        TimeSpan left;
        lock (gate)
            left = on ? until - time.GetUtcNow() : TimeSpan.Zero;
        if (left > TimeSpan.Zero)
            await Task.Delay(left, time, stopping);
    }
}
