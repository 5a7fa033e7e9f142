namespace GenPrm.Silo.Store;

/// <summary>The one right to host a store folder. The operating system frees it when the process ends, however it ends.</summary>
public sealed class StoreLock : IDisposable
{
    private readonly FileStream _file;

    private StoreLock(StoreFolder folder, FileStream file)
    {
        Folder = folder;
        _file = file;
    }

    public StoreFolder Folder { get; }

    /// <summary>Takes the lock, makes the folder if need be, and removes what a dead host left; null when another process holds it.</summary>
    /// <exception cref="StoreException">The folder can not be written, or a newer program wrote it.</exception>
    public static StoreLock? TryTake(StoreFolder folder, string program)
    {
        FileStream? file = Open(folder);
        if (file is null)
            return null;
        try
        {
            StoreVersion.Check(folder, program);
            File.Delete(folder.EndpointFile);
            return new StoreLock(folder, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Gives the store up. Its endpoint goes first, so that nobody reads the address of a host that is gone.</summary>
    public void Dispose()
    {
        File.Delete(Folder.EndpointFile);
        _file.Dispose();
    }

    private static FileStream? Open(StoreFolder folder)
    {
        try
        {
            Directory.CreateDirectory(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new FileStream(folder.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new StoreException(
                $"The store folder {folder.Path} can not be written: {denied.Message} Give a folder of your own with --data or GENPRM_HOME.", denied);
        }
        catch (IOException) when (File.Exists(folder.LockFile))
        {
            return null;
        }
        catch (IOException broken)
        {
            throw new StoreException(
                $"The store folder {folder.Path} can not be made: {broken.Message} Give another one with --data or GENPRM_HOME.", broken);
        }
    }
}
