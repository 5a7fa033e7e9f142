using GenPrm.Grains.Hosting;
using GenPrm.Silo.Hosting;
using GenPrm.Silo.Store;

namespace GenPrm.Client.Sessions;

/// <summary>Where a command finds its grains, and what it would host itself.</summary>
public sealed record SessionOptions
{
    /// <summary>The local store, used unless <see cref="Redis"/> is given.</summary>
    public required StoreFolder Folder { get; init; }

    /// <summary>The Redis server of a cluster.</summary>
    public string? Redis { get; init; }

    /// <summary>What this process hosts if it comes to host the local store: <see cref="Reading"/> or <see cref="Working"/>.</summary>
    public HostSettings Settings { get; init; } = Reading;

    /// <summary>How long another process may hold the store without answering.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A host that answers questions and starts no work.</summary>
    public static HostSettings Reading { get; } = new() { Roles = [SiloRole.Coordinate] };

    /// <summary>A host that does everything a job needs.</summary>
    public static HostSettings Working { get; } = new() { Roles = [SiloRole.Coordinate, SiloRole.Generate, SiloRole.Sandbox] };

    /// <summary>Whether a running host has every role that this command needs.</summary>
    public bool IsServedBy(StoreEndpoint host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return Settings.Roles.All(role => host.Roles.Contains(role.ToString().ToLowerInvariant()));
    }
}
