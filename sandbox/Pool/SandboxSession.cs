using System.Text;
using GenPrm.Core.Execution;
using GenPrm.Sandbox.Protocol;

namespace GenPrm.Sandbox.Pool;

/// <summary>One rationale's interpreter. It holds a container from its opening to its end.</summary>
internal sealed class SandboxSession(Slot slot, SandboxOptions options, TimeProvider time, Func<Slot, Task> giveBack) : ISandboxSession
{
    private readonly CancellationTokenSource ending = new();
    private Task block = Task.CompletedTask;
    private int running;
    private bool over;
    private bool disposed;

    public async Task<SandboxOutcome> RunAsync(string code, TimeSpan? limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(code);
        ObjectDisposedException.ThrowIf(disposed, this);
        if (over)
            throw new InvalidOperationException("This session's container was lost. Open another session and run the rationale's blocks again.");
        if (Interlocked.Exchange(ref running, 1) == 1)
            throw new InvalidOperationException("A block is running in this session; one at a time.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending.Token);
        var run = RunBlockAsync(code, limit, stop.Token);
        block = run;
        return await run;
    }

    /// <summary>Ends the rationale. A block that still runs is stopped and waited for: the container is another rationale's next.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        await ending.CancelAsync();
        await block.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
        await giveBack(slot);
    }

    private async Task<SandboxOutcome> RunBlockAsync(string code, TimeSpan? limit, CancellationToken cancellationToken)
    {
        try
        {
            var start = time.GetTimestamp();
            // A lone surrogate, which is no text, becomes U+FFFD.
            var bytes = Encoding.UTF8.GetBytes(code);
            if (bytes.Length > options.CodeBytes)
            {
                return new SandboxOutcome.Failed(
                    "", time.GetElapsedTime(start), "OverflowError", $"the code is {bytes.Length} bytes long; {options.CodeBytes} are allowed");
            }
            // After a time-out or the like the names are gone anyway, so another container may do the rest.
            var container = await slot.ReadyAsync(cancellationToken);
            var output = new OutputText(options.OutputBytes);
            var end = await container.RunAsync(bytes, output, limit ?? options.BlockTime, cancellationToken);
            var outcome = end.ToOutcome(output.ToString(), time.GetElapsedTime(start));
            over = outcome is SandboxOutcome.Lost;
            return outcome;
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }
}
