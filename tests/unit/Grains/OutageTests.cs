using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Grains.Workers;
using Microsoft.Extensions.Time.Testing;

namespace GenPrm.Tests.Unit.Grains;

public sealed class OutageTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Note_AgainAndAgain_PausesLongerUpToTheLimitAndNeverGivesUp()
    {
        var outage = New("w");
        var pauses = new List<TimeSpan>();
        for (var times = 0; times < 20; times++)
        {
            outage.Note(outage.Pauses);
            pauses.Add(await PauseAsync(outage));
        }

        Assert.InRange(pauses[0], First / 2, First);
        Assert.InRange(pauses[3], First * 4, First * 8);
        Assert.All(pauses.Skip(10), pause => Assert.InRange(pause, Longest / 2, Longest));
        // Workers that lost the same engine do not all come back at once.
        Assert.True(pauses.Skip(10).Distinct().Count() > 5);
    }

    [Fact]
    public async Task Note_ByAllUnitsThatRanAtOnce_IsOnePause()
    {
        var outage = New("w");
        var before = outage.Pauses;
        for (var unit = 0; unit < 16; unit++)
            outage.Note(before);
        Assert.Equal(1, outage.Pauses);
        Assert.InRange(await PauseAsync(outage), First / 2, First);
    }

    [Fact]
    public async Task End_AUnitWasDone_BeginsWithTheFirstPauseAgain()
    {
        var outage = New("w");
        for (var times = 0; times < 10; times++)
            outage.Note(outage.Pauses);
        outage.End();
        Assert.False(outage.IsOn);
        await outage.WaitAsync(TestContext.Current.CancellationToken);
        outage.Note(outage.Pauses);
        Assert.InRange(await PauseAsync(outage), First / 2, First);
    }

    [Fact]
    public async Task Wait_TheSiloStops_Ends()
    {
        using var stop = new CancellationTokenSource();
        var outage = New("w");
        outage.Note(outage.Pauses);
        var waiting = outage.WaitAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Explains_WhatIsMissing_AndNotWhatTheUnitDoes()
    {
        Assert.True(Outage.Explains(new SandboxUnavailableException("no engine"), delivering: false));
        Assert.True(Outage.Explains(new SandboxUnavailableException("too many wait") { Trouble = SandboxTrouble.Busy }, delivering: false));
        Assert.True(Outage.Explains(new GeneratorUnavailableException("no folder"), delivering: false));
        Assert.False(Outage.Explains(new SandboxUnavailableException("it ends sandboxes") { Trouble = SandboxTrouble.Lost }, delivering: false));
        Assert.False(Outage.Explains(new TimeoutException("the work took too long"), delivering: false));
        Assert.True(Outage.Explains(new TimeoutException("the owner did not answer"), delivering: true));
        Assert.False(Outage.Explains(new InvalidOperationException("a bug"), delivering: true));
    }

    private Outage New(string worker) => new(worker, First, Longest, _time);

    /// <summary>How long the outage holds its worker, in steps of a hundredth of a second.</summary>
    private async Task<TimeSpan> PauseAsync(Outage outage)
    {
        var start = _time.GetUtcNow();
        var waiting = outage.WaitAsync(TestContext.Current.CancellationToken);
        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
            Assert.True(_time.GetUtcNow() - start <= Longest + TimeSpan.FromSeconds(1));
        }

        await waiting;
        return _time.GetUtcNow() - start;
    }
}
