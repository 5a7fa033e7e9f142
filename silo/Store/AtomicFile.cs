namespace GenPrm.Silo.Store;

/// <summary>Small files that are either whole or not there, whenever the process dies.</summary>
internal static class AtomicFile
{
    public static void Write(string path, string text)
    {
        string fresh = path + ".new";
        using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(text);
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
