using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using GenPrm.Sandbox;
using GenPrm.Trainer.Serving;
using GenPrm.Trainer.Verification;

namespace GenPrm.Client.CommandLine;

/// <summary>What <c>genprm serve</c> and a trainer silo say alike about the HTTP endpoint: models, and who may ask.</summary>
internal static class ServingFlags
{
    /// <summary>Keeps the token out of lists of processes.</summary>
    public const string TokenVariable = "GENPRM_TOKEN";

    public static Option<string?> Token() => new("--token")
    {
        Description = $"What callers must send as their API key [default: ${TokenVariable}, else none, on this machine only]",
        HelpName = "token",
    };

    public static string? Token(string? given) => given ?? (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } set ? set : null);

    /// <summary>Name → folder, of <c>FOLDER</c> or <c>NAME=FOLDER</c>. A folder's own name is its model's.</summary>
    /// <exception cref="CommandException">A folder is not there, or two have one name.</exception>
    public static ImmutableDictionary<string, string> Models(IEnumerable<string> given)
    {
        var models = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (string text in given)
        {
            int equals = Directory.Exists(text) ? -1 : text.IndexOf('=', StringComparison.Ordinal);
            string folder = Path.GetFullPath(text[(equals + 1)..]);
            if (equals == 0 || !Directory.Exists(folder))
                throw new CommandException($"The model {text} has no folder {folder}. Give a Hugging Face checkpoint: FOLDER, or NAME=FOLDER.", ExitCodes.Usage);
            string name = equals > 0 ? text[..equals] : Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
            if (!models.TryAdd(name, folder))
                throw new CommandException($"Two models have the name {name}. Give them names: NAME=FOLDER.", ExitCodes.Usage);
        }

        return models.ToImmutable();
    }

    public static IPAddress Address(string option, string text) => text == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(text, out IPAddress? address) ? address
        : throw new CommandException($"{option} is '{text}'; it takes an IP address, or localhost.", ExitCodes.Usage);

    public static ServingOptions Options(ImmutableDictionary<string, string> folders, IPAddress address, int port, string? token)
    {
        var options = new ServingOptions
        {
            Models = [.. folders.Keys.Order(StringComparer.Ordinal)],
            Address = address,
            Port = port,
            Token = Token(token),
            Interpreters = new SandboxOptions().Containers,
        };
        options.Validate();
        return options with { Judges = folders.ToImmutableDictionary(model => model.Key, model => JudgeModel.Inspect(model.Value)) };
    }
}
