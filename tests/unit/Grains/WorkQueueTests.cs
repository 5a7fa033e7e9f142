using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Grains.Hosting;
using GenPrm.Grains.Queues;
using Orleans.Runtime;

namespace GenPrm.Tests.Unit.Grains;

public sealed class WorkQueueTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly QueueOptions Options = new() { Capacity = 4, LeaseTime = TimeSpan.FromSeconds(60), MaxTries = 2, RetryDelay = TimeSpan.FromSeconds(1) };
    private readonly WorkQueue _queue = new(Options);

    [Fact]
    public void Offer_SameIdTwice_IsQueuedOnce()
    {
        _queue.Offer([Unit("a"), Unit("a")]);
        Assert.Equal("a", Assert.Single(_queue.Take("w", 100, Start)).Id);
        Assert.Equal(new OfferOutcome(1, 0), _queue.Offer([Unit("a")]));
        Assert.Empty(_queue.Take("w", 100, Start));
    }

    [Fact]
    public void Offer_BeyondTheCapacity_IsRefusedAndTheJobIsCalledWhenThereIsRoom()
    {
        Assert.Equal(new OfferOutcome(4, 2), _queue.Offer(Enumerable.Range(0, 6).Select(i => Unit($"u{i}"))));
        Assert.Empty(_queue.Welcome());
        Assert.Equal(2, _queue.Take("w", 2, Start).Length);
        Assert.Equal(["j"], _queue.Welcome());
        Assert.Empty(_queue.Welcome());
    }

    [Fact]
    public void Take_TwoJobs_TakesTurnsAndTheOldestProblemFirst()
    {
        _queue.Offer([Unit("a9", "a", 9), Unit("a1", "a", 1), Unit("b5", "b", 5)]);
        Assert.Equal(["a1", "b5", "a9"], _queue.Take("w", 3, Start).Select(unit => unit.Id));
    }

    [Fact]
    public void Take_CapacityUsedUp_Stops()
    {
        _queue.Offer([Unit("a", size: 3), Unit("b", size: 3), Unit("c", size: 3)]);
        // The last one given may be larger than what is left.
        Assert.Equal(["a", "b"], _queue.Take("w", 4, Start).Select(unit => unit.Id));
    }

    [Fact]
    public void Pass_LeaseRunsOut_GivesTheUnitToAnotherWorkerOnce()
    {
        _queue.Offer([Unit("a")]);
        _queue.Take("dead", 1, Start);
        Assert.Empty(_queue.Pass(Start + TimeSpan.FromSeconds(59)));
        Assert.Empty(_queue.Take("w", 1, Start + TimeSpan.FromSeconds(59)));
        Assert.Empty(_queue.Pass(Start + TimeSpan.FromSeconds(60)));
        Assert.Empty(_queue.Pass(Start + TimeSpan.FromSeconds(61)));
        Assert.Single(_queue.Take("w", 1, Start + TimeSpan.FromSeconds(61)));
        Assert.Equal(["a"], _queue.Extend("dead", ["a"], Start + TimeSpan.FromSeconds(62)));
        Assert.Empty(_queue.Extend("w", ["a"], Start + TimeSpan.FromSeconds(62)));
        Assert.Equal(1, _queue.View("q").Expired);
    }

    [Fact]
    public void Extend_InTime_KeepsTheLease()
    {
        _queue.Offer([Unit("a")]);
        _queue.Take("w", 1, Start);
        _queue.Extend("w", ["a"], Start + TimeSpan.FromSeconds(50));
        _queue.Pass(Start + TimeSpan.FromSeconds(100));
        Assert.Equal(1, _queue.View("q").Leased);
    }

    [Fact]
    public void Fail_AsOftenAsAllowed_WaitsInBetweenAndThenDies()
    {
        _queue.Offer([Unit("a")]);
        _queue.Take("w", 1, Start);
        Assert.Null(_queue.Fail("w", "a", "broken", false, Start));
        Assert.Empty(_queue.Take("w", 1, Start));
        _queue.Pass(Start + TimeSpan.FromSeconds(1));
        Assert.Single(_queue.Take("w", 1, Start + TimeSpan.FromSeconds(1)));
        var dead = _queue.Fail("w", "a", "broken", false, Start + TimeSpan.FromSeconds(1));
        Assert.Equal("Given up after 2 tries: broken", dead?.Reason);
        Assert.False(dead!.Permanent);
        Assert.Equal(0, _queue.View("q").Waiting + _queue.View("q").Leased);
    }

    [Fact]
    public void Fail_Permanently_DiesAtOnce()
    {
        _queue.Offer([Unit("a")]);
        _queue.Take("w", 1, Start);
        Assert.Equal(("too long", true), _queue.Fail("w", "a", "too long", true, Start) is { } dead ? (dead.Reason, dead.Permanent) : default);
    }

    [Fact]
    public void Fail_ByAWorkerThatLostTheLease_ChangesNothing()
    {
        _queue.Offer([Unit("a")]);
        _queue.Take("slow", 1, Start);
        _queue.Pass(Start + TimeSpan.FromSeconds(60));
        _queue.Pass(Start + TimeSpan.FromSeconds(61));
        _queue.Take("w", 1, Start + TimeSpan.FromSeconds(61));
        Assert.Null(_queue.Fail("slow", "a", "broken", true, Start + TimeSpan.FromSeconds(62)));
        Assert.Equal(1, _queue.View("q").Leased);
    }

    [Fact]
    public void Complete_ByALateWorker_ForgetsTheUnitAndCountsWhatCameSecond()
    {
        _queue.Offer([Unit("a")]);
        _queue.Take("slow", 1, Start);
        _queue.Pass(Start + TimeSpan.FromSeconds(60));
        _queue.Pass(Start + TimeSpan.FromSeconds(61));
        _queue.Take("w", 1, Start + TimeSpan.FromSeconds(61));
        _queue.Complete("a", Receipt.Taken);
        Assert.Equal(["a"], _queue.Extend("w", ["a"], Start + TimeSpan.FromSeconds(62)));
        _queue.Complete("a", Receipt.Dropped);
        Assert.Equal((1L, 1L), (_queue.View("q").Completed, _queue.View("q").Dropped));
    }

    [Fact]
    public void Return_ByAWorkerThatStops_CountsAsNoTry()
    {
        _queue.Offer([Unit("a")]);
        for (var times = 0; times < 5; times++)
        {
            Assert.Single(_queue.Take("w", 1, Start));
            _queue.Return("w", ["a"], null);
        }
    }

    [Fact]
    public void Return_ForWantOfASandbox_KeepsTheTriesAndShowsTheTroubleUntilAUnitIsDone()
    {
        _queue.Offer([Unit("a")]);
        _queue.Take("w", 1, Start);
        Assert.Null(_queue.Fail("w", "a", "its own fault", false, Start));
        _queue.Pass(Start + TimeSpan.FromSeconds(1));
        for (var times = 0; times < 5; times++)
        {
            Assert.Single(_queue.Take("w", 1, Start));
            _queue.Return("w", ["a"], "no engine");
            Assert.Equal(("no engine", 1), (_queue.View("q").Trouble, _queue.View("q").Waiting));
        }

        // A worker that only stops knows nothing of the trouble.
        _queue.Take("w", 1, Start);
        _queue.Return("w", ["a"], null);
        Assert.Equal("no engine", _queue.View("q").Trouble);

        _queue.Take("w", 1, Start);
        Assert.StartsWith("Given up after 2 tries", _queue.Fail("w", "a", "its own fault", false, Start)?.Reason, StringComparison.Ordinal);
        _queue.Complete("b", Receipt.Taken);
        Assert.Null(_queue.View("q").Trouble);
    }

    [Fact]
    public void Return_OfAHeldJob_IsNotLentAgainUntilItsOwnerAsks()
    {
        _queue.Offer([Unit("a"), Unit("b")]);
        _queue.Take("w", 2, Start);
        _queue.Hold("j");
        _queue.Return("w", ["a", "b"], "no engine");
        Assert.Empty(_queue.Take("w", 2, Start));
        Assert.Equal(0, _queue.View("q").Waiting + _queue.View("q").Leased);
        _queue.Admit("j");
        Assert.Equal(new OfferOutcome(1, 0), _queue.Offer([Unit("a")]));
        Assert.Equal("a", Assert.Single(_queue.Take("w", 2, Start)).Id);
    }

    [Fact]
    public void Hold_DropsWhatWaitsAndRefusesMoreUntilAdmitted()
    {
        _queue.Offer([Unit("a"), Unit("b"), Unit("other", "o")]);
        _queue.Hold("j");
        Assert.Equal(["other"], _queue.Take("w", 9, Start).Select(unit => unit.Id));
        Assert.Equal(new OfferOutcome(0, 1), _queue.Offer([Unit("a")]));
        _queue.Admit("j");
        Assert.Equal(new OfferOutcome(1, 0), _queue.Offer([Unit("a")]));
    }

    [Fact]
    public void View_WorkerThatStoppedAsking_IsForgotten()
    {
        _queue.Take("w", 1, Start);
        Assert.Equal(1, _queue.View("q").Workers);
        _queue.Pass(Start + Options.WorkerMemory);
        Assert.Equal(0, _queue.View("q").Workers);
    }

    private static WorkUnit Unit(string id, string job = "j", int problem = 0, int size = 1) => new(
        id, job, problem, GrainId.Create("test", id),
        new Work.Generate(new GenerationRequest("m", new Prompt.Text("p"), [.. Enumerable.Repeat(1UL, size)], new Sampling()), [.. Enumerable.Range(0, size)]));
}
