using System.Collections.Immutable;
using GenPrm.Core.Execution;

namespace GenPrm.Grains.Workers;

/// <summary>Interpreters that wait for their rationales' next blocks. One that is lost, idle for long, or in the way of another rationale is closed;
/// when its rationale comes back, the earlier blocks are replayed in a new one: that costs time, never correctness.</summary>
/// <remarks>Those at work and those that wait are never more than <see cref="WorkerOptions.Sandboxes"/> together, since each holds a container: a rationale that
/// comes must not wait for a container that an idle interpreter has.</remarks>
internal sealed class RationaleSessions(ISandbox sandbox, WorkerOptions options, TimeProvider time) : IAsyncDisposable
{
    private const int LostTries = 3;
    private readonly SemaphoreSlim places = new(options.Sandboxes);
    private readonly Lock gate = new();
    private readonly Dictionary<string, Held> idle = [];
    private int atWork;

    /// <summary>Runs the last block, after the earlier ones. Waits while <see cref="WorkerOptions.Sandboxes"/> others run.</summary>
    /// <exception cref="SandboxUnavailableException">No sandbox is to be had, or one was lost again and again.</exception>
    public async Task<SandboxOutcome> RunAsync(string rationale, ImmutableArray<string> blocks, TimeSpan limit, CancellationToken cancellationToken)
    {
        await places.WaitAsync(cancellationToken);
        Held? held = null;
        try
        {
            held = await BorrowAsync(rationale, blocks);
            var wait = options.FirstWait;
            for (var tries = 1; ; tries++)
            {
                held ??= new(await sandbox.OpenAsync(cancellationToken));
                var outcome = await ReplayAsync(held, blocks, limit, cancellationToken);
                if (outcome is not SandboxOutcome.Lost lost)
                    return outcome;
                await held.Session.DisposeAsync();
                held = null;
                if (tries == LostTries)
                    throw new SandboxUnavailableException($"{LostTries} sandboxes were lost under the same code block, the last one so: {lost.Reason}");
                await Task.Delay(wait, time, cancellationToken);
                wait = wait * 2 < options.LongestWait ? wait * 2 : options.LongestWait;
            }
        }
        finally
        {
            await GiveBackAsync(rationale, held);
        }
    }

    /// <summary>Closes what waited too long.</summary>
    public async Task CloseIdleAsync()
    {
        foreach (var old in Remove(held => held.Since + options.SandboxIdle <= time.GetUtcNow()))
            await old.Session.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var held in Remove(_ => true))
            await held.Session.DisposeAsync();
        places.Dispose();
    }

    /// <summary>Takes this rationale's interpreter if it stands exactly before the last block. Otherwise makes room for a new one.</summary>
    private async Task<Held?> BorrowAsync(string rationale, ImmutableArray<string> blocks)
    {
        Held? mine;
        Held? inTheWay = null;
        lock (gate)
        {
            atWork++;
            if (idle.Remove(rationale, out mine) && !mine.StandsBefore(blocks))
                (inTheWay, mine) = (mine, null);
            else if (atWork + idle.Count > options.Sandboxes)
                idle.Remove(idle.MinBy(held => held.Value.Since).Key, out inTheWay);
        }

        if (inTheWay is not null)
            await inTheWay.Session.DisposeAsync();
        return mine;
    }

    private static async Task<SandboxOutcome> ReplayAsync(Held held, ImmutableArray<string> blocks, TimeSpan limit, CancellationToken cancellationToken)
    {
        SandboxOutcome? outcome = null;
        foreach (var block in blocks.AsSpan()[held.Done.Length..].ToArray())
        {
            held.Running = true;
            outcome = await held.Session.RunAsync(block, limit, cancellationToken);
            held.Done = held.Done.Add(block);
            if (outcome is SandboxOutcome.Lost)
                break;
            held.Running = false;
        }

        return outcome ?? throw new ArgumentException("There is no block to run.", nameof(blocks));
    }

    /// <summary>Keeps an interpreter for its rationale's next block; one that a block did not end in order, or that came a second time, is closed.</summary>
    private async Task GiveBackAsync(string rationale, Held? held)
    {
        Held? closed;
        lock (gate)
        {
            atWork--;
            if (held is null or { Running: true })
            {
                closed = held;
            }
            else
            {
                held.Since = time.GetUtcNow();
                idle.Remove(rationale, out closed);
                idle.Add(rationale, held);
            }
        }

        try
        {
            if (closed is not null)
                await closed.Session.DisposeAsync();
        }
        finally
        {
            places.Release();
        }
    }

    private List<Held> Remove(Func<Held, bool> which)
    {
        lock (gate)
        {
            var closed = idle.Where(held => which(held.Value)).ToList();
            foreach (var (rationale, _) in closed)
                idle.Remove(rationale);
            return [.. closed.Select(held => held.Value)];
        }
    }

    private sealed class Held(ISandboxSession session)
    {
        public ISandboxSession Session { get; } = session;

        public ImmutableArray<string> Done { get; set; } = [];

        public DateTimeOffset Since { get; set; }

        /// <summary>Whether a block was begun and not ended in order: by an exception or the loss of the container.</summary>
        public bool Running { get; set; }

        public bool StandsBefore(ImmutableArray<string> blocks) =>
            Done.Length == blocks.Length - 1 && Done.AsSpan().SequenceEqual(blocks.AsSpan()[..^1]);
    }
}
