using System.Text.Json;
using GenPrm.Core.Samples;
using Parquet.Serialization;

namespace GenPrm.Client.Export;

/// <summary>The file formats of an export.</summary>
[Flags]
public enum ExportFormats
{
    None = 0,
    Jsonl = 1,
    Parquet = 2,
}

/// <summary>Writes rows to <c>NAME.jsonl</c> and <c>NAME.parquet</c>, a bounded number in memory at a time. The files appear whole, at the end.</summary>
/// <typeparam name="TRow">A row as JSON has it.</typeparam>
/// <typeparam name="TColumns">The same row as Parquet has it.</typeparam>
internal sealed class RowFile<TRow, TColumns>(string folder, string name, ExportFormats formats, Func<TRow, TColumns> columns)
    where TColumns : class, new()
{
    /// <summary>Rows of one Parquet row group.</summary>
    private const int GroupRows = 4096;

    /// <returns>How many rows were written.</returns>
    public async Task<long> WriteAsync(IAsyncEnumerable<TRow> rows, CancellationToken cancellation)
    {
        await using StreamWriter? json = formats.HasFlag(ExportFormats.Jsonl) ? new StreamWriter(Fresh("jsonl")) : null;
        await using FileStream? parquet = formats.HasFlag(ExportFormats.Parquet) ? new FileStream(Fresh("parquet"), FileMode.Create, FileAccess.ReadWrite) : null;
        var group = new List<TColumns>();
        long count = 0;
        bool begun = false;
        await foreach (TRow row in rows.WithCancellation(cancellation))
        {
            count++;
            if (json is not null)
                await json.WriteLineAsync(JsonSerializer.Serialize(row, ExportJson.Options));
            if (parquet is null)
                continue;
            group.Add(columns(row));
            if (group.Count == GroupRows)
                await FlushAsync(parquet);
        }

        if (parquet is not null && (group.Count > 0 || !begun))
            await FlushAsync(parquet);
        if (json is not null)
            await json.DisposeAsync();
        if (parquet is not null)
            await parquet.DisposeAsync();
        Publish("jsonl", json is not null);
        Publish("parquet", parquet is not null);
        return count;

        async Task FlushAsync(FileStream stream)
        {
            await ParquetSerializer.SerializeAsync(group, stream, begun ? new() { Append = true } : new(), cancellationToken: cancellation);
            group.Clear();
            begun = true;
        }
    }

    private string Fresh(string extension) => Path.Combine(folder, $".{name}.{extension}.new");

    private void Publish(string extension, bool written)
    {
        if (written)
            File.Move(Fresh(extension), Path.Combine(folder, $"{name}.{extension}"), overwrite: true);
    }
}
