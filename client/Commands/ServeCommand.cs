using System.Collections.Immutable;
using System.CommandLine;
using GenPrm.Client.CommandLine;
using GenPrm.Model.Engine;
using GenPrm.Sandbox;
using GenPrm.Silo.Hosting;
using GenPrm.Trainer.Serving;
using Microsoft.Extensions.Logging;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm serve</c>: models over HTTP in OpenAI's form, in this process, until it is stopped.</summary>
public static class ServeCommand
{
    public static Command Create()
    {
        var models = new Argument<string[]>("models") { Description = "Hugging Face folders: FOLDER, or NAME=FOLDER", Arity = ArgumentArity.OneOrMore, HelpName = "model" };
        var host = new Option<string>("--host") { Description = "The address to listen on; other than this machine's own only with a token", DefaultValueFactory = _ => "127.0.0.1", HelpName = "ip" };
        var port = new Option<int>("--port") { Description = "The port to listen on; 0 takes a free one", DefaultValueFactory = _ => 8000, HelpName = "port" };
        Option<string?> token = ServingFlags.Token();
        var memory = new Option<int>("--kv-mib") { Description = "Memory for keys and values of each model, in MiB", DefaultValueFactory = _ => 1024, HelpName = "MiB" };
        var command = new ExampleCommand("serve", "Serve models over HTTP, as OpenAI does: chat, completions, step rewards")
        {
            Examples =
            [
                ("genprm serve MODEL", "http://127.0.0.1:8000/v1 for any OpenAI client."),
                ("genprm serve policy=models/qwen judge=runs/a/last --port 0", "Two models by names, on a free port."),
                ("GENPRM_TOKEN=... genprm serve MODEL --host 0.0.0.0", "For other machines; clients send the token as their API key."),
            ],
        };
        command.Arguments.Add(models);
        foreach (Option option in new Option[] { host, port, token, memory })
            command.Options.Add(option);
        var devices = new DeviceOptions(command);
        command.Does(async (parsed, cancellation) =>
        {
            ImmutableDictionary<string, string> folders = ServingFlags.Models(parsed.GetValue(models)!);
            ServingOptions options = ServingFlags.Options(
                folders, ServingFlags.Address("--host", parsed.GetValue(host)!), parsed.GetValue(port), parsed.GetValue(token));
            if (parsed.GetValue(memory) < 1)
                throw new CommandException($"--kv-mib is {parsed.GetValue(memory)}; it must be at least 1.", ExitCodes.Usage);
            GenerateSettings device = devices.Read(parsed);
            await using var generator = new LocalGenerator(
                folders, new EngineOptions { Device = device.Device, Dtype = device.Dtype, KeyValueBytes = (long)parsed.GetValue(memory) << 20 });
            using ILoggerFactory logs = LoggerFactory.Create(logging => logging
                .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "))
                .AddFilter("Microsoft", LogLevel.Warning));
            // It starts with the first judgement that runs code.
            await using var sandbox = new DockerSandbox(new SandboxOptions(), TimeProvider.System, logs.CreateLogger<DockerSandbox>());
            await Console.Error.WriteLineAsync($"Loading {string.Join(", ", options.Models)} ...");
            await using InferenceServer server = await InferenceServer.StartAsync(options, generator, sandbox, logs, TimeProvider.System, cancellation);
            await Console.Error.WriteLineAsync($"Listening on {server.Url}v1. Ctrl-C stops it; requests that are being answered are waited for.");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return ExitCodes.Done;
        });
        return command;
    }
}
