using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Client.Sessions;
using GenPrm.Core.Problems;
using GenPrm.Grains.Jobs;
using GenPrm.Silo.Store;

namespace GenPrm.Client.Jobs;

/// <summary>Keeps a job going from the command line: starts it, follows it to its end, moves to another host when the one it used is gone, and
/// leaves it in order on Ctrl-C.</summary>
public sealed class JobRunner(SessionOptions options, JobScreen screen, Action<string> say)
{
    /// <summary>Runs until the job ends, the user stops it, or the store's disk is nearly full.</summary>
    /// <param name="name">The job.</param>
    /// <param name="start">Brings the job to run, in each new session; gives its name.</param>
    /// <returns>An exit code.</returns>
    public async Task<int> RunAsync(Func<IGrainFactory, CancellationToken, Task<string>> start, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(start);
        while (true)
        {
            await using ClusterSession session = await ClusterSession.OpenAsync(options, say, cancellation);
            using var watch = new SessionWatch(session, options.Folder, cancellation);
            string? name = null;
            try
            {
                name = await start(session.Grains, watch.Leaving);
                say(session.Hosts || options.Redis is not null ? $"job {name}" : $"job {name}; another process hosts the store and does the work");
                JobSummary last = await screen.FollowAsync(session.Grains.GetGrain<IJobGrain>(name), watch.Leaving);
                if (last.State == JobState.Paused)
                    say($"Job {name} was paused. Go on with: genprm resume {name}");
                return CodeOf(last);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                await LeaveAsync(session, watch, name);
                return ExitCodes.Interrupted;
            }
            catch (OperationCanceledException) when (watch.Low.IsCompletedSuccessfully)
            {
                say(StoreRoom.Trouble(options.Folder, await watch.Low));
                await LeaveAsync(session, watch, name);
                return ExitCodes.Failed;
            }
            catch (Exception lost) when (watch.Lost && lost is OperationCanceledException or CommandException)
            {
                say("The process that hosted the store is gone; going on here.");
            }
        }
    }

    /// <summary>Makes the job if it is new, hands its problems in, and starts it.</summary>
    /// <exception cref="CommandException">A job of this name exists and differs.</exception>
    public static async Task<string> StartAsync(PreparedJob prepared, bool fresh, IGrainFactory grains, Action<string> say, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(say);
        string name = fresh ? FreeName(await JobNames.AllAsync(grains, cancellation), prepared.Name) : prepared.Name;
        IJobGrain job = grains.GetGrain<IJobGrain>(name);
        switch (await GrainCalls.AskAsync(() => job.Create(prepared.Request), cancellation))
        {
            case CreateOutcome.Conflict conflict:
                throw new CommandException($"There is a job {name} already, and it differs:\n  {string.Join("\n  ", conflict.Differences)}");
            case CreateOutcome.Exists exists:
                foreach (string grown in exists.Grown)
                    say($"grows: {grown}");
                if (exists.State != JobState.Running)
                    say($"Job {name} exists and is {exists.State.ToString().ToLowerInvariant()}; {(exists.State is JobState.Done or JobState.Cancelled && exists.Grown.IsEmpty ? "showing it (--new starts another)" : "going on with it")}.");
                break;
            case CreateOutcome.Loading loading:
                foreach (Problem[] batch in prepared.Problems.Skip(loading.Next).Chunk(IJobGrain.MaxBatch))
                {
                    await GrainCalls.AskAsync(
                        async () =>
                        {
                            await job.AddProblems([.. batch]);
                            return true;
                        },
                        cancellation);
                }

                break;
        }

        await GrainCalls.AskAsync(job.Run, cancellation);
        return name;
    }

    /// <summary>Goes on with a job that exists.</summary>
    public static async Task<string> ResumeAsync(string? asked, IGrainFactory grains, CancellationToken cancellation)
    {
        string name = await JobNames.FindAsync(grains, asked, cancellation);
        JobState state = await GrainCalls.AskAsync(grains.GetGrain<IJobGrain>(name).Run, cancellation);
        if (state == JobState.Loading)
            throw new CommandException($"Job {name} was stopped before all its problems were handed in. Type the same `genprm run` again.");
        return name;
    }

    internal static string FreeName(ImmutableArray<string> names, string wanted)
    {
        string name = wanted;
        for (int number = 2; names.Contains(name); number++)
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}-{number}");
        return name;
    }

    private static int CodeOf(JobSummary last) => last.State == JobState.Paused
        ? ExitCodes.Interrupted
        : last.Problems["failed"] > 0 ? ExitCodes.ProblemsFailed : ExitCodes.Done;

    private async Task LeaveAsync(ClusterSession session, SessionWatch watch, string? name)
    {
        if (name is null)
            return;
        if (!session.Hosts)
        {
            say($"Left job {name}; it goes on without this terminal. See it with: genprm status {name} --watch     Stop it with: genprm pause {name}");
            return;
        }

        await watch.PauseAsync(name, say);
        say($"Stopped job {name}. Go on with: genprm resume {name}");
    }
}
