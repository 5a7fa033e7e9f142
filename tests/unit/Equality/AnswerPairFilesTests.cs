using GenPrm.Core.Equality;
using GenPrm.Core.Equality.Checking;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>The checker against the shared files of labelled pairs.</summary>
public sealed class AnswerPairFilesTests
{
    [Theory]
    [InlineData("answer_pairs.jsonl", 1000)]
    [InlineData("answer_pairs_made.jsonl", 1500)]
    public async Task Run_SharedFile_AgreesWithTheLabels(string file, int fewestRows)
    {
        var pairs = await AnswerPair.ReadAsync(TestMaterial.Shared("data", file), TestContext.Current.CancellationToken);
        var report = AnswerCheck.Run(pairs, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(report.Total.Rows >= fewestRows);
        Assert.True(report.Total.Agree >= 0.995 * report.Total.Rows, string.Join('\n', report.Disagreeing));
        Assert.True(report.Total.FalseYes <= 2, string.Join('\n', report.Disagreeing));
    }

    [Fact]
    public void Run_RowsOfEveryKind_AreCountedInOneClassEach()
    {
        AnswerPair[] pairs =
        [
            new("a", "1", "1.0", true, Category: "n"),
            new("b", "1", "2", true, Category: "n"),
            new("c", "1", "1.0", false, Source: "s"),
            new("d", "9^{9^9}", "1", false),
            new("e", "7", "", false),
            new("f", "1", "2", true, Suspect: "the label is wrong"),
            new("g", "1", "2", null),
        ];
        var report = AnswerCheck.Run(pairs, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(new AnswerTally(Rows: 5, Agree: 2, FalseYes: 1, FalseNo: 1, Unknown: 1), report.Total);
        Assert.Equal((1, 1, 1), (report.Suspect, report.Unlabelled, report.NoAnswer));
        Assert.Equal(new AnswerTally(2, 1, 0, 1, 0), report.ByCategory["n"]);
        Assert.Equal(["b", "c", "d"], report.Disagreeing.Select(d => d.Id));
        Assert.Null(report.ChecksPerSecond);
    }

    [Fact]
    public async Task Read_FileWithoutRows_SaysSo()
    {
        var path = Path.Combine(Path.GetTempPath(), $"pairs-{Guid.NewGuid():N}.jsonl");
        await File.WriteAllTextAsync(path, "\n", TestContext.Current.CancellationToken);
        try
        {
            var error = await Assert.ThrowsAsync<InvalidDataException>(() => AnswerPair.ReadAsync(path, TestContext.Current.CancellationToken));
            Assert.Contains($"{path} holds no rows", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("{\"gold\": \"1\"}", "no field 'prediction'")]
    [InlineData("{\"gold\": \"1\", \"prediction\": \"1\", \"equal\": 1}", "'equal' is 1")]
    [InlineData("[]", "no JSON object")]
    public async Task Read_BadLine_NamesFileLineAndFault(string line, string fault)
    {
        var path = Path.Combine(Path.GetTempPath(), $"pairs-{Guid.NewGuid():N}.jsonl");
        await File.WriteAllTextAsync(path, "{\"gold\": 1, \"prediction\": \"1\"}\n\n" + line + "\n", TestContext.Current.CancellationToken);
        try
        {
            var error = await Assert.ThrowsAsync<InvalidDataException>(() => AnswerPair.ReadAsync(path, TestContext.Current.CancellationToken));
            Assert.Contains($"{path}, line 3: {fault}", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
