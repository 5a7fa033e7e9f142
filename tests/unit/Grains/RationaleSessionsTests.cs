using GenPrm.Core.Execution;
using GenPrm.Grains.Workers;
using Microsoft.Extensions.Time.Testing;

namespace GenPrm.Tests.Unit.Grains;

public sealed class RationaleSessionsTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingSandbox _sandbox = new();
    private readonly RationaleSessions _sessions;

    public RationaleSessionsTests() =>
        _sessions = new(_sandbox, new WorkerOptions { Sandboxes = 2, SandboxIdle = TimeSpan.FromSeconds(30) }, _time);

    public ValueTask DisposeAsync() => _sessions.DisposeAsync();

    [Fact]
    public async Task Run_NextBlockOfAHeldRationale_RunsThatBlockAlone()
    {
        await RunAsync("v0", "a");
        await RunAsync("v0", "a", "b");
        Assert.Equal(["1:a", "1:b"], _sandbox.Ran);
    }

    [Fact]
    public async Task Run_RationaleOfAnotherSilo_ReplaysTheEarlierBlocks()
    {
        await RunAsync("v0", "a", "b", "c");
        Assert.Equal(["1:a", "1:b", "1:c"], _sandbox.Ran);
    }

    [Fact]
    public async Task Run_SameBlockAgain_StartsAfresh()
    {
        // A result got lost and the unit came back: the interpreter has run the block already and must not run it twice.
        await RunAsync("v0", "a", "b");
        await RunAsync("v0", "a", "b");
        Assert.Equal(["1:a", "1:b", "2:a", "2:b"], _sandbox.Ran);
        Assert.Equal([2], _sandbox.Open);
    }

    [Fact]
    public async Task Run_SandboxLost_ReplaysInAnother()
    {
        _sandbox.Lose = (session, code) => session == 1 && code == "b";
        Assert.IsType<SandboxOutcome.Completed>(await RunAsync("v0", "a", "b"));
        Assert.Equal(["1:a", "1:b", "2:a", "2:b"], _sandbox.Ran);
        Assert.Equal([2], _sandbox.Open);
    }

    [Fact]
    public async Task Run_SandboxesLostAgainAndAgain_GivesUpWithTheReason()
    {
        _sandbox.Lose = (_, _) => true;
        var trouble = await Assert.ThrowsAsync<SandboxUnavailableException>(() => RunAsync("v0", "a"));
        Assert.Contains("gone", trouble.Message, StringComparison.Ordinal);
        Assert.Empty(_sandbox.Open);
    }

    [Fact]
    public async Task Run_MoreRationalesThanSandboxes_ClosesTheOneThatWaitedLongest()
    {
        foreach (var rationale in new[] { "v0", "v1", "v2" })
        {
            await RunAsync(rationale, "a");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([2, 3], _sandbox.Open);
    }

    [Fact]
    public async Task CloseIdle_AfterTheIdleTime_ClosesTheInterpreter()
    {
        await RunAsync("v0", "a");
        _time.Advance(TimeSpan.FromSeconds(29));
        await _sessions.CloseIdleAsync();
        Assert.Equal([1], _sandbox.Open);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _sessions.CloseIdleAsync();
        Assert.Empty(_sandbox.Open);
    }

    private Task<SandboxOutcome> RunAsync(string rationale, params string[] blocks) =>
        _sessions.RunAsync(rationale, [.. blocks], TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

    private sealed class RecordingSandbox : ISandbox
    {
        private int _opened;

        public List<string> Ran { get; } = [];

        public SortedSet<int> Open { get; } = [];

        public Func<int, string, bool> Lose { get; set; } = (_, _) => false;

        public Task<ISandboxSession> OpenAsync(CancellationToken cancellationToken)
        {
            Open.Add(++_opened);
            return Task.FromResult<ISandboxSession>(new Session(this, _opened));
        }

        private sealed class Session(RecordingSandbox sandbox, int number) : ISandboxSession
        {
            public Task<SandboxOutcome> RunAsync(string code, TimeSpan? limit, CancellationToken cancellationToken)
            {
                sandbox.Ran.Add($"{number}:{code}");
                return Task.FromResult<SandboxOutcome>(sandbox.Lose(number, code)
                    ? new SandboxOutcome.Lost("", TimeSpan.Zero, "gone")
                    : new SandboxOutcome.Completed(code, TimeSpan.Zero));
            }

            public ValueTask DisposeAsync()
            {
                sandbox.Open.Remove(number);
                return ValueTask.CompletedTask;
            }
        }
    }
}
