using System.Text.Json;
using System.Text.Json.Serialization;
using GenPrm.Client.Export;
using GenPrm.Tests.Cluster.Support;
using Parquet;
using Parquet.Schema;
using Parquet.Serialization;
using Parquet.Serialization.Attributes;

namespace GenPrm.Tests.Cluster.Jobs;

/// <summary>The files of a job whose samples were accepted, read back as a trainer would.</summary>
public sealed class ExportTests(FiveSilos silos) : IClassFixture<FiveSilos>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("genprm-export-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Export_JobWithAcceptedSamples_WritesTheirConversationsAndEveryLabelledStep()
    {
        var cluster = silos.Cluster;
        var job = await cluster.RunAsync("exported", ScriptedJobs.Problems(4));
        var summary = await cluster.UntilDoneAsync(job);
        var log = await cluster.ReadLogAsync("exported", 1);
        Assert.NotEmpty(log);

        var written = await new JobExport(cluster.Grains, "exported", 1).WriteAsync(_folder.FullName, ExportFormats.Jsonl | ExportFormats.Parquet, Cancellation);

        Assert.Equal((log.Length, summary.Steps.Total), (written.Samples, written.Steps));
        var samples = await ReadAsync<ReadSample>("samples");
        Assert.Equal(log.Select(entry => entry.Sample.Id.ToString()), samples.Select(sample => sample.Id));
        foreach (var (sample, accepted) in samples.Zip(log.Select(entry => entry.Sample)))
        {
            Assert.Equal(accepted.Turns.Select(turn => (turn.Message.Role, turn.Message.Content)), sample.Messages.Select(message => (message.Role, message.Content)));
            Assert.Equal(["system", "user", "assistant"], sample.Messages.Take(3).Select(message => message.Role));
            Assert.Equal(sample.Labels.Count, sample.Messages.Count(message => message.Role == "assistant"));
            Assert.Contains($"$\\boxed{{{(sample.Labels[^1] ? "Yes" : "No")}}}$", sample.Messages[^1].Content, StringComparison.Ordinal);
        }

        var steps = await ReadAsync<ReadStep>("steps");
        Assert.Equal(summary.Steps.Total, steps.Count);
        Assert.Equal(summary.Steps["completions"], steps.Count(step => step.Source == "completions"));
        Assert.All(steps, step => Assert.Equal(step.Completions, step.Right + step.Wrong + step.Cut + step.NoAnswer + step.Unknown));
        Assert.All(steps.Where(step => step.Source == "completions"), step => Assert.Equal((step.Right, step.Completions), (step.AfterRight, step.AfterOf)));
        Assert.Equal(await LinesAsync("steps", "progress"), steps.Select(step => step.Progress));
    }

    [Fact]
    public async Task Export_Parquet_HasTheColumnsThatSftToolsRead()
    {
        var cluster = silos.Cluster;
        var job = await cluster.RunAsync("columns", ScriptedJobs.Problems(2));
        await cluster.UntilDoneAsync(job);
        await new JobExport(cluster.Grains, "columns", 1).WriteAsync(_folder.FullName, ExportFormats.Parquet, Cancellation);

        await using var reader = await ParquetReader.CreateAsync(Path.Combine(_folder.FullName, "samples.parquet"), cancellationToken: Cancellation);
        var messages = Assert.IsType<ListField>(reader.Schema.Fields.Single(field => field.Name == "messages"));
        Assert.Equal(["role", "content"], Assert.IsType<StructField>(messages.Item).Fields.Select(field => field.Name));
        Assert.Equal(
            ["id", "job", "labelling", "problem", "problem_id", "rollout", "rationale", "messages", "trained", "labels"],
            reader.Schema.Fields.Select(field => field.Name));
    }

    private async Task<IList<T>> ReadAsync<T>(string name)
        where T : class, new()
    {
        await using var file = File.OpenRead(Path.Combine(_folder.FullName, $"{name}.parquet"));
        return (await ParquetSerializer.DeserializeAsync<T>(file, cancellationToken: Cancellation)).Data;
    }

    /// <summary>A column of the JSONL file.</summary>
    private async Task<double?[]> LinesAsync(string name, string column) =>
        [.. (await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, $"{name}.jsonl"), Cancellation)).Select(line =>
        {
            using var row = JsonDocument.Parse(line);
            return row.RootElement.GetProperty(column) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : (double?)null;
        })];
}

/// <summary>A row of <c>samples.parquet</c>, as far as a trainer reads it.</summary>
public sealed class ReadSample
{
    [JsonPropertyName("id"), ParquetRequired]
    public string Id { get; set; } = "";

    [JsonPropertyName("messages"), ParquetRequired]
    public List<ReadMessage> Messages { get; set; } = [];

    [JsonPropertyName("labels"), ParquetRequired]
    public List<bool> Labels { get; set; } = [];
}

public sealed class ReadMessage
{
    [JsonPropertyName("role"), ParquetRequired]
    public string Role { get; set; } = "";

    [JsonPropertyName("content"), ParquetRequired]
    public string Content { get; set; } = "";
}

/// <summary>A row of <c>steps.parquet</c>.</summary>
public sealed class ReadStep
{
    [JsonPropertyName("source"), ParquetRequired]
    public string Source { get; set; } = "";

    [JsonPropertyName("progress")]
    public double? Progress { get; set; }

    [JsonPropertyName("after_right")]
    public int AfterRight { get; set; }

    [JsonPropertyName("after_of")]
    public int AfterOf { get; set; }

    [JsonPropertyName("completions")]
    public int Completions { get; set; }

    [JsonPropertyName("right")]
    public int Right { get; set; }

    [JsonPropertyName("wrong")]
    public int Wrong { get; set; }

    [JsonPropertyName("cut")]
    public int Cut { get; set; }

    [JsonPropertyName("no_answer")]
    public int NoAnswer { get; set; }

    [JsonPropertyName("unknown")]
    public int Unknown { get; set; }
}
