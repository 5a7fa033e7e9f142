using GenPrm.Silo.Store;

namespace GenPrm.Tests.Client;

public sealed class StoreTests : IDisposable
{
    private readonly StoreFolder _folder = new(Directory.CreateTempSubdirectory("genprm-store").FullName);

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    [Theory]
    [InlineData("/asked", "/home-of-genprm", "/xdg", "/asked")]
    [InlineData(null, "/home-of-genprm", "/xdg", "/home-of-genprm")]
    [InlineData(null, null, "/xdg", "/xdg/genprm")]
    [InlineData(null, null, null, "/home/someone/.local/share/genprm")]
    public void Find_OptionThenVariableThenXdg_InThisOrder(string? asked, string? home, string? xdg, string expected) =>
        Assert.Equal(expected, StoreFolder.Find(asked, name => name switch { "GENPRM_HOME" => home, "XDG_DATA_HOME" => xdg, "HOME" => "/home/someone", _ => null }).Path);

    [Fact]
    public void TryTake_HeldAlready_GivesNullUntilItIsFree()
    {
        using (StoreLock? held = StoreLock.TryTake(_folder, "1.0.0"))
        {
            Assert.NotNull(held);
            Assert.Null(StoreLock.TryTake(_folder, "1.0.0"));
        }

        using StoreLock? again = StoreLock.TryTake(_folder, "1.0.0");
        Assert.NotNull(again);
    }

    [Fact]
    public void TryTake_EndpointOfADeadHost_IsRemoved()
    {
        new StoreEndpoint(int.MaxValue, "127.0.0.1:1", "127.0.0.1:2", "1.0.0", ["coordinate"]).Write(_folder);

        Assert.Null(StoreEndpoint.Read(_folder));
        using StoreLock? held = StoreLock.TryTake(_folder, "1.0.0");
        Assert.False(File.Exists(_folder.EndpointFile));
    }

    [Fact]
    public void Read_EndpointOfALivingHost_GivesItBack()
    {
        var endpoint = new StoreEndpoint(Environment.ProcessId, "127.0.0.1:1", "127.0.0.1:2", "1.0.0", ["coordinate", "generate"]);
        endpoint.Write(_folder);

        Assert.Equivalent(endpoint, StoreEndpoint.Read(_folder));
    }

    [Fact]
    public void TryTake_StoreOfANewerProgram_IsRefusedWithBothVersionsAndFreesTheLock()
    {
        File.WriteAllText(_folder.VersionFile, $$"""{"version": {{StoreVersion.Current + 1}}, "program": "9.9.9"}""");

        var refused = Assert.Throws<StoreException>(() => StoreLock.TryTake(_folder, "1.0.0"));

        Assert.Contains("9.9.9", refused.Message, StringComparison.Ordinal);
        Assert.Contains("1.0.0", refused.Message, StringComparison.Ordinal);
        File.Delete(_folder.VersionFile);
        using StoreLock? free = StoreLock.TryTake(_folder, "1.0.0");
        Assert.NotNull(free);
    }

    [Fact]
    public void TryTake_VersionFileThatIsNone_IsRefusedByName()
    {
        File.WriteAllText(_folder.VersionFile, "{");

        Assert.Contains(_folder.VersionFile, Assert.Throws<StoreException>(() => StoreLock.TryTake(_folder, "1.0.0")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Request_MadeAndWithdrawn_IsSeenOnlyBetween()
    {
        using (var request = new StoreRequest(_folder))
        {
            Assert.False(StoreRequest.IsMade(_folder));
            request.Make();
            Assert.True(StoreRequest.IsMade(_folder));
        }

        Assert.False(StoreRequest.IsMade(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("../../etc")]
    public void Request_FileThatADeadProcessLeft_AsksForNothing(string content)
    {
        File.WriteAllText(_folder.WantedFile, content);

        Assert.False(StoreRequest.IsMade(_folder));
        using var request = new StoreRequest(_folder);
        request.Make();
        Assert.True(StoreRequest.IsMade(_folder));
    }

    [Fact]
    public void Request_MadeByTwo_LastsUntilTheLastWithdraws()
    {
        using var second = new StoreRequest(_folder);
        using (var first = new StoreRequest(_folder))
        {
            first.Make();
            second.Make();
        }

        second.Make();
        Assert.True(StoreRequest.IsMade(_folder));
    }
}
