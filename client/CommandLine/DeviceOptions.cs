using System.CommandLine;
using GenPrm.Silo.Hosting;

namespace GenPrm.Client.CommandLine;

/// <summary>Where models run, for commands that host engines.</summary>
public sealed class DeviceOptions
{
    /// <summary>What <c>--dtype auto</c> means, as help says it.</summary>
    internal const string AutoDtype = "auto: bf16, but f32 on a CPU without AVX-512";

    private readonly Option<string> _device = new("--device") { Description = "Where models run: auto, cpu, cuda:0", HelpName = "device", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> _dtype;

    /// <param name="command">The command that takes them.</param>
    /// <param name="dtype">In which numbers its models run unless the user says otherwise.</param>
    public DeviceOptions(ExampleCommand command, string dtype = "auto")
    {
        ArgumentNullException.ThrowIfNull(command);
        _dtype = new("--dtype") { Description = $"In which numbers: bf16, f32, or {AutoDtype}", HelpName = "type", DefaultValueFactory = _ => dtype };
        _dtype.AcceptOnlyFromAmong("auto", "bf16", "f32");
        command.Options.Add(_device);
        command.Options.Add(_dtype);
    }

    public GenerateSettings Read(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return new() { Device = parsed.GetValue(_device)!, Dtype = parsed.GetValue(_dtype)! };
    }
}
