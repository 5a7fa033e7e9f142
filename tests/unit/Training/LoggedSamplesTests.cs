using GenPrm.Grains.Jobs;
using GenPrm.Trainer.Data;
using Microsoft.Extensions.Time.Testing;

namespace GenPrm.Tests.Unit.Training;

public sealed class LoggedSamplesTests
{
    private readonly FakeTimeProvider time = new();
    private readonly FakeJob job = new();
    private readonly List<(long There, long Wanted)> said = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Window_ThatFillsWhileItIsWaitedFor_ReadsEachSampleOnceAndSaysOnceThatItWaits()
    {
        foreach (var length in (int[])[3, 3, 5, 12])
            job.Growth.Enqueue(length);
        var asked = Samples().WindowAsync(0, 8, Cancellation);
        while (!asked.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        var window = await asked;

        Assert.Equal(Enumerable.Range(1, 8).Select(number => $"sums/1/{number}/r0/v0"), window.Select(sample => sample.Id));
        Assert.Equal(Enumerable.Range(1, 8), job.Numbers);
        Assert.Equal([(3L, 8L)], said);
        Assert.Equal(0, job.TimesLetGo);
    }

    [Fact]
    public async Task Window_AskedForByEachOfItsBatches_IsReadOnce()
    {
        job.Length = 20;
        var samples = Samples();

        foreach (var number in (long[])[0, 0, 1, 1, 1])
            Assert.Equal(8, (await samples.WindowAsync(number, 8, Cancellation)).Length);

        Assert.Equal(Enumerable.Range(1, 16), job.Numbers);
    }

    [Fact]
    public async Task Window_InWhichTheLogEnds_LetsTheStoreGo()
    {
        (job.Length, job.State) = (11, JobState.Done);

        var window = await Samples().WindowAsync(1, 8, Cancellation);

        Assert.Equal(3, window.Length);
        Assert.Equal(1, job.TimesLetGo);
    }

    [Theory]
    [InlineData(11, 3)]
    [InlineData(16, 8)]
    public async Task Window_UpToAKnownEnd_DoesNotWaitForWhatCameLater(long end, int expected)
    {
        // The job goes on, since failed problems were given another try.
        (job.Length, job.State) = (60, JobState.Running);

        var window = await Samples().WindowAsync(1, 8, end, Cancellation);

        Assert.Equal(expected, window.Length);
        Assert.Equal(1, job.TimesLetGo);
        Assert.Empty(said);
    }

    private LoggedSamples Samples() => new(job, "sums", 1, time, (there, wanted) => said.Add((there, wanted)));
}
