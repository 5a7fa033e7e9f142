using System.Text.Json;

namespace GenPrm.Silo.Store;

/// <summary>How other commands reach the process that hosts the store: the content of <c>endpoint.json</c>.</summary>
/// <param name="Pid">The host's process.</param>
/// <param name="Gateway">Where Orleans clients connect, <c>address:port</c>.</param>
/// <param name="Redis">Where the embedded Garnet answers, <c>address:port</c>.</param>
/// <param name="Version">The program's version; a client of another version does not attach.</param>
/// <param name="Roles">What the host does beside holding the store.</param>
public sealed record StoreEndpoint(int Pid, string Gateway, string Redis, string Version, IReadOnlyList<string> Roles)
{
    public void Write(StoreFolder folder) =>
        AtomicFile.Write(folder.EndpointFile, JsonSerializer.Serialize(this, StoreJson.Default.StoreEndpoint));

    /// <summary>What the folder says, or null when there is no such file, it is not whole, or its process is gone.</summary>
    public static StoreEndpoint? Read(StoreFolder folder)
    {
        try
        {
            StoreEndpoint? found = JsonSerializer.Deserialize(File.ReadAllText(folder.EndpointFile), StoreJson.Default.StoreEndpoint);
            return found is not null && Directory.Exists($"/proc/{found.Pid}") ? found : null;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
