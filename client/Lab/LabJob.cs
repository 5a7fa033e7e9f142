using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;
using GenPrm.Grains.Jobs;
using GenPrm.Silo.Hosting;

namespace GenPrm.Client.Lab;

/// <summary>An ordinary job in a lab run's own store, with something that goes on beside it, such as a training that reads its log.</summary>
/// <param name="folder">The lab run.</param>
/// <param name="generate">How models are run.</param>
/// <param name="say">Told what is waited for.</param>
internal sealed class LabJob(LabFolder folder, GenerateSettings generate, Action<string> say)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Runs a job to its end, or goes on with it. Stopped, it goes on when it is run again.</summary>
    /// <param name="look">Shown the job every second.</param>
    /// <param name="beside">Begins when the job has; both are waited for.</param>
    /// <param name="after">Has the session when job and companion have ended.</param>
    public async Task<T> RunAsync<T>(
        PreparedJob job, Action<JobSummary> look, Func<ClusterSession, CancellationToken, Task> beside, Func<ClusterSession, JobSummary, Task<T>> after, CancellationToken cancellation)
    {
        var options = new SessionOptions { Folder = folder.Store, Settings = SessionOptions.Working with { Generate = generate } };
        await using ClusterSession session = await ClusterSession.OpenAsync(options, say, cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        string name = await JobRunner.StartAsync(job, fresh: false, session.Grains, _ => { }, stop.Token);
        Task companion = beside(session, stop.Token);
        try
        {
            JobSummary last = await FollowAsync(session.Grains.GetGrain<IJobGrain>(name), look, companion, stop.Token);
            await companion;
            return await after(session, last);
        }
        catch
        {
            await stop.CancelAsync();
            await companion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private static async Task<JobSummary> FollowAsync(IJobGrain job, Action<JobSummary> look, Task companion, CancellationToken cancellation)
    {
        while (true)
        {
            JobSummary summary = await GrainCalls.AskAsync(job.Summary, cancellation);
            look(summary);
            if (summary.State is JobState.Done or JobState.Cancelled)
                return summary;
            if (companion.IsFaulted)
                await companion;
            await Task.Delay(Look, TimeProvider.System, cancellation);
        }
    }
}
