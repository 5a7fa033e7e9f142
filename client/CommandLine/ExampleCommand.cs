using System.CommandLine;

namespace GenPrm.Client.CommandLine;

/// <summary>A command whose <c>--help</c> ends with examples.</summary>
public sealed class ExampleCommand(string name, string description) : Command(name, description)
{
    /// <summary>Whole command lines as a user types them, each with a few words about it.</summary>
    public IReadOnlyList<(string Line, string About)> Examples { get; init; } = [];

    /// <summary>What the command does. Expected errors become a message and an exit code.</summary>
    public void Does(Func<ParseResult, CancellationToken, Task<int>> action) =>
        SetAction((parsed, cancellation) => ExpectedErrors.GuardAsync(() => action(parsed, cancellation), parsed.InvocationConfiguration.Error, cancellation));
}
