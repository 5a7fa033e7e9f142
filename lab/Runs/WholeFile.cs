namespace GenPrm.Lab.Runs;

/// <summary>Files that are there whole or not at all: written aside, flushed, and renamed into place.</summary>
public static class WholeFile
{
    public static void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var aside = file + ".new";
        using (var stream = new FileStream(aside, FileMode.Create))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(text);
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, file, overwrite: true);
    }
}
