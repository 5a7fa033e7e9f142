using GenPrm.Client.CommandLine;
using GenPrm.Silo.Hosting;
using GenPrm.Silo.Store;
using Microsoft.Extensions.Hosting;

namespace GenPrm.Client.Sessions;

/// <summary>A way to the grains: a host in this process, the process that hosts the local store, or a cluster behind a Redis server.</summary>
public sealed class ClusterSession : IAsyncDisposable
{
    private readonly LocalHost? _local;
    private readonly ClusterClient? _client;

    private ClusterSession(LocalHost local) => _local = local;

    private ClusterSession(ClusterClient client) => _client = client;

    public IGrainFactory Grains => _local?.Grains ?? _client!.Grains;

    /// <summary>Whether this process hosts the store and does the work: when it ends, work stops.</summary>
    public bool Hosts => _local is not null;

    /// <summary>Completes when the grains can not be reached any more: the host is gone.</summary>
    public Task Lost => _local?.Stopped ?? _client!.Lost;

    /// <summary>Completes when this process hosts the store and a command that works asks for it.</summary>
    public async Task AskedToLeaveAsync(StoreFolder folder, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        while (!Hosts || !StoreRequest.IsMade(folder))
            await timer.WaitForNextTickAsync(cancellation);
    }

    /// <summary>Opens a session as a command's options say.</summary>
    /// <param name="notice">Told, in a line each, what is waited for.</param>
    /// <exception cref="StoreException">The local store can not be used.</exception>
    /// <exception cref="CommandException">The cluster can not be reached.</exception>
    public static async Task<ClusterSession> OpenAsync(SessionOptions options, Action<string> notice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Redis is { } redis
            ? new(await ClusterClient.ConnectAsync(redis, cancellation))
            : await OpenLocalAsync(options, notice, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_local is not null)
            await _local.DisposeAsync();
        if (_client is not null)
            await _client.DisposeAsync();
    }

    /// <summary>Hosts the store if nobody does, else attaches to its host. A host that only reads is asked to make room for one that works; until
    /// that has the store, others do not take it.</summary>
    private static async Task<ClusterSession> OpenLocalAsync(SessionOptions options, Action<string> notice, CancellationToken cancellation)
    {
        using var wanted = new StoreRequest(options.Folder);
        long began = TimeProvider.System.GetTimestamp();
        bool said = false, asking = false;
        while (true)
        {
            LocalHost? local = asking || !StoreRequest.IsMade(options.Folder)
                ? await LocalHost.TryStartAsync(options.Folder, options.Settings, ProgramVersion.Text, cancellation)
                : null;
            if (local is not null)
                return new(local);
            StoreEndpoint? host = StoreEndpoint.Read(options.Folder);
            if (host is not null && host.Version != ProgramVersion.Text)
                throw new StoreException(
                    $"The store in {options.Folder.Path} is held by genprm {host.Version} (process {host.Pid}); this is genprm {ProgramVersion.Text}. Stop that process, or use its version.");
            if (host is not null && options.IsServedBy(host))
            {
                ClusterClient? client = await ClusterClient.TryConnectAsync(host.Redis, cancellation);
                if (client is not null)
                    return new(client);
            }
            else if (host is not null)
            {
                wanted.Make();
                asking = true;
            }

            TimeSpan waited = TimeProvider.System.GetElapsedTime(began);
            if (waited > options.Patience)
                throw new StoreException(
                    $"The store in {options.Folder.Path} is held by {(host is null ? "a process that does not answer" : $"process {host.Pid}, which does no work")}, for over {options.Patience.TotalSeconds:0} s. End that process, or give another folder with --data.");
            if (!said && waited > TimeSpan.FromSeconds(1))
            {
                notice($"Waiting for the store in {options.Folder.Path} ...");
                said = true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellation);
        }
    }
}
