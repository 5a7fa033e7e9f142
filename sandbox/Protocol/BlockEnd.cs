using System.Buffers.Binary;
using System.Text;
using GenPrm.Core.Execution;

namespace GenPrm.Sandbox.Protocol;

/// <summary>How a block ended, as process 1 and the host's clock saw it. Closed.</summary>
internal abstract record BlockEnd
{
    /// <summary>The interpreter says so itself: <c>D</c>, or <c>E</c> (<c>M</c>: for want of memory), the exception's class, NUL, its message.
    /// Untrusted: bytes of any kind.</summary>
    public sealed record Reported(byte[] Report) : BlockEnd;

    /// <summary>The interpreter ended.</summary>
    /// <param name="Status">Its exit code, or minus the signal that killed it.</param>
    /// <param name="OutOfMemory">Whether the kernel killed a process of the container for want of memory meanwhile.</param>
    public sealed record Exited(int Status, bool OutOfMemory) : BlockEnd;

    public sealed record Flooded : BlockEnd;

    public sealed record TimedOut : BlockEnd;

    /// <summary>The container is gone.</summary>
    public sealed record Gone(string Reason, bool OutOfMemory) : BlockEnd;

    private const int SignalKill = -9;

    public SandboxOutcome ToOutcome(string output, TimeSpan elapsed) => this switch
    {
        Reported { Report: [(byte)'D', ..] } => new SandboxOutcome.Completed(output, elapsed),
        Reported { Report: [(byte)'M', ..] } => new SandboxOutcome.OutOfMemory(output, elapsed),
        Reported reported => Failure(reported.Report, output, elapsed),
        Exited { Status: SignalKill, OutOfMemory: true } => new SandboxOutcome.OutOfMemory(output, elapsed),
        // os._exit(0): the program's own way to its end. (sys.exit does not end the interpreter.)
        Exited { Status: 0 } => new SandboxOutcome.Completed(output, elapsed),
        Exited { Status: < 0 } killed => new SandboxOutcome.Failed(output, elapsed, "Killed", $"the interpreter was ended by {Signal(-killed.Status)}"),
        Exited exited => new SandboxOutcome.Failed(output, elapsed, "SystemExit", $"{exited.Status}"),
        Flooded => new SandboxOutcome.OutputTooLarge(output, elapsed),
        TimedOut => new SandboxOutcome.TimedOut(output, elapsed),
        Gone { OutOfMemory: true } => new SandboxOutcome.OutOfMemory(output, elapsed),
        Gone gone => new SandboxOutcome.Lost(output, elapsed, gone.Reason),
        _ => throw new InvalidOperationException($"A block ended in an unknown way, {GetType().Name}."),
    };

    /// <summary>Whether the interpreter lives on, with the names that the block left.</summary>
    public bool KeepsNames => this is Reported;

    /// <summary>Reads the payload of <see cref="Frame.Exited"/>.</summary>
    public static Exited FromExit(ReadOnlySpan<byte> payload) => payload.Length == 5
        ? new Exited(BinaryPrimitives.ReadInt32BigEndian(payload), payload[4] != 0)
        : throw new InvalidDataException($"The end of an interpreter was told in {payload.Length} bytes; it takes 5.");

    private static SandboxOutcome.Failed Failure(byte[] report, string output, TimeSpan elapsed)
    {
        var text = Encoding.UTF8.GetString(report.AsSpan(Math.Min(1, report.Length)));
        var end = text.IndexOf('\0', StringComparison.Ordinal);
        return end > 0
            ? new SandboxOutcome.Failed(output, elapsed, text[..end], text[(end + 1)..])
            : new SandboxOutcome.Failed(output, elapsed, "Unknown", "the interpreter's report was not in its form");
    }

    private static string Signal(int number) => number switch
    {
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => $"signal {number}",
    };
}
