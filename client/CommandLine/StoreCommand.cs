using System.CommandLine;
using GenPrm.Client.Sessions;

namespace GenPrm.Client.CommandLine;

/// <summary>A command that reads or steers jobs: it has <c>--data</c>, <c>--redis</c> and <c>--json</c>, and opens a session that starts no work.</summary>
public sealed class StoreCommand
{
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<string?> _redis = CommonOptions.Redis();
    private readonly Option<bool> _json = CommonOptions.Json();

    public StoreCommand(ExampleCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        Command = command;
        command.Options.Add(_data);
        command.Options.Add(_redis);
        command.Options.Add(_json);
    }

    public ExampleCommand Command { get; }

    public bool Json(ParseResult parsed) => Required(parsed).GetValue(_json);

    public SessionOptions Session(ParseResult parsed) => new()
    {
        Folder = CommonOptions.Folder(Required(parsed).GetValue(_data)),
        Redis = parsed.GetValue(_redis),
    };

    /// <summary>Gives the command its work, in an open session.</summary>
    public Command Does(Func<ParseResult, ClusterSession, CancellationToken, Task<int>> action)
    {
        Command.Does(async (parsed, cancellation) =>
        {
            await using ClusterSession session = await ClusterSession.OpenAsync(Session(parsed), Console.Error.WriteLine, cancellation);
            return await action(parsed, session, cancellation);
        });
        return Command;
    }

    /// <summary>The argument JOB; without it the newest job is meant.</summary>
    public static Argument<string?> JobArgument() => new("job")
    {
        Description = "The job's name, or the beginning of it [default: the newest job]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static ParseResult Required(ParseResult parsed) => parsed ?? throw new ArgumentNullException(nameof(parsed));
}
