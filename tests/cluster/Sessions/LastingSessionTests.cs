using GenPrm.Client;
using GenPrm.Client.Sessions;
using GenPrm.Grains.Hosting;
using GenPrm.Grains.Jobs;
using GenPrm.Silo.Hosting;
using GenPrm.Silo.Store;

namespace GenPrm.Tests.Cluster.Sessions;

/// <summary>A reader whose hosts come and go, as those of <c>train --job</c> do.</summary>
public sealed class LastingSessionTests : IDisposable
{
    private readonly StoreFolder _folder = new(Directory.CreateTempSubdirectory("genprm-lasting-").FullName);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    [Fact]
    public async Task Ask_HostsOfTheStoreComeAndGo_IsAnsweredByEach()
    {
        await using var reader = new LastingSession(new() { Folder = _folder }, _ => { });
        await using (await HostAsync())
            Assert.Equal(JobState.Unknown, await StateAsync(reader));
        // A new host has a new port.
        await using (await HostAsync())
            Assert.Equal(JobState.Unknown, await StateAsync(reader));
        // With no other the reader hosts the store itself.
        Assert.Equal(JobState.Unknown, await StateAsync(reader));
        Assert.Equal(Environment.ProcessId, StoreEndpoint.Read(_folder)?.Pid);
    }

    [Fact]
    public async Task Ask_ACommandThatWorksWantsTheStore_GetsItAndTheReaderReadsThroughIt()
    {
        await using var reader = new LastingSession(new() { Folder = _folder }, _ => { });
        await reader.OpenAsync(Cancellation);
        using var wanted = new StoreRequest(_folder);
        wanted.Make();

        // The reader asks all the while, and still does not take the store again.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asking = AskAsync(stop.Token);
        await using var host = await HostAsync();
        wanted.Dispose();

        Assert.Equal(JobState.Unknown, await StateAsync(reader));
        await stop.CancelAsync();
        await asking;

        async Task AskAsync(CancellationToken cancellation)
        {
            try
            {
                while (true)
                    await StateAsync(reader, cancellation);
            }
            catch (OperationCanceledException)
            {
                // Enough.
            }
        }
    }

    [Fact]
    public async Task LetGo_OfAStoreThatItHosts_FreesItUntilTheNextCall()
    {
        await using var reader = new LastingSession(new() { Folder = _folder }, _ => { });
        await reader.OpenAsync(Cancellation);
        await reader.LetGoAsync();

        using (StoreLock? free = StoreLock.TryTake(_folder, ProgramVersion.Text))
            Assert.NotNull(free);
        Assert.Equal(JobState.Unknown, await StateAsync(reader));
    }

    private async Task<LocalHost> HostAsync()
    {
        while (true)
        {
            if (await LocalHost.TryStartAsync(_folder, SessionOptions.Reading, ProgramVersion.Text, Cancellation) is { } host)
                return host;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }

    /// <summary>Asks until there is an answer, as a trainer does.</summary>
    private static async Task<JobState> StateAsync(LastingSession reader, CancellationToken? cancellation = null)
    {
        while (true)
        {
            try
            {
                return (await reader.AskAsync(grains => grains.GetGrain<IJobGrain>("none").Summary(), cancellation ?? Cancellation)).State;
            }
            catch (Exception passing) when (GrainTrouble.IsPassing(passing))
            {
                // Another try.
            }
        }
    }
}
