using System.Collections.Immutable;
using GenPrm.Core.Execution;

namespace GenPrm.Trainer.Verification;

/// <summary>The interpreters of verifiers over one sandbox. All that share the sandbox share them, since they are never more than it has containers: with interpreters of
/// their own, one verifier's idle ones would keep the other waiting.</summary>
/// <param name="sandbox">Where they come from; the caller's to dispose, after this.</param>
/// <param name="most">Open at once.</param>
/// <param name="firstWait">Before a lost one is tried again.</param>
/// <param name="time">For delays and idle ones.</param>
public sealed class JudgeInterpreters(ISandbox sandbox, int most, TimeSpan firstWait, TimeProvider time) : IAsyncDisposable
{
    /// <summary>An interpreter whose path thinks for longer gives its container up: others may share the sandbox.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private readonly HeldInterpreters held = new(sandbox, most, Idle, firstWait, time);
    private readonly Lock gate = new();
    private ITimer? idleTimer;

    /// <inheritdoc cref="HeldInterpreters.RunAsync"/>
    public Task<SandboxOutcome> RunAsync(string owner, ImmutableArray<string> blocks, TimeSpan? limit, CancellationToken cancellationToken)
    {
        lock (gate)
            idleTimer ??= time.CreateTimer(_ => _ = held.CloseIdleAsync(), null, Idle, Idle / 2);
        return held.RunAsync(owner, blocks, limit, cancellationToken);
    }

    /// <inheritdoc cref="HeldInterpreters.CloseAsync"/>
    public Task CloseAsync(string owner) => held.CloseAsync(owner);

    /// <summary>Closes all, those that run a block as soon as it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        ITimer? timer;
        lock (gate)
            timer = idleTimer;
        if (timer is not null)
            await timer.DisposeAsync();
        await held.DisposeAsync();
    }
}
