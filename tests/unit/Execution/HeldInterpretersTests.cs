using GenPrm.Core.Execution;
using Microsoft.Extensions.Time.Testing;

namespace GenPrm.Tests.Unit.Execution;

public sealed class HeldInterpretersTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingSandbox _sandbox = new();
    private readonly HeldInterpreters _interpreters;
    private CancellationTokenSource _stop = new();

    public HeldInterpretersTests() =>
        _interpreters = new(_sandbox, 2, TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(100), _time);

    public async ValueTask DisposeAsync()
    {
        await _interpreters.DisposeAsync();
        _stop.Dispose();
    }

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
        var run = RunAsync("v0", "a", "b");
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.IsType<SandboxOutcome.Completed>(await run);
        Assert.Equal(["1:a", "1:b", "2:a", "2:b"], _sandbox.Ran);
        Assert.Equal([2], _sandbox.Open);
    }

    [Fact]
    public async Task Run_SandboxesLostAgainAndAgain_WaitsBetweenTriesAndGivesUpWithTheReason()
    {
        _sandbox.Lose = (_, _) => true;
        var run = RunAsync("v0", "a");
        Assert.Equal(["1:a"], _sandbox.Ran);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(["1:a", "2:a"], _sandbox.Ran);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.False(run.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        var trouble = await Assert.ThrowsAsync<SandboxUnavailableException>(() => run);
        Assert.Contains("gone", trouble.Message, StringComparison.Ordinal);
        Assert.Equal(["1:a", "2:a", "3:a"], _sandbox.Ran);
        Assert.Empty(_sandbox.Open);
    }

    [Fact]
    public async Task Run_OneIdlesAndOneRuns_ClosesTheIdleOneForAThird()
    {
        await RunAsync("v0", "a");
        _sandbox.Hold = new();
        var first = RunAsync("v1", "a");
        var second = RunAsync("v2", "a");
        Assert.Equal([2, 3], _sandbox.Open);
        _sandbox.Hold.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal([2, 3], _sandbox.Open);
    }

    [Fact]
    public async Task Run_MoreAtOnceThanSandboxes_TheOthersWaitForAPlace()
    {
        _sandbox.Hold = new();
        var runs = Enumerable.Range(0, 5).Select(rationale => RunAsync($"v{rationale}", "a")).ToArray();
        Assert.Equal(["1:a", "2:a"], _sandbox.Ran);
        _sandbox.Hold.SetResult();
        await Task.WhenAll(runs);
        Assert.Equal(5, _sandbox.Ran.Count);
        Assert.Equal(2, _sandbox.MostOpen);
    }

    [Fact]
    public async Task Run_GivenUpInTheMiddleOfABlock_ClosesTheInterpreterAndFreesItsPlace()
    {
        _sandbox.Hold = new();
        Task<SandboxOutcome>[] runs = [RunAsync("v0", "a"), RunAsync("v1", "a"), RunAsync("v2", "a")];
        await _stop.CancelAsync();
        foreach (var run in runs)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Empty(_sandbox.Open);

        _sandbox.Hold = null;
        _stop = new();
        await Task.WhenAll(RunAsync("v0", "a"), RunAsync("v1", "a"));
        Assert.Equal(2, _sandbox.Open.Count);
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
        await _interpreters.CloseIdleAsync();
        Assert.Equal([1], _sandbox.Open);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _interpreters.CloseIdleAsync();
        Assert.Empty(_sandbox.Open);
    }

    [Fact]
    public async Task Close_OwnerThatIsDone_GivesItsInterpreterBack()
    {
        await RunAsync("v0", "a");
        await _interpreters.CloseAsync("v0");
        await _interpreters.CloseAsync("v0");
        Assert.Empty(_sandbox.Open);
    }

    [Fact]
    public async Task Dispose_WhileABlockRuns_ClosesItsInterpreterAfterIt()
    {
        _sandbox.Hold = new();
        var running = RunAsync("v0", "a");
        await _interpreters.DisposeAsync();
        _sandbox.Hold.SetResult();
        await running;
        Assert.Empty(_sandbox.Open);
    }

    private Task<SandboxOutcome> RunAsync(string rationale, params string[] blocks) =>
        _interpreters.RunAsync(rationale, [.. blocks], TimeSpan.FromSeconds(5), _stop.Token);

    private sealed class RecordingSandbox : ISandbox
    {
        private int _opened;

        public List<string> Ran { get; } = [];

        public SortedSet<int> Open { get; } = [];

        public Func<int, string, bool> Lose { get; set; } = (_, _) => false;

        /// <summary>While it is set, no block ends.</summary>
        public TaskCompletionSource? Hold { get; set; }

        public int MostOpen { get; private set; }

        public Task<ISandboxSession> OpenAsync(CancellationToken cancellationToken)
        {
            Open.Add(++_opened);
            MostOpen = Math.Max(MostOpen, Open.Count);
            return Task.FromResult<ISandboxSession>(new Session(this, _opened));
        }

        private sealed class Session(RecordingSandbox sandbox, int number) : ISandboxSession
        {
            public async Task<SandboxOutcome> RunAsync(string code, TimeSpan? limit, CancellationToken cancellationToken)
            {
                sandbox.Ran.Add($"{number}:{code}");
                if (sandbox.Hold is { } hold)
                    await hold.Task.WaitAsync(cancellationToken);
                return sandbox.Lose(number, code)
                    ? new SandboxOutcome.Lost("", TimeSpan.Zero, "gone")
                    : new SandboxOutcome.Completed(code, TimeSpan.Zero);
            }

            public ValueTask DisposeAsync()
            {
                sandbox.Open.Remove(number);
                return ValueTask.CompletedTask;
            }
        }
    }
}
