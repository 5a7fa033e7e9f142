using System.Collections.Concurrent;
using System.Net.Sockets;

namespace GenPrm.Tests.Cluster.Support;

/// <summary>A line to the machine's Docker engine that can be cut and laid again: whoever uses it meets what an engine's restart is, and nobody else does.</summary>
internal sealed class EngineLine : IAsyncDisposable
{
    private const string Engine = "/var/run/docker.sock";
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<Socket, bool> _open = [];
    private Socket _listener;
    private Task _accepting;

    public EngineLine() => (_listener, _accepting) = Listen();

    public Uri Address => new($"unix://{Path}");

    private string Path => System.IO.Path.Combine(_folder.Path, "docker.sock");

    /// <summary>Ends every connection and takes no new one.</summary>
    public async Task CutAsync()
    {
        _listener.Dispose();
        await _accepting;
        File.Delete(Path);
        foreach (var socket in _open.Keys)
            socket.Dispose();
    }

    public void Restore() => (_listener, _accepting) = Listen();

    public async ValueTask DisposeAsync()
    {
        await CutAsync();
        _folder.Dispose();
    }

    private (Socket Listener, Task Accepting) Listen()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen(64);
        return (listener, AcceptAsync(listener));
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var caller = await listener.AcceptAsync();
                var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await engine.ConnectAsync(new UnixDomainSocketEndPoint(Engine));
                _open[caller] = _open[engine] = true;
                _ = JoinAsync(caller, engine);
            }
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // The line is cut.
        }
    }

    private async Task JoinAsync(Socket caller, Socket engine)
    {
        await Task.WhenAll(CopyAsync(caller, engine), CopyAsync(engine, caller));
        foreach (var socket in new[] { caller, engine })
        {
            _open.TryRemove(socket, out _);
            socket.Dispose();
        }
    }

    /// <summary>Hands on what one side says, and that it has said everything.</summary>
    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
            {
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // Either end is gone, or the line is cut.
        }
    }
}
