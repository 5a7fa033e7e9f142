using System.CommandLine;
using System.Globalization;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Display;
using GenPrm.Client.Jobs;
using GenPrm.Client.Sessions;
using GenPrm.Grains.Jobs;

namespace GenPrm.Client.Commands;

/// <summary><c>genprm list</c>: every job of the store.</summary>
public static class ListCommand
{
    public static Command Create()
    {
        var store = new StoreCommand(new ExampleCommand("list", "List the jobs of the store")
        {
            Examples = [("genprm list", "A line for each job, the oldest first.")],
        });
        return store.Does(async (parsed, session, cancellation) =>
        {
            var summaries = new List<JobSummary>();
            foreach (string name in await JobNames.AllAsync(session.Grains, cancellation))
                summaries.Add(await GrainCalls.AskAsync(() => session.Grains.GetGrain<IJobGrain>(name).Summary(), cancellation));
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (store.Json(parsed))
                JsonOutput.Write(output, new { jobs = summaries });
            else
                Print(summaries, output);
            return ExitCodes.Done;
        });
    }

    private static void Print(List<JobSummary> summaries, TextWriter output)
    {
        if (summaries.Count == 0)
            output.WriteLine("No jobs. Start one with `genprm run`.");
        int width = summaries.Select(summary => summary.Id.Length).DefaultIfEmpty().Max();
        foreach (JobSummary summary in summaries)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.Id.PadRight(width)}  {summary.State.ToString().ToLowerInvariant(),-9}  {summary.CreatedAt:yyyy-MM-dd HH:mm}  problems {SummaryText.EndedProblems(summary)}/{summary.Problems.Total}  accepted {summary.Samples["accepted"]}"));
        }
    }
}
