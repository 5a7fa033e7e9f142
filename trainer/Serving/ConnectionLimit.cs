using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace GenPrm.Trainer.Serving;

/// <summary>How many connections one neighbour may hold open, so that silent ones of his shut nobody else out. This machine's own programs have no such limit.</summary>
/// <param name="most">Of one IPv4 address, or one IPv6 network of 64 bits, which a single machine may have all of.</param>
internal sealed class ConnectionLimit(int most)
{
    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, int> open = [];

    /// <summary>Counts a connection in, unless there are as many as there may be.</summary>
    public bool TryEnter(IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
            return true;
        var neighbour = Neighbour(address);
        lock (gate)
        {
            var now = open.GetValueOrDefault(neighbour);
            if (now == most)
                return false;
            open[neighbour] = now + 1;
            return true;
        }
    }

    /// <summary>Counts it out again.</summary>
    public void Leave(IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
            return;
        var neighbour = Neighbour(address);
        lock (gate)
        {
            if (--open[neighbour] == 0)
                open.Remove(neighbour);
        }
    }

    /// <summary>Closes connections beyond the limit before a byte of them is read.</summary>
    public void Guard(ListenOptions listen) => listen.Use(next => async connection =>
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (!TryEnter(address))
        {
            connection.Abort(new ConnectionAbortedException("One address has too many connections."));
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(address);
        }
    });

    private static IPAddress Neighbour(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
