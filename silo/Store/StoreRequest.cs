using System.Globalization;

namespace GenPrm.Silo.Store;

/// <summary>A process that needs a working host asks the present host, which only reads, to give the store up. The request lasts as long as its process.</summary>
public sealed class StoreRequest(StoreFolder folder) : IDisposable
{
    private bool _made;

    /// <summary>Whether a living process asks for the store.</summary>
    public static bool IsMade(StoreFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        try
        {
            return Directory.Exists($"/proc/{File.ReadAllText(folder.WantedFile).Trim()}");
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Make()
    {
        if (_made)
            return;
        AtomicFile.Write(folder.WantedFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        _made = true;
    }

    public void Dispose()
    {
        if (_made)
            File.Delete(folder.WantedFile);
    }
}
