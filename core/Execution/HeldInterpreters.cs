using System.Collections.Immutable;

namespace GenPrm.Core.Execution;

/// <summary>Interpreters that wait for their owners' next blocks: an owner is a rationale, or a path of a judge. One that is lost, idle for long, or in the way of
/// another owner is closed; when its owner comes back, the earlier blocks are replayed in a new one: that costs time, never correctness.</summary>
/// <remarks>Those at work and those that wait are never more than <paramref name="most"/> together, since each holds a container: an owner that comes must not wait
/// for a container that an idle interpreter has.</remarks>
/// <param name="sandbox">Where they come from.</param>
/// <param name="most">No more than the sandbox has containers.</param>
/// <param name="idleTime">After it <see cref="CloseIdleAsync"/> closes an interpreter that no block came for.</param>
/// <param name="firstWait">Before a lost one is tried again; it doubles, up to 2 s.</param>
/// <param name="time">Tells the time.</param>
public sealed class HeldInterpreters(ISandbox sandbox, int most, TimeSpan idleTime, TimeSpan firstWait, TimeProvider time) : IAsyncDisposable
{
    private const int LostTries = 3;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim places = new(most);
    private readonly Lock gate = new();
    private readonly Dictionary<string, Held> idle = [];
    private int atWork;
    private bool disposed;

    /// <summary>Runs the last block, after the earlier ones. Waits while as many others run as there may be. One call at a time for an owner.</summary>
    /// <param name="owner">Whose interpreter it is.</param>
    /// <param name="blocks">All code of the owner so far, in order, the new block last.</param>
    /// <param name="limit">The time of one block; null for the sandbox's own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The last block's outcome; never <see cref="SandboxOutcome.Lost"/>.</returns>
    /// <exception cref="SandboxUnavailableException">No sandbox is to be had, or one was lost again and again.</exception>
    public async Task<SandboxOutcome> RunAsync(string owner, ImmutableArray<string> blocks, TimeSpan? limit, CancellationToken cancellationToken)
    {
        await places.WaitAsync(cancellationToken);
        Held? held = null;
        try
        {
            held = await BorrowAsync(owner, blocks);
            var wait = firstWait;
            for (var tries = 1; ; tries++)
            {
                held ??= new(await sandbox.OpenAsync(cancellationToken));
                var outcome = await ReplayAsync(held, blocks, limit, cancellationToken);
                if (outcome is not SandboxOutcome.Lost lost)
                    return outcome;
                await held.Session.DisposeAsync();
                held = null;
                if (tries == LostTries)
                {
                    throw new SandboxUnavailableException($"{LostTries} sandboxes were lost under the same code block, the last one so: {lost.Reason}")
                    {
                        Trouble = SandboxTrouble.Lost,
                    };
                }


                await Task.Delay(wait, time, cancellationToken);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
        finally
        {
            await GiveBackAsync(owner, held);
        }
    }

    /// <summary>Closes an owner's interpreter: no block will come.</summary>
    public async Task CloseAsync(string owner)
    {
        Held? mine;
        lock (gate)
            idle.Remove(owner, out mine);
        if (mine is not null)
            await mine.Session.DisposeAsync();
    }

    /// <summary>Closes what waited too long.</summary>
    public async Task CloseIdleAsync()
    {
        foreach (var old in Remove(held => held.Since + idleTime <= time.GetUtcNow()))
            await old.Session.DisposeAsync();
    }

    /// <summary>Closes all; one that runs a block is closed after it.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
            disposed = true;
        foreach (var held in Remove(_ => true))
            await held.Session.DisposeAsync();
    }

    /// <summary>Takes this owner's interpreter if it stands exactly before the last block. Otherwise makes room for a new one.</summary>
    private async Task<Held?> BorrowAsync(string owner, ImmutableArray<string> blocks)
    {
        Held? mine;
        Held? inTheWay = null;
        lock (gate)
        {
            atWork++;
            if (idle.Remove(owner, out mine) && !mine.StandsBefore(blocks))
                (inTheWay, mine) = (mine, null);
            else if (atWork + idle.Count > most)
                idle.Remove(idle.MinBy(held => held.Value.Since).Key, out inTheWay);
        }

        if (inTheWay is not null)
            await inTheWay.Session.DisposeAsync();
        return mine;
    }

    private static async Task<SandboxOutcome> ReplayAsync(Held held, ImmutableArray<string> blocks, TimeSpan? limit, CancellationToken cancellationToken)
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

    /// <summary>Keeps an interpreter for its owner's next block; one that a block did not end in order, or that came a second time, is closed.</summary>
    private async Task GiveBackAsync(string owner, Held? held)
    {
        Held? closed;
        lock (gate)
        {
            atWork--;
            if (disposed || held is null or { Running: true })
            {
                closed = held;
            }
            else
            {
                held.Since = time.GetUtcNow();
                idle.Remove(owner, out closed);
                idle.Add(owner, held);
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
            foreach (var (owner, _) in closed)
                idle.Remove(owner);
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
