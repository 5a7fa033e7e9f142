using System.Collections.Immutable;
using GenPrm.Grains.Hosting;

namespace GenPrm.Grains.Queues;

/// <summary>The rules of a work queue, without a clock or a task: who gets which unit, and until when. Time is an argument.</summary>
/// <remarks>Jobs take turns, one unit each. Within a job the oldest problem goes first: problems that were begun are finished before new ones are
/// sampled, so that neither starves and little is in flight.</remarks>
public sealed class WorkQueue(QueueOptions options)
{
    private readonly Dictionary<string, Entry> entries = [];
    private readonly Dictionary<string, SortedSet<Entry>> waiting = [];
    private readonly LinkedList<string> turns = new();
    private readonly HashSet<Entry> leased = [];
    private readonly HashSet<Entry> delayed = [];
    private readonly HashSet<string> held = [];
    private readonly HashSet<string> refused = [];
    private readonly Dictionary<string, DateTimeOffset> workers = [];
    private long sequence;
    private long completed;
    private long dropped;
    private long expired;
    private long retried;
    private long failed;
    private string? trouble;

    private int WaitingCount => entries.Count - leased.Count;

    /// <summary>Puts units in. Known ones are not put in twice; a held job's units and those beyond the capacity are refused.</summary>
    public OfferOutcome Offer(IEnumerable<WorkUnit> units)
    {
        ArgumentNullException.ThrowIfNull(units);
        var (taken, turnedAway) = (0, 0);
        foreach (var unit in units)
        {
            if (entries.ContainsKey(unit.Id))
            {
                taken++;
            }
            else if (held.Contains(unit.Job))
            {
                turnedAway++;
            }
            else if (WaitingCount >= options.Capacity)
            {
                refused.Add(unit.Job);
                turnedAway++;
            }
            else
            {
                var entry = new Entry(unit, sequence++);
                entries.Add(unit.Id, entry);
                Line(entry);
                taken++;
            }
        }

        return new(taken, turnedAway);
    }

    /// <summary>Leases units to a worker until its capacity is used up. Empty when none wait.</summary>
    public ImmutableArray<WorkUnit> Take(string worker, int capacity, DateTimeOffset now)
    {
        workers[worker] = now;
        var units = ImmutableArray.CreateBuilder<WorkUnit>();
        while (capacity > 0 && turns.First is { } turn)
        {
            var line = waiting[turn.Value];
            var entry = line.Min!;
            Unline(entry);
            if (turn.List is not null)
            {
                turns.Remove(turn);
                turns.AddLast(turn);
            }

            entry.Worker = worker;
            entry.Until = now + options.LeaseTime;
            leased.Add(entry);
            units.Add(entry.Unit);
            capacity -= entry.Unit.Work.Size;
        }

        return units.ToImmutable();
    }

    /// <summary>Prolongs leases; gives back the ids that the worker does not hold.</summary>
    public ImmutableArray<string> Extend(string worker, IEnumerable<string> units, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(units);
        workers[worker] = now;
        var lost = ImmutableArray.CreateBuilder<string>();
        foreach (var unit in units)
        {
            if (HeldBy(worker, unit) is { } entry)
                entry.Until = now + options.LeaseTime;
            else
                lost.Add(unit);
        }

        return lost.ToImmutable();
    }

    /// <summary>Forgets a unit whose owner has its outcome, whoever holds it now.</summary>
    public void Complete(string unit, Receipt receipt)
    {
        trouble = null;
        if (receipt == Receipt.Taken)
            completed++;
        else
            dropped++;
        if (entries.GetValueOrDefault(unit) is { } entry)
            Forget(entry);
    }

    /// <summary>Takes a unit back from the worker that failed at it. Gives the unit and a reason if it is not to be tried again.</summary>
    public DeadUnit? Fail(string worker, string unit, string reason, bool permanent, DateTimeOffset now) =>
        HeldBy(worker, unit) is { } entry ? TryAgain(entry, reason, permanent, now) : null;

    /// <summary>Takes units back untouched: their tries stay as they are. Those of a held job are forgotten; their owners ask again when it goes on.</summary>
    /// <param name="reason">The trouble of the worker, which is shown until a unit of this queue is done; null: it stops.</param>
    public void Return(string worker, IEnumerable<string> units, string? reason)
    {
        ArgumentNullException.ThrowIfNull(units);
        trouble = reason ?? trouble;
        foreach (var unit in units)
        {
            if (HeldBy(worker, unit) is not { } entry)
                continue;
            if (held.Contains(entry.Unit.Job))
            {
                Forget(entry);
                continue;
            }

            leased.Remove(entry);
            Line(entry);
        }
    }

