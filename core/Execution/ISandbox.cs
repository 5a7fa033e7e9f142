namespace GenPrm.Core.Execution;

/// <summary>The seam between the method and the place where generated Python runs.</summary>
public interface ISandbox
{
    /// <summary>Opens an interpreter for one rationale (or one path of a judge). Waits while the pool is busy.</summary>
    /// <exception cref="SandboxUnavailableException">There is no sandbox to be had, with the remedy in the message.</exception>
    Task<ISandboxSession> OpenAsync(CancellationToken cancellationToken);
}

/// <summary>One interpreter. Its blocks see each other's names and nothing of any other session. Disposing it ends every process and
/// removes every file that it left.</summary>
public interface ISandboxSession : IAsyncDisposable
{
    /// <summary>Runs one block and returns what became of it. One block at a time. After <see cref="SandboxOutcome.TimedOut"/>,
    /// <see cref="SandboxOutcome.OutOfMemory"/>, <see cref="SandboxOutcome.OutputTooLarge"/> the interpreter's names may be gone; after
    /// <see cref="SandboxOutcome.Lost"/> the session is over.</summary>
    /// <param name="code">The block.</param>
    /// <param name="limit">The time it may take; null for the sandbox's own limit.</param>
    /// <param name="cancellationToken">Gives up on the block.</param>
    Task<SandboxOutcome> RunAsync(string code, TimeSpan? limit, CancellationToken cancellationToken);

    /// <summary>As above, with the sandbox's own time limit.</summary>
    Task<SandboxOutcome> RunAsync(string code, CancellationToken cancellationToken) => RunAsync(code, null, cancellationToken);
}

/// <summary>No sandbox can be had on this machine; the message says what was found and what to do.</summary>
public sealed class SandboxUnavailableException : Exception
{
    /// <summary>Why there is none.</summary>
    public SandboxTrouble Trouble { get; init; }

    public SandboxUnavailableException()
    {
    }

    public SandboxUnavailableException(string message)
        : base(message)
    {
    }

    public SandboxUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Why no sandbox is to be had.</summary>
public enum SandboxTrouble
{
    /// <summary>The engine, its image or a container of it: the code that was to run has no part in it.</summary>
    Absent,

    /// <summary>There are sandboxes, and more callers wait for them than may.</summary>
    Busy,

    /// <summary>They are lost one after the other under the same code, which may be what ends them.</summary>
    Lost,
}
