using System.CommandLine;
using GenPrm.Silo.Hosting;

namespace GenPrm.Client.CommandLine;

/// <summary>Where models run, for commands that host engines.</summary>
public sealed class DeviceOptions
{
    private readonly Option<string> _device = new("--device") { Description = "Where models run: auto, cpu, cuda:0", HelpName = "device", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> _dtype = new("--dtype") { Description = "In which numbers: auto, bf16, f32", HelpName = "type", DefaultValueFactory = _ => "auto" };

    public DeviceOptions(ExampleCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Options.Add(_device);
        command.Options.Add(_dtype);
    }

    public GenerateSettings Read(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return new() { Device = parsed.GetValue(_device)!, Dtype = parsed.GetValue(_dtype)! };
    }
}
