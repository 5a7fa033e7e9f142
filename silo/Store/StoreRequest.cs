namespace GenPrm.Silo.Store;

/// <summary>A process that needs a working host asks the present host, which only reads, to give the store up. The request is a file lock: it lasts as long as its
/// process, however that ends.</summary>
public sealed class StoreRequest(StoreFolder folder) : IDisposable
{
    private FileStream? _held;

    /// <summary>Whether a living process asks for the store.</summary>
    public static bool IsMade(StoreFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!File.Exists(folder.WantedFile))
            return false;
        using FileStream? free = TryHold(folder);
        return free is null;
    }

    /// <summary>Asks, unless somebody does already; to be repeated for as long as the store is needed.</summary>
    public void Make() => _held ??= TryHold(folder);

    public void Dispose() => _held?.Dispose();

    private static FileStream? TryHold(StoreFolder folder)
    {
        try
        {
            return new FileStream(folder.WantedFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
