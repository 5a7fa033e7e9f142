using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Net;
using GenPrm.Client.CommandLine;
using GenPrm.Grains.Hosting;
using GenPrm.Silo.Hosting;
using GenPrm.Trainer.Serving;
using Microsoft.Extensions.Hosting;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm silo</c>: one worker host of a cluster, until it is stopped.</summary>
public static class SiloCommand
{
    public static Command Create()
    {
        var roles = new Option<string[]>("--roles") { Description = "Any of coordinate, generate, sandbox, train", AllowMultipleArgumentsPerToken = true, Required = true, HelpName = "role" };
        var redis = new Option<string>("--redis") { Description = "The Redis server of the cluster", Required = true, HelpName = "host:port" };
        var address = new Option<string>("--address") { Description = "The address that the others reach this silo at", DefaultValueFactory = _ => "127.0.0.1", HelpName = "ip" };
        var siloPort = new Option<int>("--silo-port") { Description = "Where silos connect; 0 takes a free port", HelpName = "port" };
        var gatewayPort = new Option<int>("--gateway-port") { Description = "Where clients connect; 0 takes a free port", HelpName = "port" };
        var model = new Option<string[]>("--model") { Description = "A model served by this name; folders need none", HelpName = "name=folder" };
        var serve = new Option<string[]>("--serve") { Description = "Role train: a model served over HTTP, FOLDER or NAME=FOLDER", HelpName = "model" };
        var http = new Option<string>("--http") { Description = "Role train: where HTTP listens; other than this machine's own only with a token", DefaultValueFactory = _ => "127.0.0.1:8000", HelpName = "ip:port" };
        Option<string?> token = ServingFlags.Token();
        var command = new ExampleCommand("silo", "Host one silo of a cluster, until it is stopped")
        {
            Examples =
            [
                ("genprm silo --roles coordinate --redis redis:6379 --address 10.0.0.5", "A silo for the grains."),
                ("genprm silo --roles generate --redis redis:6379 --model policy=/models/qwen --device cuda:0", "A silo for one GPU."),
                ("genprm silo --roles train --redis redis:6379 --serve /runs/a/last --http 127.0.0.1:8000", "A silo that serves a trained verifier over HTTP."),
            ],
        };
        foreach (Option option in new Option[] { roles, redis, address, siloPort, gatewayPort, model, serve, http, token })
            command.Options.Add(option);
        var devices = new DeviceOptions(command);
        command.Does(async (parsed, cancellation) =>
        {
            if (!IPAddress.TryParse(parsed.GetValue(address), out IPAddress? reached))
                throw new CommandException($"--address is '{parsed.GetValue(address)}'; it takes an IP address.", ExitCodes.Usage);
            ImmutableArray<SiloRole> wanted = [.. parsed.GetValue(roles)!.SelectMany(text => text.Split(',')).Select(Role).Distinct()];
            ImmutableDictionary<string, string> served = ServingFlags.Models(parsed.GetValue(serve) ?? []);
            if (wanted.Contains(SiloRole.Train) == served.IsEmpty)
                throw new CommandException("The role train serves models, and nothing else does: give --roles train and --serve MODEL, both or neither.", ExitCodes.Usage);
            ImmutableDictionary<string, string> named = Models(parsed.GetValue(model) ?? []);
            if (served.Keys.FirstOrDefault(named.ContainsKey) is { } twice)
                throw new CommandException($"--serve and --model both name {twice}. Give one of them another name: NAME=FOLDER.", ExitCodes.Usage);
            ServingOptions? serving = served.IsEmpty ? null : Serving(served, parsed.GetValue(http)!, parsed.GetValue(token));
            using IHost silo = SiloHost.Build(
                new HostSettings
                {
                    Roles = wanted,
                    Redis = parsed.GetValue(redis)!,
                    Address = reached,
                    SiloPort = parsed.GetValue(siloPort),
                    GatewayPort = parsed.GetValue(gatewayPort),
                    Generate = devices.Read(parsed) with { Models = named.AddRange(served) },
                },
                services =>
                {
                    if (serving is not null)
                        services.AddInferenceServer(serving);
                });
            await silo.StartAsync(cancellation);
            await Console.Error.WriteLineAsync("The silo is up. Ctrl-C stops it.");
            try
            {
                await silo.WaitForShutdownAsync(cancellation);
            }
            finally
            {
                await silo.StopAsync(CancellationToken.None);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static SiloRole Role(string text) => Enum.TryParse(text, ignoreCase: true, out SiloRole role) && Enum.IsDefined(role)
        ? role
        : throw new CommandException($"--roles names '{text}'; there are coordinate, generate, sandbox and train.", ExitCodes.Usage);

    private static ServingOptions Serving(ImmutableDictionary<string, string> models, string http, string? token)
    {
        int colon = http.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(http[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port))
            throw new CommandException($"--http is '{http}'; it takes an address and a port, such as 127.0.0.1:8000.", ExitCodes.Usage);
        ServingOptions options = ServingFlags.Options(models, ServingFlags.Address("--http", http[..colon].Trim('[', ']')), port, token);
        // The silo itself has to stop in the time that is left.
        return options with { DrainTime = TimeSpan.FromSeconds(20) };
    }

    private static ImmutableDictionary<string, string> Models(string[] pairs) => pairs.ToImmutableDictionary(
        pair => pair.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals ? pair[..equals] : throw new CommandException($"--model {pair}: write name=folder.", ExitCodes.Usage),
        pair => Path.GetFullPath(pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]));
}
