using System.Collections.Immutable;
using System.Text.Json;

namespace GenPrm.Trainer.Runs;

/// <summary>The metrics of a run's steps, a JSON object a line.</summary>
public sealed class MetricsLog
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly string file;
    private readonly List<StepMetrics> rows;

    private MetricsLog(string file, List<StepMetrics> rows) => (this.file, this.rows) = (file, rows);

    public ImmutableArray<StepMetrics> Rows => [.. rows];

    /// <summary>Opens the log at a step: lines of later steps, which a stopped run wrote and its checkpoint does not know, are taken off, and
    /// so is a line that was cut.</summary>
    public static MetricsLog OpenAt(string file, long step)
    {
        List<StepMetrics> rows = File.Exists(file) ? [.. File.ReadLines(file).Select(Parse).OfType<StepMetrics>().Where(row => row.Step <= step)] : [];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var log = new MetricsLog(file, rows);
        log.Rewrite();
        return log;
    }

    /// <summary>Adds a step's line.</summary>
    public void Add(StepMetrics row)
    {
        rows.Add(row);
        File.AppendAllText(file, JsonSerializer.Serialize(row, Json) + "\n");
    }

    /// <summary>Puts a held-out loss that was found later into the last step's line.</summary>
    public void Evaluated(double heldOutLoss)
    {
        rows[^1] = rows[^1] with { HeldOutLoss = heldOutLoss };
        Rewrite();
    }

    /// <summary>What was added is on disk: a checkpoint never knows steps that the log lost.</summary>
    public void Flush()
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    private void Rewrite()
    {
        var aside = file + ".new";
        File.WriteAllLines(aside, rows.Select(row => JsonSerializer.Serialize(row, Json)));
        File.Move(aside, file, overwrite: true);
    }

    private static StepMetrics? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<StepMetrics>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
