using System.Text.Json;
using GenPrm.Client.Export;
using GenPrm.Core.Generation;
using GenPrm.Core.Samples;
using Parquet.Serialization;

namespace GenPrm.Tests.Client;

public sealed class ExportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("genprm-export").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static SampleRow Row(int problem) => new(
        $"job/1/{problem}/r0/v0", "job", 1, problem, $"id-{problem}", 0, 0,
        [ChatMessage.System("system"), ChatMessage.User("1+1 = ⅓"), ChatMessage.Assistant("<analyze>…")],
        [[], [], [[0, 4], [6, 10]]],
        [true]);

    private static async IAsyncEnumerable<SampleRow> Rows(int count)
    {
        for (int problem = 0; problem < count; problem++)
            yield return Row(problem);
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5000)]
    public async Task Write_BothFormats_HoldTheSameRows(int count)
    {
        var file = new RowFile<SampleRow, SampleColumns>(_folder, "samples", ExportFormats.Jsonl | ExportFormats.Parquet, SampleColumns.Of);

        Assert.Equal(count, await file.WriteAsync(Rows(count), TestContext.Current.CancellationToken));

        string[] lines = await File.ReadAllLinesAsync(Path.Combine(_folder, "samples.jsonl"), TestContext.Current.CancellationToken);
        await using FileStream parquet = File.OpenRead(Path.Combine(_folder, "samples.parquet"));
        var columns = (await ParquetSerializer.DeserializeAsync<SampleColumns>(parquet, cancellationToken: TestContext.Current.CancellationToken)).Data.ToList();
        Assert.Equal(count, lines.Length);
        Assert.Equal(lines, columns.Select(row => JsonSerializer.Serialize(row, ExportJson.Options)));
        Assert.Equal(["samples.jsonl", "samples.parquet"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Write_RowsThatFail_LeaveAnEarlierFileAsItWas()
    {
        string earlier = Path.Combine(_folder, "samples.jsonl");
        await File.WriteAllTextAsync(earlier, "earlier", TestContext.Current.CancellationToken);
        var file = new RowFile<SampleRow, SampleColumns>(_folder, "samples", ExportFormats.Jsonl, SampleColumns.Of);

        await Assert.ThrowsAsync<InvalidOperationException>(() => file.WriteAsync(Failing(), TestContext.Current.CancellationToken));

        Assert.Equal("earlier", await File.ReadAllTextAsync(earlier, TestContext.Current.CancellationToken));
    }

    private static async IAsyncEnumerable<SampleRow> Failing()
    {
        yield return Row(0);
        await Task.CompletedTask;
        throw new InvalidOperationException("the log is gone");
    }
}
