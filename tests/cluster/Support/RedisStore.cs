using System.Diagnostics;
using GenPrm.Silo.Store;
using StackExchange.Redis;

namespace GenPrm.Tests.Cluster.Support;

/// <summary>A store that speaks the Redis protocol: Debian's redis-server if it is installed, else the embedded Garnet. It outlives test clusters.</summary>
public sealed class RedisStore : IAsyncDisposable
{
    private readonly Process? _server;
    private readonly EmbeddedGarnet? _garnet;
    private readonly DirectoryInfo _folder;

    private RedisStore(Process? server, EmbeddedGarnet? garnet, string address, DirectoryInfo folder) => (_server, _garnet, Address, _folder) = (server, garnet, address, folder);

    public string Address { get; }

    public static async Task<RedisStore> StartAsync(bool garnet = false)
    {
        var folder = Directory.CreateTempSubdirectory("genprm-store-");
        if (garnet || !File.Exists("/usr/bin/redis-server"))
        {
            var embedded = EmbeddedGarnet.Start(new StoreFolder(folder.FullName));
            return new(null, embedded, embedded.EndPoint.ToString(), folder);
        }

        var port = FreePort.Find();
        var server = Process.Start(new ProcessStartInfo("/usr/bin/redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", folder.FullName])
        {
            RedirectStandardOutput = true,
        })!;
        // It says so when it listens; afterwards it says little, and nobody has to read it.
        while (await server.StandardOutput.ReadLineAsync() is { } line && !line.Contains("Ready to accept connections", StringComparison.Ordinal))
        {
        }

        _ = server.StandardOutput.ReadToEndAsync();
        return new(server, null, $"127.0.0.1:{port}", folder);
    }

    public async ValueTask DisposeAsync()
    {
        _garnet?.Dispose();
        if (_server is not null)
        {
            _server.Kill();
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        _folder.Delete(recursive: true);
    }
}
