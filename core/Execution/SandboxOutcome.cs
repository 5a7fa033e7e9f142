namespace GenPrm.Core.Execution;

/// <summary>What became of one code block. Closed: the nested cases are all there are.</summary>
/// <param name="Output">Everything the block printed (standard output and error, in order) until it ended, as UTF-8 text.</param>
/// <param name="Elapsed">From request to outcome.</param>
[GenerateSerializer, Immutable, Alias("genprm.sandbox-outcome")]
public abstract record SandboxOutcome([property: Id(0)] string Output, [property: Id(1)] TimeSpan Elapsed)
{
    /// <summary>It ran to its end.</summary>
    [GenerateSerializer, Immutable, Alias("genprm.sandbox-outcome.completed")]
    public sealed record Completed(string Output, TimeSpan Elapsed) : SandboxOutcome(Output, Elapsed);

    /// <summary>It raised an exception, or left the interpreter.</summary>
    /// <param name="ErrorType">The exception's class name, such as <c>ZeroDivisionError</c>.</param>
    /// <param name="Message">The exception's message; with the type it is the traceback's last line.</param>
    [GenerateSerializer, Immutable, Alias("genprm.sandbox-outcome.failed")]
    public sealed record Failed(
        string Output,
        TimeSpan Elapsed,
        [property: Id(0)] string ErrorType,
        [property: Id(1)] string Message) : SandboxOutcome(Output, Elapsed);

    /// <summary>It was stopped at the block's time limit.</summary>
    [GenerateSerializer, Immutable, Alias("genprm.sandbox-outcome.timed-out")]
    public sealed record TimedOut(string Output, TimeSpan Elapsed) : SandboxOutcome(Output, Elapsed);

    /// <summary>It needed more memory than the sandbox has.</summary>
    [GenerateSerializer, Immutable, Alias("genprm.sandbox-outcome.out-of-memory")]
    public sealed record OutOfMemory(string Output, TimeSpan Elapsed) : SandboxOutcome(Output, Elapsed);

    /// <summary>It printed more than the limit; the output is cut there.</summary>
    [GenerateSerializer, Immutable, Alias("genprm.sandbox-outcome.output-too-large")]
    public sealed record OutputTooLarge(string Output, TimeSpan Elapsed) : SandboxOutcome(Output, Elapsed);

    /// <summary>The container went away under it. The rationale's blocks are to be run again in another one.</summary>
    /// <param name="Reason">What was seen.</param>
    [GenerateSerializer, Immutable, Alias("genprm.sandbox-outcome.lost")]
    public sealed record Lost(string Output, TimeSpan Elapsed, [property: Id(0)] string Reason) : SandboxOutcome(Output, Elapsed);
}
