using System.Collections.Concurrent;
using GenPrm.Core.Execution;

namespace GenPrm.Tests.Unit.Verification;

/// <summary>Prints what <c>print(…)</c> names and runs nothing.</summary>
internal sealed class PrintingSandbox : ISandbox
{
    private int _opened;

    /// <summary>The code of each session, in order.</summary>
    public ConcurrentDictionary<int, ConcurrentQueue<string>> Ran { get; } = [];

    public ConcurrentDictionary<int, bool> Open { get; } = [];

    public int MostOpen { get; private set; }

    /// <summary>Whether a session's container goes away under its n-th block.</summary>
    public Func<int, int, bool> Loses { get; set; } = (_, _) => false;

    public Func<string, string> Prints { get; set; } = code => code.Trim().Replace("print(", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal);

    public Task<ISandboxSession> OpenAsync(CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _opened);
        lock (Open)
        {
            Open[number] = true;
            MostOpen = Math.Max(MostOpen, Open.Count);
        }

        Ran[number] = [];
        return Task.FromResult<ISandboxSession>(new Session(this, number));
    }

    private sealed class Session(PrintingSandbox sandbox, int number) : ISandboxSession
    {
        public Task<SandboxOutcome> RunAsync(string code, TimeSpan? limit, CancellationToken cancellationToken)
        {
            sandbox.Ran[number].Enqueue(code);
            return Task.FromResult<SandboxOutcome>(sandbox.Loses(number, sandbox.Ran[number].Count)
                ? new SandboxOutcome.Lost("", TimeSpan.Zero, "the script says so")
                : new SandboxOutcome.Completed(sandbox.Prints(code), TimeSpan.Zero));
        }

        public ValueTask DisposeAsync()
        {
            sandbox.Open.TryRemove(number, out _);
            return ValueTask.CompletedTask;
        }
    }
}
