using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace GenPrm.Trainer.Verification;

/// <summary>Results, a JSON object a line, that a killed run goes on with. Beside the file stand the settings that its rows depend on, in
/// <c>FILE.settings.json</c>: with others it is refused.</summary>
/// <remarks>A row is there once its line break is; what a kill left behind the last one is cut off. One process at a time writes; the settings' file, held open, is
/// the lock, so that the rows can be read meanwhile.</remarks>
public sealed class RowLog<TRow> : IDisposable
{
    private readonly FileStream settings;
    private readonly FileStream stream;
    private readonly Lock gate = new();
    private readonly List<TRow> rows;

    internal RowLog(FileStream settings, FileStream stream, List<TRow> rows) => (this.settings, this.stream, this.rows) = (settings, stream, rows);

    /// <summary>Its full path.</summary>
    public string File => stream.Name;

    /// <summary>All rows so far, in the order in which they were written.</summary>
    public ImmutableArray<TRow> Rows
    {
        get
        {
            lock (gate)
                return [.. rows];
        }
    }

    /// <summary>Adds a row; it survives the end of this process.</summary>
    public void Add(TRow row)
    {
        var line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(row, RowJson.Options) + "\n");
        lock (gate)
        {
            rows.Add(row);
            stream.Write(line);
            stream.Flush();
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        settings.Dispose();
    }
}

/// <summary>Opens <see cref="RowLog{TRow}"/>.</summary>
public static class RowLog
{
    private static readonly JsonSerializerOptions Readable = new(RowJson.Options) { WriteIndented = true };

    /// <summary>Opens or begins a file.</summary>
    /// <param name="file">Its folder is made if need be.</param>
    /// <param name="settings">All that the rows depend on, by names that users know.</param>
    /// <param name="trouble">Says why a row can not be one of this run; null where it can. Null if there is nothing to look at.</param>
    /// <exception cref="VerificationException">It is of a run with other settings, which are named; or it is damaged, or in use.</exception>
    public static RowLog<TRow> Open<TRow>(string file, IReadOnlyDictionary<string, string> settings, Func<TRow, string?>? trouble = null)
    {
        file = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        FileStream? beside = null;
        FileStream? stream = null;
        try
        {
            beside = new FileStream(file + ".settings.json", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (stream.Length == 0)
                WriteSettings(beside, settings);
            else
                CheckSettings(file, beside, settings);
            return new(beside, stream, ReadRows(file, stream, trouble));
        }
        catch (Exception error)
        {
            stream?.Dispose();
            beside?.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new VerificationException($"{file} can not be opened: {error.Message} If another run writes it, wait for that, or give another --out.", error);
            throw;
        }
    }

    private static void WriteSettings(FileStream beside, IReadOnlyDictionary<string, string> settings)
    {
        beside.SetLength(0);
        beside.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(settings, Readable) + "\n"));
        beside.Flush();
    }

    private static void CheckSettings(string file, FileStream beside, IReadOnlyDictionary<string, string> settings)
    {
        Dictionary<string, string> before;
        try
        {
            before = JsonSerializer.Deserialize<Dictionary<string, string>>(beside) ?? throw new JsonException("null is no settings.");
        }
        catch (JsonException error)
        {
            throw new VerificationException($"{file} has rows, and {beside.Name} does not say with which settings they were made: {error.Message} Give another --out.", error);
        }

        var changed = settings.Keys.Union(before.Keys).Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Was: before.GetValueOrDefault(name) ?? "not there", Is: settings.GetValueOrDefault(name) ?? "not there"))
            .Where(one => one.Was != one.Is)
            .Select(one => $"{one.Name} was {one.Was} and is {one.Is}").ToList();
        if (changed.Count > 0)
            throw new VerificationException($"{file} is of a run with other settings: {string.Join("; ", changed)}. Give the same to go on, or another --out.");
    }

    private static List<TRow> ReadRows<TRow>(string file, FileStream stream, Func<TRow, string?>? trouble)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        var rows = new List<TRow>();
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, whole).Split('\n')[..^1])
        {
            number++;
            try
            {
                rows.Add(JsonSerializer.Deserialize<TRow>(line, RowJson.Options) ?? throw new JsonException("null is no row."));
                if (trouble?.Invoke(rows[^1]) is { } wrong)
                    throw new JsonException($"{wrong}.");
            }
            catch (JsonException error)
            {
                throw new VerificationException($"{file}:{number}: can not be read: {error.Message} Remove the line, whose work is then done again, or give another --out.", error);
            }
        }

        stream.SetLength(whole);
        stream.Seek(whole, SeekOrigin.Begin);
        return rows;
    }
}
