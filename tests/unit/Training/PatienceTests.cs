using GenPrm.Model.Training;
using GenPrm.Trainer.Data;
using Microsoft.Extensions.Time.Testing;

namespace GenPrm.Tests.Unit.Training;

public sealed class PatienceTests
{
    private readonly FakeTimeProvider time = new();
    private int calls;

    [Fact]
    public async Task Ask_ASiloIsAwayForAWhile_IsAnsweredLater()
    {
        var answer = await WaitedAsync(new Patience(time).AskAsync("the log", () => calls++ < 8 ? throw new TimeoutException("no silo") : Task.FromResult(5), TestContext.Current.CancellationToken));
        Assert.Equal((5, 9), (answer, calls));
    }

    [Fact]
    public async Task Ask_NobodyAnswers_EndsAfterTheLimitAndSaysWhatToDo()
    {
        var start = time.GetUtcNow();
        var error = await Assert.ThrowsAsync<TrainingException>(() => WaitedAsync(new Patience(time).AskAsync<int>("the log", () => throw new TimeoutException("no silo"), TestContext.Current.CancellationToken)));
        Assert.Contains("the log could not be read for 10 minutes: no silo", error.Message, StringComparison.Ordinal);
        Assert.InRange(time.GetUtcNow() - start, Patience.Limit, Patience.Limit + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Ask_ABug_IsNotTriedAgain()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => new Patience(time).AskAsync<int>("the log", () => throw new InvalidOperationException($"a bug {calls++}"), TestContext.Current.CancellationToken));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Ask_StoppedWhileItWaits_Ends()
    {
        using var stop = new CancellationTokenSource();
        var asking = new Patience(time).AskAsync<int>("the log", () => throw new TimeoutException("no silo"), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private async Task<T> WaitedAsync<T>(Task<T> asking)
    {
        while (!asking.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await asking;
    }
}
