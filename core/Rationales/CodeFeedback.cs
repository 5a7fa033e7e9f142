using GenPrm.Core.Execution;

namespace GenPrm.Core.Rationales;

/// <summary>What a code block's outcome says to the judge. The strings are an interface: released weights were trained on them (section 7).</summary>
public static class CodeFeedback
{
    /// <summary>The line that heads fed-back output.</summary>
    public const string Heading = "[Code Output]";

    /// <summary>The text in place of output where a block had no Python in it.</summary>
    public const string NoCode = "Code format error: No code found.";

    private const string TimedOut = "Code execute time out: Code execution timed out";
    private const string TooMuch = "Code execute Error: OSError: too much output";

    /// <summary>The whole block that is appended behind the code.</summary>
    public static string Fence(string text) => $"{Heading}\n\n```\n{text}\n```\n";

    /// <summary>The text of an outcome and its class. Errors take the place of the output.</summary>
    /// <param name="outcome">What the sandbox said.</param>
    /// <param name="characters">The most characters of output that are fed back.</param>
    /// <exception cref="ArgumentException">The sandbox was lost: there is nothing to say, the blocks are to be run again.</exception>
    public static (string Text, BlockClass Class) Of(SandboxOutcome outcome, int characters) => outcome switch
    {
        SandboxOutcome.Completed completed when completed.Output.Trim() is var printed => printed.Length <= characters
            ? (printed, BlockClass.Completed)
            : (TooMuch, BlockClass.OutputTooLarge),
        SandboxOutcome.Failed failed => (
            Cut($"Code execute Error: {failed.ErrorType}: {failed.Message}", characters),
            failed.ErrorType is "SyntaxError" or "IndentationError" or "TabError" ? BlockClass.SyntaxError : BlockClass.Failed),
        SandboxOutcome.TimedOut => (TimedOut, BlockClass.TimedOut),
        SandboxOutcome.OutOfMemory => ("Code execute Error: MemoryError: out of memory", BlockClass.OutOfMemory),
        SandboxOutcome.OutputTooLarge => (TooMuch, BlockClass.OutputTooLarge),
        _ => throw new ArgumentException($"no feedback can be made of {outcome.GetType().Name}: run the rationale's blocks again in another sandbox", nameof(outcome)),
    };

    /// <summary>At most that many characters of a text, never half a surrogate pair.</summary>
    internal static string Cut(string text, int characters) =>
        text.Length <= characters ? text : text[..(characters > 0 && char.IsHighSurrogate(text[characters - 1]) ? characters - 1 : characters)];
}
