using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using GenPrm.Client.CommandLine;
using GenPrm.Grains.Hosting;
using GenPrm.Silo.Hosting;
using Microsoft.Extensions.Hosting;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm silo</c>: one worker host of a cluster, until it is stopped.</summary>
public static class SiloCommand
{
    public static Command Create()
    {
        var roles = new Option<string[]>("--roles") { Description = "Any of coordinate, generate, sandbox", AllowMultipleArgumentsPerToken = true, Required = true, HelpName = "role" };
        var redis = new Option<string>("--redis") { Description = "The Redis server of the cluster", Required = true, HelpName = "host:port" };
        var address = new Option<string>("--address") { Description = "The address that the others reach this silo at", DefaultValueFactory = _ => "127.0.0.1", HelpName = "ip" };
        var siloPort = new Option<int>("--silo-port") { Description = "Where silos connect; 0 takes a free port", HelpName = "port" };
        var gatewayPort = new Option<int>("--gateway-port") { Description = "Where clients connect; 0 takes a free port", HelpName = "port" };
        var model = new Option<string[]>("--model") { Description = "A model served by this name; folders need none", HelpName = "name=folder" };
        var command = new ExampleCommand("silo", "Host one silo of a cluster, until it is stopped")
        {
            Examples =
            [
                ("genprm silo --roles coordinate --redis redis:6379 --address 10.0.0.5", "A silo for the grains."),
                ("genprm silo --roles generate --redis redis:6379 --model policy=/models/qwen --device cuda:0", "A silo for one GPU."),
            ],
        };
        foreach (Option option in new Option[] { roles, redis, address, siloPort, gatewayPort, model })
            command.Options.Add(option);
        var devices = new DeviceOptions(command);
        command.Does(async (parsed, cancellation) =>
        {
            if (!IPAddress.TryParse(parsed.GetValue(address), out IPAddress? reached))
                throw new CommandException($"--address is '{parsed.GetValue(address)}'; it takes an IP address.", ExitCodes.Usage);
            using IHost silo = SiloHost.Build(new HostSettings
            {
                Roles = [.. parsed.GetValue(roles)!.SelectMany(text => text.Split(',')).Select(Role).Distinct()],
                Redis = parsed.GetValue(redis)!,
                Address = reached,
                SiloPort = parsed.GetValue(siloPort),
                GatewayPort = parsed.GetValue(gatewayPort),
                Generate = devices.Read(parsed) with { Models = Models(parsed.GetValue(model) ?? []) },
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

    private static SiloRole Role(string text) => Enum.TryParse(text, ignoreCase: true, out SiloRole role) && Enum.IsDefined(role) && role != SiloRole.Train
        ? role
        : throw new CommandException($"--roles names '{text}'; there are coordinate, generate and sandbox.", ExitCodes.Usage);

    private static ImmutableDictionary<string, string> Models(string[] pairs) => pairs.ToImmutableDictionary(
        pair => pair.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals ? pair[..equals] : throw new CommandException($"--model {pair}: write name=folder.", ExitCodes.Usage),
        pair => Path.GetFullPath(pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]));
}