    /// <summary>Drops a job's waiting units and refuses further ones.</summary>
    public void Hold(string job)
    {
        held.Add(job);
        refused.Remove(job);
        foreach (var entry in entries.Values.Where(entry => entry.Unit.Job == job && !leased.Contains(entry)).ToArray())
            Forget(entry);
    }

    public void Admit(string job) => held.Remove(job);

    /// <summary>Lets time pass: leases run out, delays end. Gives the units that were tried often enough.</summary>
    public ImmutableArray<DeadUnit> Pass(DateTimeOffset now)
    {
        var dead = ImmutableArray.CreateBuilder<DeadUnit>();
        foreach (var entry in leased.Where(entry => entry.Until <= now).ToArray())
        {
            expired++;
            if (TryAgain(entry, $"Worker {entry.Worker} did not come back with it within {options.LeaseTime}.", false, now) is { } unit)
                dead.Add(unit);
        }

        foreach (var entry in delayed.Where(entry => entry.Until <= now).ToArray())
        {
            delayed.Remove(entry);
            Line(entry);
        }

        foreach (var (worker, _) in workers.Where(worker => worker.Value + options.WorkerMemory <= now).ToArray())
            workers.Remove(worker);
        return dead.ToImmutable();
    }

    /// <summary>The jobs whose units were refused and now find room again; each is named once.</summary>
    public ImmutableArray<string> Welcome()
    {
        if (refused.Count == 0 || WaitingCount > options.Capacity / 2)
            return [];
        ImmutableArray<string> jobs = [.. refused];
        refused.Clear();
        return jobs;
    }

    public QueueView View(string name) =>
        new(name, WaitingCount, leased.Count, workers.Count, completed, dropped, expired, retried, failed, trouble);

    private Entry? HeldBy(string worker, string unit) =>
        entries.TryGetValue(unit, out var entry) && entry.Worker == worker && leased.Contains(entry) ? entry : null;

    private DeadUnit? TryAgain(Entry entry, string reason, bool permanent, DateTimeOffset now)
    {
        entry.Tries++;
        if (permanent || entry.Tries >= options.MaxTries || held.Contains(entry.Unit.Job))
        {
            Forget(entry);
            if (!permanent && held.Contains(entry.Unit.Job))
                return null;
            failed++;
            return new(entry.Unit, permanent ? reason : $"Given up after {entry.Tries} tries: {reason}", permanent);
        }

        retried++;
        leased.Remove(entry);
        entry.Until = now + (options.RetryDelay * Math.Pow(2, entry.Tries - 1));
        delayed.Add(entry);
        return null;
    }

    private void Line(Entry entry)
    {
        if (!waiting.TryGetValue(entry.Unit.Job, out var line))
        {
            waiting.Add(entry.Unit.Job, line = new(Entry.Order));
            turns.AddLast(entry.Unit.Job);
        }

        line.Add(entry);
    }

    private void Unline(Entry entry)
    {
        if (!waiting.TryGetValue(entry.Unit.Job, out var line) || !line.Remove(entry) || line.Count > 0)
            return;
        waiting.Remove(entry.Unit.Job);
        turns.Remove(entry.Unit.Job);
    }

    private void Forget(Entry entry)
    {
        entries.Remove(entry.Unit.Id);
        leased.Remove(entry);
        delayed.Remove(entry);
        Unline(entry);
    }

    private sealed class Entry(WorkUnit unit, long sequence)
    {
        public static readonly Comparer<Entry> Order = Comparer<Entry>.Create((left, right) =>
            left.Unit.Problem != right.Unit.Problem ? left.Unit.Problem.CompareTo(right.Unit.Problem) : left.Sequence.CompareTo(right.Sequence));

        public WorkUnit Unit { get; } = unit;

        public long Sequence { get; } = sequence;

        public int Tries { get; set; }

        public string? Worker { get; set; }

        /// <summary>The end of the lease, or of the delay before the next try.</summary>
        public DateTimeOffset Until { get; set; }
    }
}

/// <summary>A unit that is not tried again, and why.</summary>
public sealed record DeadUnit(WorkUnit Unit, string Reason, bool Permanent);
