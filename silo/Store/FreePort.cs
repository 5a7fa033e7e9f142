using System.Net;
using System.Net.Sockets;

namespace GenPrm.Silo.Store;

/// <summary>Ports on the loopback address that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>One free port. Another process may take it before it is used: whoever binds it reports that.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
