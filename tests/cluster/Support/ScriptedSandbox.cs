using System.Collections.Concurrent;
using GenPrm.Core.Execution;

namespace GenPrm.Tests.Cluster.Support;

/// <summary>A sandbox by hand: it prints what <c>print(…)</c> names and runs nothing. Every so many sessions one is lost at its second block.</summary>
public sealed class ScriptedSandbox : ISandbox
{
    private int _opened;
    private int _refused;

    public int LoseEvery { get; set; } = 5;

    /// <summary>While it is set, there is no sandbox, for this reason.</summary>
    public string? Away { get; set; }

    /// <summary>How often a sandbox was asked for in vain.</summary>
    public int Refused => _refused;

    /// <summary>Interpreters that are open now.</summary>
    public ConcurrentDictionary<int, bool> Open { get; } = [];

    public Task<ISandboxSession> OpenAsync(CancellationToken cancellationToken)
    {
        if (Away is { } reason)
        {
            Interlocked.Increment(ref _refused);
            throw new SandboxUnavailableException(reason);
        }

        var number = Interlocked.Increment(ref _opened);
        Open.TryAdd(number, true);
        return Task.FromResult<ISandboxSession>(new Session(this, number));
    }

    private sealed class Session(ScriptedSandbox sandbox, int number) : ISandboxSession
    {
        private int _blocks;

        public Task<SandboxOutcome> RunAsync(string code, TimeSpan? limit, CancellationToken cancellationToken)
        {
            _blocks++;
            SandboxOutcome outcome = number % sandbox.LoseEvery == 0 && _blocks == 2
                ? new SandboxOutcome.Lost("", TimeSpan.Zero, "the script says so")
                : new SandboxOutcome.Completed(code.Replace("print(", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal), TimeSpan.FromMilliseconds(1));
            return Task.FromResult(outcome);
        }

        public ValueTask DisposeAsync()
        {
            sandbox.Open.TryRemove(number, out _);
            return ValueTask.CompletedTask;
        }
    }
}
