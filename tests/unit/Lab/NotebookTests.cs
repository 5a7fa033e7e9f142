using GenPrm.Lab.Runs;
using Microsoft.Extensions.Time.Testing;

namespace GenPrm.Tests.Unit.Lab;

public sealed class NotebookTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Once_OfAFinishedResult_DoesNotWorkAgain()
    {
        using var folder = new TemporaryFolder();
        var notebook = new Notebook(folder.Path, _time);
        Assert.Equal(7, await notebook.OnceAsync("a", () => Task.FromResult(7)));
        Assert.Equal(7, await notebook.OnceAsync<int>("a", () => throw new InvalidOperationException("worked out again")));
    }

    [Fact]
    public async Task Seconds_OfWorkThatWasStoppedAndGoneOnWith_AreOfAllItsParts()
    {
        using var folder = new TemporaryFolder();
        await Assert.ThrowsAsync<OperationCanceledException>(() => new Notebook(folder.Path, _time).OnceAsync<int>("a", () => Work(30, new OperationCanceledException())));
        var notebook = new Notebook(folder.Path, _time);
        await notebook.OnceAsync("a", () => Work(12));
        await notebook.OnceAsync("b", () => Work(1));
        await notebook.OnceAsync("a", () => Work(100));
        Assert.Equal([("a", 42.0), ("b", 1.0)], notebook.Seconds.Select(one => (one.Key, one.Value)));
    }

    [Fact]
    public async Task Seconds_OfWorkThatIsKilled_WereNotedAsItWentOn()
    {
        using var folder = new TemporaryFolder();
        var killed = new TaskCompletionSource<int>();
        Task<int> running = new Notebook(folder.Path, _time).OnceAsync("a", () => killed.Task);
        _time.Advance(TimeSpan.FromSeconds(5));
        var next = new Notebook(folder.Path, _time);
        while (next.Seconds.IsEmpty)
            await Task.Yield();
        Assert.Equal(5, next.Seconds["a"]);
        killed.SetResult(1);
        await running;
    }

    [Fact]
    public async Task Once_OfABrokenFile_SaysWhatToRemove()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("a.json", "");
        var error = await Assert.ThrowsAsync<LabException>(() => new Notebook(folder.Path, _time).OnceAsync("a", () => Task.FromResult(1)));
        Assert.StartsWith($"{file} can not be read", error.Message, StringComparison.Ordinal);
    }

    private Task<int> Work(int seconds, Exception? error = null)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return error is null ? Task.FromResult(seconds) : Task.FromException<int>(error);
    }
}
