using GenPrm.Model.Checkpoints;

namespace GenPrm.Tests.Unit.Model.Checkpoints;

/// <summary>A replacement that is stopped after any of its steps leaves the old folder or the new one, whole.</summary>
public sealed class DurableFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Name => Path.Combine(folder.Path, "model");

    private string Aside => Path.Combine(folder.Path, ".model.writing");

    [Theory]
    [InlineData(true, "contents flushed", "old")]
    [InlineData(true, "exchanged", "new")]
    [InlineData(false, "contents flushed", "old")]
    [InlineData(false, "old one moved away", "new")]
    [InlineData(false, "named", "new")]
    public void Publish_OverAnOldOneStoppedAfterAStep_LeavesAWholeFolder(bool exchange, string stop, string expected)
    {
        Write(Name, "old");
        Write(Aside, "new");
        Assert.Throws<InvalidOperationException>(() => DurableFolder.Publish(Aside, Name, exchange, Stop(stop)));

        DurableFolder.Recover(Aside, Name);

        Assert.Equal(expected, File.ReadAllText(Path.Combine(Name, "inner", "content")));
        Assert.False(Directory.Exists(Aside + ".replaced"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Publish_OverAnOldOne_LeavesTheNewOneAlone(bool exchange)
    {
        Write(Name, "old");
        Write(Aside, "new");
        DurableFolder.Publish(Aside, Name, exchange, _ => { });

        Assert.Equal("new", File.ReadAllText(Path.Combine(Name, "inner", "content")));
        Assert.Equal([Name], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Remove_OfAFolder_LeavesNothing()
    {
        Write(Name, "old");
        DurableFolder.Remove(Name);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static Action<string> Stop(string after) => step =>
    {
        if (step == after)
            throw new InvalidOperationException("killed");
    };

    private static void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.Combine(path, "inner"));
        File.WriteAllText(Path.Combine(path, "inner", "content"), content);
    }
}
