using GenPrm.Client.CommandLine;
using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;
using GenPrm.Grains.Jobs;
using GenPrm.Silo.Hosting;
using GenPrm.Silo.Store;

namespace GenPrm.Client.Lab;

/// <summary>An ordinary job in a lab run's own store, with something that goes on beside it, such as a training that reads its log.</summary>
/// <param name="folder">The lab run.</param>
/// <param name="generate">How models are run.</param>
/// <param name="say">Told what is waited for.</param>
internal sealed class LabJob(LabFolder folder, GenerateSettings generate, Action<string> say)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Runs a job to its end, or goes on with it. Stopped, it is paused, and goes on when it is run again.</summary>
    /// <param name="look">Shown the job every second, its end included.</param>
    /// <param name="beside">Begins when the job has; both are waited for.</param>
    /// <param name="after">Has the session when job and companion have ended.</param>
    /// <exception cref="CommandException">It was paused or cancelled from elsewhere, its store's disk is nearly full, or its host is gone.</exception>
    public async Task<T> RunAsync<T>(
        PreparedJob job, Action<JobSummary> look, Func<ClusterSession, CancellationToken, Task> beside, Func<ClusterSession, JobSummary, Task<T>> after, CancellationToken cancellation)
    {
        var options = new SessionOptions { Folder = folder.Store, Settings = SessionOptions.Working with { Generate = generate } };
        await using ClusterSession session = await ClusterSession.OpenAsync(options, say, cancellation);
        using var watch = new SessionWatch(session, folder.Store, cancellation);
        Task companion = Task.CompletedTask;
        string? name = null;
        try
        {
            name = await JobRunner.StartAsync(job, fresh: false, session.Grains, _ => { }, watch.Leaving);
            companion = beside(session, watch.Leaving);
            JobSummary last = await FollowAsync(session.Grains.GetGrain<IJobGrain>(name), look, companion, watch.Leaving);
            await companion;
            return await after(session, last);
        }
        catch (Exception error)
        {
            bool lost = watch.Lost;
            await watch.LeaveAsync();
            await companion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (name is not null && session.Hosts && !lost)
                await watch.PauseAsync(name, say);
            if (error is OperationCanceledException && !cancellation.IsCancellationRequested && watch.Low.IsCompletedSuccessfully)
                throw new CommandException($"{StoreRoom.Trouble(folder.Store, await watch.Low)} The same command goes on.");
            if (error is OperationCanceledException or CommandException && !cancellation.IsCancellationRequested && lost)
                throw new CommandException($"The process that hosted the store {folder.Store.Path} is gone. The same command goes on.", ExitCodes.Unavailable);
            throw;
        }
    }

    /// <summary>Why a job that is in this state does not go on by itself; null for one that does, or is done.</summary>
    internal static CommandException? Refusal(JobState state, string name, LabFolder folder) => state switch
    {
        JobState.Paused => new($"Job {name} was paused from elsewhere. The same command goes on with it.", ExitCodes.Interrupted),
        JobState.Cancelled => new($"Job {name} was cancelled, which is for good. Give another --folder, or remove {folder.Path}."),
        JobState.Unknown => new($"The store {folder.Store.Path} knows no job {name} any more. Give another --folder, or remove {folder.Path}."),
        _ => null,
    };

    private async Task<JobSummary> FollowAsync(IJobGrain job, Action<JobSummary> look, Task companion, CancellationToken cancellation)
    {
        while (true)
        {
            JobSummary summary = await GrainCalls.AskAsync(job.Summary, cancellation);
            look(summary);
            if (summary.State == JobState.Done)
                return summary;
            if (Refusal(summary.State, summary.Id, folder) is { } refused)
                throw refused;
            if (companion.IsFaulted)
                await companion;
            await Task.Delay(Look, TimeProvider.System, cancellation);
        }
    }
}
