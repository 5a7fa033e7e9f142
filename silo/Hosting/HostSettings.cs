using System.Collections.Immutable;
using System.Net;
using GenPrm.Grains.Hosting;
using GenPrm.Model.Torch;

namespace GenPrm.Silo.Hosting;

/// <summary>What one silo process is and what it may use.</summary>
public sealed record HostSettings
{
    /// <summary>The silo's roles.</summary>
    public ImmutableArray<SiloRole> Roles { get; init; } = [SiloRole.Coordinate, SiloRole.Generate, SiloRole.Sandbox];

    /// <summary>The store that speaks the Redis protocol, <c>host:port</c> or a StackExchange.Redis connection string.</summary>
    public string Redis { get; init; } = "127.0.0.1:6379";

    /// <summary>The address that other silos and clients reach this one at.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Where other silos connect; 0 takes a free port.</summary>
    public int SiloPort { get; init; }

    /// <summary>Where clients connect; 0 takes a free port.</summary>
    public int GatewayPort { get; init; }

    /// <summary>How the silo's models are run; used by the generate role.</summary>
    public GenerateSettings Generate { get; init; } = new();

    /// <summary>A file that gets the log, or null for the console.</summary>
    public string? LogFile { get; init; }

    /// <exception cref="HostSettingsException">A value can not be used; the message names it and the remedy.</exception>
    public void Validate()
    {
        if (Roles.IsDefaultOrEmpty)
            throw new HostSettingsException("--roles names no role. Give at least one of coordinate, generate, sandbox, train.");
        if (string.IsNullOrWhiteSpace(Redis))
            throw new HostSettingsException("--redis is empty. Give host:port, such as 127.0.0.1:6379.");
        if (SiloPort is < 0 or > 65535 || GatewayPort is < 0 or > 65535)
            throw new HostSettingsException($"The ports {SiloPort} and {GatewayPort} are not both between 0 and 65535.");
        if (SiloPort != 0 && SiloPort == GatewayPort)
            throw new HostSettingsException($"Port {SiloPort} can not serve silos and clients at once. Give two ports.");
        Generate.Validate();
    }
}

/// <summary>How models are run.</summary>
public sealed record GenerateSettings
{
    /// <summary><c>auto</c>, <c>cpu</c>, or a CUDA device such as <c>cuda:0</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary><c>auto</c> (bf16, but f32 on a CPU without packed products in bf16), <c>bf16</c> or <c>f32</c>.</summary>
    public string Dtype { get; init; } = "auto";

    /// <summary>Folders of models that are asked for by another name than their folder's path.</summary>
    public ImmutableDictionary<string, string> Models { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>With the number type that <c>auto</c> is on this machine, for what must not change on another one.</summary>
    /// <exception cref="HostSettingsException">This machine has no such device.</exception>
    public GenerateSettings Resolved()
    {
        try
        {
            return this with { Dtype = TorchTarget.Parse(Device, Dtype).DtypeName };
        }
        catch (ArgumentException error)
        {
            throw new HostSettingsException($"--device {Device}: {error.Message}", error);
        }
    }

    internal void Validate()
    {
        foreach ((string name, string folder) in Models)
        {
            if (!Directory.Exists(folder))
                throw new HostSettingsException($"The model {name} has no folder {folder}. Give --model {name}=FOLDER, a Hugging Face checkpoint.");
        }
    }
}

/// <summary>A silo can not be started with these settings.</summary>
public sealed class HostSettingsException : Exception
{
    public HostSettingsException()
    {
    }

    public HostSettingsException(string message)
        : base(message)
    {
    }

    public HostSettingsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
