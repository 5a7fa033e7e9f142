using System.Globalization;
using GenPrm.Grains.Hosting;
using GenPrm.Silo.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using StackExchange.Redis;

namespace GenPrm.Silo.Hosting;

/// <summary>The laptop's whole cluster in this process: the store's lock, the embedded Garnet, and one silo.</summary>
public sealed class LocalHost : IAsyncDisposable
{
    private readonly StoreLock _lock;
    private readonly EmbeddedGarnet _garnet;
    private readonly IHost _host;

    private LocalHost(StoreLock held, EmbeddedGarnet garnet, IHost host) => (_lock, _garnet, _host) = (held, garnet, host);

    /// <summary>Calls grains of this host.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Completes when the silo stops, asked to or not.</summary>
    public Task Stopped => _host.WaitForShutdownAsync();

    /// <summary>Hosts the store, unless another process does: then null.</summary>
    /// <param name="settings">Roles and engine settings; store and ports are this method's to choose.</param>
    /// <param name="program">The program's version.</param>
    /// <exception cref="StoreException">The store can not be used.</exception>
    public static async Task<LocalHost?> TryStartAsync(StoreFolder folder, HostSettings settings, string program, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(settings);
        StoreLock? held = StoreLock.TryTake(folder, program);
        if (held is null)
            return null;
        EmbeddedGarnet? garnet = null;
        IHost? host = null;
        try
        {
            garnet = EmbeddedGarnet.Start(folder);
            string redis = garnet.EndPoint.ToString();
            await ForgetDeadSilosAsync(redis);
            string log = Path.Combine(folder.LogFolder, string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}-{Environment.ProcessId}.log"));
            host = SiloHost.Build(settings with { Redis = redis, LogFile = log });
            await host.StartAsync(cancellation);
            var endpoints = host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
            new StoreEndpoint(
                Environment.ProcessId,
                endpoints.GatewayListeningEndpoint!.ToString(),
                redis,
                program,
                [.. settings.Roles.Select(role => role.ToString().ToLowerInvariant())]).Write(folder);
            return new LocalHost(held, garnet, host);
        }
        catch
        {
            host?.Dispose();
            garnet?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Stops the silo, then the store, then gives up the lock.</summary>
    public async ValueTask DisposeAsync()
    {
        File.Delete(_lock.Folder.EndpointFile);
        await _host.StopAsync();
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        _garnet.Dispose();
        _lock.Dispose();
    }

    /// <summary>Removes the membership rows of earlier hosts. Whoever holds the lock knows that none of them lives, so that a <c>kill -9</c> costs
    /// nobody the wait for a silo's death to be noticed.</summary>
    private static async Task ForgetDeadSilosAsync(string redis)
    {
        var defaults = new GrainsOptions();
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis);
        await connection.GetDatabase().KeyDeleteAsync(
            RedisClusteringOptions.DefaultCreateRedisKey(new ClusterOptions { ClusterId = defaults.ClusterId, ServiceId = defaults.ServiceId }));
    }
}
