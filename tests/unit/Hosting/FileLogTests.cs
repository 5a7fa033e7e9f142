using GenPrm.Silo.Hosting;
using Microsoft.Extensions.Logging;

namespace GenPrm.Tests.Unit.Hosting;

public sealed class FileLogTests
{
    [Fact]
    public async Task Log_Lines_AreInTheFileInOrder()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "logs", "silo.log");
        await using (var log = new FileLog(path, TimeProvider.System))
        {
            var logger = log.CreateLogger("GenPrm.Silo.Test");
            foreach (var number in Enumerable.Range(0, 2_000))
                logger.Log(LogLevel.Information, default, number, null, (state, _) => $"line {state}");
        }

        var lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(2_000, lines.Length);
        Assert.EndsWith("Test: line 1999", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_AFileThatCanNotBeWritten_EndsNothing()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "logs", "silo.log");
        await using var log = new FileLog(path, TimeProvider.System);
        Directory.Delete(Path.Combine(folder.Path, "logs"));
        log.CreateLogger("x").Log(LogLevel.Error, default, 0, null, (_, _) => "lost");
        await log.DisposeAsync();
        Assert.False(File.Exists(path));
    }
}
