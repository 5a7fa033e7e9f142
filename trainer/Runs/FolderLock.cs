namespace GenPrm.Trainer.Runs;

/// <summary>Keeps a folder to one process, until it is disposed of or the process ends, however it ends.</summary>
public static class FolderLock
{
    /// <summary>Takes the lock, and makes the folder if need be.</summary>
    /// <returns>What to dispose of; null where another process holds it.</returns>
    /// <exception cref="IOException">Nothing can be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing can be written there.</exception>
    public static IDisposable? TryTake(string folder)
    {
        var file = Path.Combine(folder, "lock");
        Directory.CreateDirectory(folder);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(file))
        {
            return null;
        }
    }
}
