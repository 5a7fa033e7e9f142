using System.Runtime.InteropServices;

namespace GenPrm.Model.Checkpoints;

/// <summary>Folders that appear under their name whole and on disk, or not at all, whenever the process or the machine stops.</summary>
/// <remarks>What is in a folder is flushed before it gets its name, and the name is flushed before what it replaces is removed. So the name
/// itself is the mark of completeness. An existing folder is exchanged in one step of the file system; where that is not to be had (some
/// network file systems), it is moved aside first, and <see cref="Recover"/> finishes what was stopped between the two moves.</remarks>
public static partial class DurableFolder
{
    private const int CurrentFolder = -100;
    private const uint Exchange = 2;

    /// <summary>Gives a finished folder its name; one that had the name is removed.</summary>
    /// <param name="aside">What was written, in the same parent folder.</param>
    /// <param name="folder">Its name.</param>
    public static void Publish(string aside, string folder) => Publish(aside, folder, exchange: true, _ => { });

    /// <summary>Finishes a replacement that was stopped in the middle.</summary>
    /// <param name="aside">As given to <see cref="Publish(string, string)"/>.</param>
    /// <param name="folder">As given there.</param>
    public static void Recover(string aside, string folder)
    {
        var replaced = ReplacedName(aside);
        if (!Directory.Exists(replaced))
            return;
        // The old folder is moved away only when the new one is complete: the newer wins.
        if (!Directory.Exists(folder))
            Directory.Move(Directory.Exists(aside) ? aside : replaced, folder);
        Flush(Path.GetDirectoryName(folder)!);
        Remove(replaced);
    }

    /// <summary>Removes a folder in a way that never leaves half of it under its name.</summary>
    public static void Remove(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        var (parent, name) = (Path.GetDirectoryName(folder)!, Path.GetFileName(folder));
        if (!name.StartsWith('.'))
        {
            var hidden = Path.Combine(parent, $".{name}.old");
            if (Directory.Exists(hidden))
                Directory.Delete(hidden, recursive: true);
            Directory.Move(folder, hidden);
            folder = hidden;
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <inheritdoc cref="Publish(string, string)"/>
    /// <param name="exchange">Whether the file system may be asked to exchange two folders.</param>
    /// <param name="passed">Told after each step; a test stops there.</param>
    internal static void Publish(string aside, string folder, bool exchange, Action<string> passed)
    {
        var parent = Path.GetDirectoryName(folder)!;
        FlushTree(aside);
        passed("contents flushed");
        if (!Directory.Exists(folder))
        {
            Directory.Move(aside, folder);
            passed("named");
            Flush(parent);
            return;
        }

        if (exchange && Exchanged(aside, folder))
        {
            passed("exchanged");
            Flush(parent);
            Remove(aside);
            return;
        }

        var replaced = ReplacedName(aside);
        Remove(replaced);
        Directory.Move(folder, replaced);
        passed("old one moved away");
        Directory.Move(aside, folder);
        passed("named");
        Flush(parent);
        Remove(replaced);
    }

    private static string ReplacedName(string aside) => aside + ".replaced";

    private static bool Exchanged(string one, string other)
    {
        try
        {
            return RenameAt(CurrentFolder, one, CurrentFolder, other, Exchange) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static void FlushTree(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        }

        foreach (var inner in Directory.EnumerateDirectories(folder))
            FlushTree(inner);
        Flush(folder);
    }

    /// <summary>The names in a folder go to disk, too: a flushed file whose name is lost is lost.</summary>
    private static void Flush(string folder)
    {
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            throw new IOException($"{folder} can not be opened to be flushed: {Marshal.GetLastPInvokeErrorMessage()}");
        try
        {
            // Some network file systems can not flush a folder (EINVAL); they write names at once.
            if (Sync(descriptor) != 0 && Marshal.GetLastPInvokeError() != 22)
                throw new IOException($"{folder} can not be flushed to disk: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt(int oldFolder, string oldPath, int newFolder, string newPath, uint flags);
}
