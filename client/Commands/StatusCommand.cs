using System.CommandLine;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;
using GenPrm.Grains.Jobs;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm status</c>: how a job stands, once or until it ends.</summary>
public static class StatusCommand
{
    public static Command Create()
    {
        Argument<string?> job = StoreCommand.JobArgument();
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on showing it until it ends" };
        var store = new StoreCommand(new ExampleCommand("status", "Show how a job stands")
        {
            Examples =
            [
                ("genprm status", "The newest job."),
                ("genprm status sums --watch", "Job `sums`, live, from a second terminal."),
                ("genprm status sums --json", "For programs: state, and a total and classes of problems, rollouts, steps, rationales, samples."),
            ],
        });
        store.Command.Arguments.Add(job);
        store.Command.Options.Add(watch);
        store.Command.Does(async (parsed, cancellation) =>
        {
            var screen = new JobScreen(parsed.InvocationConfiguration.Output, store.Json(parsed), TimeProvider.System);
            if (parsed.GetValue(watch))
                return await WatchAsync(store.Session(parsed), parsed.GetValue(job), screen, cancellation);
            await using ClusterSession session = await ClusterSession.OpenAsync(store.Session(parsed), Console.Error.WriteLine, cancellation);
            string name = await JobNames.FindAsync(session.Grains, parsed.GetValue(job), cancellation);
            screen.Print(await GrainCalls.AskAsync(() => session.Grains.GetGrain<IJobGrain>(name).Summary(), cancellation));
            return ExitCodes.Done;
        });
        return store.Command;
    }

    /// <summary>Watches through changes of the host: when the host goes, or another command needs the store, it attaches anew.</summary>
    private static async Task<int> WatchAsync(SessionOptions options, string? asked, JobScreen screen, CancellationToken cancellation)
    {
        while (true)
        {
            await using ClusterSession session = await ClusterSession.OpenAsync(options, Console.Error.WriteLine, cancellation);
            using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task gone = Task.WhenAny(session.Lost, session.AskedToLeaveAsync(options.Folder, leaving.Token));
            _ = gone.ContinueWith(_ => leaving.CancelAsync(), TaskScheduler.Default);
            try
            {
                string name = await JobNames.FindAsync(session.Grains, asked, leaving.Token);
                asked = name;
                await screen.FollowAsync(session.Grains.GetGrain<IJobGrain>(name), leaving.Token);
                return ExitCodes.Done;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // The host went, or the store is wanted by a command that works: look again.
            }
            catch (CommandException) when (session.Lost.IsCompleted)
            {
                // The same, seen by a call in flight.
            }
        }
    }
}
