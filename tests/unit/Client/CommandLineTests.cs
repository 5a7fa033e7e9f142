using System.CommandLine;
using GenPrm.Client;
using GenPrm.Client.CommandLine;
using GenPrm.Silo.Store;

namespace GenPrm.Tests.Client;

public sealed class CommandLineTests
{
    public static TheoryData<string> Commands() => [.. Paths(GenPrmCommand.Create(), "")];

    private static IEnumerable<string> Paths(Command command, string path) => command.Subcommands.SelectMany(sub =>
        sub.Subcommands.Count > 0 ? Paths(sub, $"{path} {sub.Name}".Trim()) : [$"{path} {sub.Name}".Trim()]);

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_OfEveryCommand_EndsWithExamplesThatParse(string path)
    {
        RootCommand root = GenPrmCommand.Create();
        using var output = new StringWriter();

        int code = await root.Parse([.. path.Split(' '), "--help"]).InvokeAsync(new InvocationConfiguration { Output = output }, TestContext.Current.CancellationToken);

        Assert.Equal(0, code);
        string help = output.ToString();
        Assert.Contains("Examples:", help, StringComparison.Ordinal);
        string[] examples = [.. help[help.IndexOf("Examples:", StringComparison.Ordinal)..].Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("genprm ", StringComparison.Ordinal))];
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Empty(root.Parse(example["genprm ".Length..]).Errors));
    }

    [Fact]
    public async Task Guard_ExpectedError_BecomesAMessageAndItsExitCode()
    {
        using var errors = new StringWriter();

        int code = await ExpectedErrors.GuardAsync(() => throw new StoreException("The store is elsewhere."), errors, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Unavailable, code);
        Assert.Equal("genprm: The store is elsewhere.", errors.ToString().Trim());
    }

    [Fact]
    public async Task Guard_Bug_KeepsItsException() =>
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => ExpectedErrors.GuardAsync(() => throw new InvalidOperationException(), TextWriter.Null, TestContext.Current.CancellationToken));

    [Fact]
    public async Task Guard_Cancelled_SaysInterrupted()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        Assert.Equal(ExitCodes.Interrupted, await ExpectedErrors.GuardAsync(() => Task.FromCanceled<int>(stopped.Token), TextWriter.Null, stopped.Token));
    }
}
