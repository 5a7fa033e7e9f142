using System.CommandLine;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;
using GenPrm.Grains.Jobs;

namespace GenPrm.Client.Commands;

/// <summary><c>pause</c>, <c>cancel</c> and <c>requeue</c>: short words to a job.</summary>
public static class SteeringCommands
{
    public static Command Pause() => Steer(
        "pause",
        "Ask for nothing new; what is under way is taken in",
        [("genprm pause sums", "Pauses job `sums`; `genprm resume sums` goes on.")],
        job => job.Pause());

    public static Command Cancel() => Steer(
        "cancel",
        "End a job for good; what it made stays readable",
        [("genprm cancel sums", "Problems that have not ended are counted as cancelled.")],
        job => job.Cancel());

    public static Command Requeue()
    {
        Argument<string?> job = StoreCommand.JobArgument();
        job.Description = "JOB, or JOB/17 for one problem [default: the newest job]";
        var store = new StoreCommand(new ExampleCommand("requeue", "Give failed problems another try")
        {
            Examples =
            [
                ("genprm requeue sums", "All failed problems of job `sums`."),
                ("genprm requeue sums/17", "Problem 17 alone."),
            ],
        });
        store.Command.Arguments.Add(job);
        return store.Does(async (parsed, session, cancellation) =>
        {
            JobAddress address = JobAddress.Parse(parsed.GetValue(job));
            string name = await JobNames.FindAsync(session.Grains, address.Job, cancellation);
            int count = await GrainCalls.AskAsync(() => session.Grains.GetGrain<IJobGrain>(name).Requeue(address.Problem), cancellation);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (store.Json(parsed))
                JsonOutput.Write(output, new { job = name, requeued = count });
            else if (count == 0)
                await output.WriteLineAsync($"Job {name} has no failed problem{(address.Problem is null ? "" : " there")}.");
            else
                await output.WriteLineAsync($"{count} failed problem{(count == 1 ? "" : "s")} of job {name} will be tried again. {(session.Hosts ? $"Go on with: genprm resume {name}" : "")}".TrimEnd());
            return ExitCodes.Done;
        });
    }

    private static Command Steer(string verb, string description, IReadOnlyList<(string, string)> examples, Func<IJobGrain, Task<JobState>> action)
    {
        Argument<string?> job = StoreCommand.JobArgument();
        var store = new StoreCommand(new ExampleCommand(verb, description) { Examples = examples });
        store.Command.Arguments.Add(job);
        return store.Does(async (parsed, session, cancellation) =>
        {
            string name = await JobNames.FindAsync(session.Grains, parsed.GetValue(job), cancellation);
            JobState state = await GrainCalls.AskAsync(() => action(session.Grains.GetGrain<IJobGrain>(name)), cancellation);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (store.Json(parsed))
                JsonOutput.Write(output, new { job = name, state });
            else
                await output.WriteLineAsync($"Job {name} is {state.ToString().ToLowerInvariant()}.");
            return ExitCodes.Done;
        });
    }
}
