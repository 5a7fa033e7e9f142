using GenPrm.Core.Sharing;
using Microsoft.Extensions.Time.Testing;

namespace GenPrm.Tests.Unit.Sharing;

public sealed class OpenedTests
{
    private readonly FakeTimeProvider _time = new();
    private int _opened;

    [Fact]
    public async Task Get_ByMany_OpensOnce()
    {
        var gate = new TaskCompletionSource();
        var shared = New(async () =>
        {
            await gate.Task;
            return _opened;
        });
        var all = Enumerable.Range(0, 8).Select(_ => shared.GetAsync()).ToArray();
        gate.SetResult();
        Assert.All(await Task.WhenAll(all), number => Assert.Equal(1, number));
        Assert.Equal(1, await shared.GetAsync());
    }

    [Fact]
    public async Task Get_AfterAFailure_TellsItUntilTheWaitIsOverAndThenTriesAgain()
    {
        var shared = New(() => _opened < 4 ? throw new IOException($"failure {_opened}") : Task.FromResult(_opened));
        foreach (var (wait, failure) in new[] { (1, 1), (2, 2), (3, 3) })
        {
            Assert.Equal($"failure {failure}", (await Assert.ThrowsAsync<IOException>(shared.GetAsync)).Message);
            _time.Advance(TimeSpan.FromSeconds(wait) - TimeSpan.FromTicks(1));
            Assert.Equal($"failure {failure}", (await Assert.ThrowsAsync<IOException>(shared.GetAsync)).Message);
            _time.Advance(TimeSpan.FromTicks(1));
        }

        Assert.Equal(4, await shared.GetAsync());
        Assert.Equal(4, await shared.GetAsync());
    }

    [Fact]
    public void Current_NobodyAsked_IsNullAndOpensNothing()
    {
        Assert.Null(New(() => Task.FromResult(1)).Current);
        Assert.Equal(0, _opened);
    }

    private Opened<int> New(Func<Task<int>> open) => new(
        () =>
        {
            _opened++;
            return open();
        },
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), _time);
}
