using GenPrm.Trainer.Verification;

namespace GenPrm.Tests.Unit.Verification;

public sealed class RowLogTests : IDisposable
{
    private static readonly Dictionary<string, string> Settings = new() { ["--paths"] = "8", ["--seed"] = "1" };
    private readonly TemporaryFolder _folder = new();

    private string Rows => Path.Combine(_folder.Path, "deep", "rows.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_AgainWithTheSameSettings_GoesOnBehindTheRows()
    {
        using (var log = Open())
        {
            log.Add(new("a", 1));
            log.Add(new("b\n", 2));
        }

        using (var log = Open())
        {
            Assert.Equal([new("a", 1), new("b\n", 2)], log.Rows);
            log.Add(new("c", 3));
            Assert.Equal(3, log.Rows.Length);
        }

        Assert.Equal(3, File.ReadAllLines(Rows).Length);
    }

    [Theory]
    [InlineData("{\"name\":\"b\",\"nu")]
    [InlineData("{\"name\":\"b\",\"number\":2}")]
    [InlineData("\"ä")]
    public void Open_TornLastLine_IsCutOff(string torn)
    {
        using (var log = Open())
            log.Add(new("a", 1));
        var whole = File.ReadAllBytes(Rows);
        File.AppendAllText(Rows, torn);
        using (var log = Open())
            Assert.Equal([new("a", 1)], log.Rows);
        Assert.Equal(whole, File.ReadAllBytes(Rows));
    }

    [Fact]
    public void Open_ChangedSettings_AreRefusedByName()
    {
        using (var log = Open())
            log.Add(new("a", 1));
        var error = Assert.Throws<VerificationException>(() => RowLog.Open<Row>(Rows, new Dictionary<string, string> { ["--paths"] = "4", ["--turn"] = "tagged" }));
        Assert.Contains("--paths was 8 and is 4; --seed was 1 and is not there; --turn was not there and is tagged.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense\n")]
    [InlineData("{}\n")]
    [InlineData("{\"name\":null,\"number\":1}\n")]
    public void Open_DamagedLineOrNoSettings_SaysWhere(string damaged)
    {
        using (var log = Open())
            log.Add(new("a", 1));
        File.AppendAllText(Rows, damaged);
        Assert.Contains("rows.jsonl:2:", Assert.Throws<VerificationException>(Open).Message, StringComparison.Ordinal);
        File.Delete(Rows + ".settings.json");
        Assert.Contains("does not say with which settings", Assert.Throws<VerificationException>(Open).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"class":"judged","reason":null,"paths":[]}""", "no paths")]
    [InlineData("""{"class":"judged","reason":null,"paths":null}""", "2: can not be read")]
    [InlineData("""{"class":"judged","reason":null,"paths":[null]}""", "2: can not be read")]
    [InlineData("""{"class":"judged","reason":"\ud800","paths":[]}""", "2: can not be read")]
    [InlineData("""{"class":"judged","reason":null,"paths":[{"steps":[]}]}""", "no step")]
    [InlineData("""{"class":"judged","reason":null,"paths":[{"steps":[{"step":1,"reward":1,"class":"judged"}]},{"steps":[{"step":1,"reward":1,"class":"judged"}]}]}""", "2 paths, and not 1")]
    public void Open_ScoreThatCanNotBe_SaysWhereAndWhy(string score, string why)
    {
        using (var log = RowLog.Open<ScoreRow>(Rows, Settings))
            log.Add(new(ScoreClass.Failed, "so", []));
        File.AppendAllText(Rows, score + "\n");
        var error = Assert.Throws<VerificationException>(() => RowLog.Open<ScoreRow>(Rows, Settings, row => row.TroubleWith(1, 3)));
        Assert.Contains("rows.jsonl:2:", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ChangedSettingsWithoutRows_TakesTheNewOnes()
    {
        Open().Dispose();
        File.WriteAllText(Rows + ".settings.json", "{\"--pa");
        Open().Dispose();
        RowLog.Open<Row>(Rows, new Dictionary<string, string> { ["--paths"] = "4" }).Dispose();
    }

    [Fact]
    public void Open_WhileAnotherHasIt_IsRefusedAndTheRowsCanBeRead()
    {
        using var first = Open();
        first.Add(new("a", 1));
        using (var reader = new StreamReader(new FileStream(Rows, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)))
            Assert.Equal("{\"name\":\"a\",\"number\":1}\n", reader.ReadToEnd());
        Assert.Contains("can not be opened", Assert.Throws<VerificationException>(Open).Message, StringComparison.Ordinal);
    }

    private RowLog<Row> Open() => RowLog.Open<Row>(Rows, Settings);

    private sealed record Row(string Name, int Number);
}
