using GenPrm.Silo.Store;
using Microsoft.Extensions.Time.Testing;

namespace GenPrm.Tests.Unit.Hosting;

public sealed class StoreRoomTests
{
    [Fact]
    public async Task Low_ADiskThatFills_IsSeenAndSaid()
    {
        var time = new FakeTimeProvider();
        var free = StoreRoom.Least + 1;
        var low = StoreRoom.LowAsync(() => free, time, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(low.IsCompleted);
        free = 3L << 20;
        while (!low.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("The disk of the store /data has 3 MiB left; 64 are wanted. Free some, or give another folder with --data.", StoreRoom.Trouble(new("/data"), await low));
    }

    [Fact]
    public async Task Low_NoLongerWatched_Ends()
    {
        using var stop = new CancellationTokenSource();
        var low = StoreRoom.LowAsync(() => long.MaxValue, new FakeTimeProvider(), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => low);
    }
}
