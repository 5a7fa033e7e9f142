using System.Collections.Immutable;
using GenPrm.Core.Execution;

namespace GenPrm.Grains.Workers;

/// <summary>Interpreters that wait for their rationales' next blocks. One that is lost, idle for long, or in the way of another rationale is closed;
/// when its rationale comes back, the earlier blocks are replayed in a new one: that costs time, never correctness.</summary>
internal sealed class RationaleSessions(ISandbox sandbox, WorkerOptions options, TimeProvider time) : IAsyncDisposable
{
    private const int LostTries = 3;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Held> idle = [];

    /// <summary>Runs the last block, after the earlier ones.</summary>
    /// <exception cref="SandboxUnavailableException">No sandbox is to be had, or one was lost again and again.</exception>
    public async Task<SandboxOutcome> RunAsync(string rationale, ImmutableArray<string> blocks, TimeSpan limit, CancellationToken cancellationToken)
    {
        var held = await BorrowAsync(rationale, blocks);
        for (var tries = 1; ; tries++)
        {
            var outcome = await ReplayAsync(held ??= new(await sandbox.OpenAsync(cancellationToken)), blocks, limit, cancellationToken);
            if (outcome is not SandboxOutcome.Lost lost)
            {
                await KeepAsync(rationale, held);
                return outcome;
            }

            await held.Session.DisposeAsync();
            held = null;
            if (tries == LostTries)
                throw new SandboxUnavailableException($"{LostTries} sandboxes were lost under the same code block, the last one so: {lost.Reason}");
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
    }

    /// <summary>Takes this rationale's interpreter if it stands exactly before the last block. Otherwise makes room for a new one.</summary>
    private async Task<Held?> BorrowAsync(string rationale, ImmutableArray<string> blocks)
    {
        Held? mine;
        Held? inTheWay = null;
        lock (gate)
        {
            if (idle.Remove(rationale, out mine) && !mine.StandsBefore(blocks))
                (inTheWay, mine) = (mine, null);
            else if (mine is null && idle.Count >= options.Sandboxes)
                idle.Remove(idle.MinBy(held => held.Value.Since).Key, out inTheWay);
        }

        if (inTheWay is not null)
            await inTheWay.Session.DisposeAsync();
        return mine;
    }

    private static async Task<SandboxOutcome> ReplayAsync(Held held, ImmutableArray<string> blocks, TimeSpan limit, CancellationToken cancellationToken)
    {
        SandboxOutcome? outcome = null;
        try
        {
            foreach (var block in blocks.AsSpan()[held.Done.Length..].ToArray())
            {
                outcome = await held.Session.RunAsync(block, limit, cancellationToken);
                held.Done = held.Done.Add(block);
                if (outcome is SandboxOutcome.Lost)
                    break;
            }
        }
        catch
        {
            await held.Session.DisposeAsync();
            throw;
        }

        return outcome ?? throw new ArgumentException("There is no block to run.", nameof(blocks));
    }

    private async Task KeepAsync(string rationale, Held held)
    {
        Held? inTheWay = null;
        lock (gate)
        {
            held.Since = time.GetUtcNow();
            if (idle.Remove(rationale, out inTheWay) || idle.Count < options.Sandboxes || idle.Remove(idle.MinBy(other => other.Value.Since).Key, out inTheWay))
                idle.Add(rationale, held);
        }

        if (inTheWay is not null)
            await inTheWay.Session.DisposeAsync();
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

        public bool StandsBefore(ImmutableArray<string> blocks) =>
            Done.Length == blocks.Length - 1 && Done.AsSpan().SequenceEqual(blocks.AsSpan()[..^1]);
    }
}
