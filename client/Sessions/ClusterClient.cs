using System.Net.Sockets;
using GenPrm.Client.CommandLine;
using GenPrm.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Runtime;
using StackExchange.Redis;

namespace GenPrm.Client.Sessions;

/// <summary>An Orleans client: looks at grains that other processes host. Its calls are short; a call to a host that is gone fails within seconds.</summary>
internal sealed class ClusterClient : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly TaskCompletionSource _lost;

    private ClusterClient(IHost host, TaskCompletionSource lost) => (_host, _lost) = (host, lost);

    public IGrainFactory Grains => _host.Services.GetRequiredService<IClusterClient>();

    /// <summary>Completes when no gateway can be reached any more.</summary>
    public Task Lost => _lost.Task;

    /// <exception cref="CommandException">Nothing answers there.</exception>
    public static async Task<ClusterClient> ConnectAsync(string redis, CancellationToken cancellation) =>
        await TryConnectAsync(redis, cancellation)
        ?? throw new CommandException(
            $"No genprm cluster answers behind the Redis server {redis}. Check the address, and that a silo runs: genprm silo --roles coordinate --redis {redis}",
            ExitCodes.Unavailable);

    /// <summary>A connected client, or null when nothing answers.</summary>
    public static async Task<ClusterClient?> TryConnectAsync(string redis, CancellationToken cancellation)
    {
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client
            .AddGenPrmClient(redis)
            .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(15))
            .AddClusterConnectionLostHandler((_, _) => lost.TrySetResult()));
        IHost host = builder.Build();
        try
        {
            await host.StartAsync(cancellation);
            return new ClusterClient(host, lost);
        }
        catch (Exception unreachable) when (unreachable is SiloUnavailableException or RedisException or SocketException or TimeoutException)
        {
            host.Dispose();
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
