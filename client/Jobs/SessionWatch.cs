using GenPrm.Client.Sessions;
using GenPrm.Grains.Jobs;
using GenPrm.Silo.Store;

namespace GenPrm.Client.Jobs;

/// <summary>Watches over a session in which a job is followed: its host may go, and the disk of a store that is hosted here may fill.</summary>
internal sealed class SessionWatch : IDisposable
{
    private static readonly Task<long> Endless = new TaskCompletionSource<long>().Task;

    private readonly ClusterSession _session;
    private readonly CancellationTokenSource _leaving;

    /// <param name="session">What is watched.</param>
    /// <param name="folder">The local store that it may host.</param>
    /// <param name="cancellation">The user's.</param>
    public SessionWatch(ClusterSession session, StoreFolder folder, CancellationToken cancellation)
    {
        _session = session;
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _ = session.Lost.ContinueWith(_ => _leaving.CancelAsync(), TaskScheduler.Default);
        Low = session.Hosts ? StoreRoom.LowAsync(() => StoreRoom.Free(folder), TimeProvider.System, _leaving.Token) : Endless;
        _ = Low.ContinueWith(_ => _leaving.CancelAsync(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    /// <summary>Ends what is done in the session: the user stopped it, the host is gone, or the disk is nearly full.</summary>
    public CancellationToken Leaving => _leaving.Token;

    /// <summary>Completes with the free bytes when there is too little room left.</summary>
    public Task<long> Low { get; }

    /// <summary>Whether the host is gone.</summary>
    public bool Lost => _session.Lost.IsCompleted;

    /// <summary>Ends what is done in the session.</summary>
    public Task LeaveAsync() => _leaving.CancelAsync();

    /// <summary>Pauses a job of the session before the session ends, so that what is stored tells the truth: nobody works on it.</summary>
    public async Task PauseAsync(string name, Action<string> say)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        try
        {
            await GrainCalls.AskAsync(_session.Grains.GetGrain<IJobGrain>(name).Pause, patience.Token);
        }
        catch (Exception late) when (late is OperationCanceledException or CommandLine.CommandException)
        {
            say("The job could not be paused in time; what is stored stays stored.");
        }
    }

    public void Dispose() => _leaving.Dispose();
}
