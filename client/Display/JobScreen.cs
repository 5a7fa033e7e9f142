using GenPrm.Client.Sessions;
using GenPrm.Grains.Jobs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GenPrm.Client.Display;

/// <summary>Shows a job until it ends: drawn live on a terminal, a line now and then elsewhere, one JSON document at the end for programs.</summary>
public sealed class JobScreen(TextWriter output, bool json, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Say = TimeSpan.FromSeconds(10);

    /// <summary>Whether people see it on a terminal, live.</summary>
    public bool IsLive => !json && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    public void Print(JobSummary summary)
    {
        if (json)
        {
            JsonOutput.Write(output, summary);
            return;
        }

        foreach (string line in SummaryText.Lines(summary, time.GetUtcNow()))
            output.WriteLine(line);
    }

    /// <summary>Follows a job until it is done, cancelled or paused, prints its last summary and gives it.</summary>
    public async Task<JobSummary> FollowAsync(IJobGrain job, CancellationToken cancellation)
    {
        JobSummary last = IsLive ? await FollowLiveAsync(job, cancellation) : await FollowInLinesAsync(job, cancellation);
        Print(last);
        return last;
    }

    private static bool Ended(JobSummary summary) => summary.State is JobState.Done or JobState.Cancelled or JobState.Paused or JobState.Unknown;

    private async Task<JobSummary> FollowLiveAsync(IJobGrain job, CancellationToken cancellation)
    {
        JobSummary? last = null;
        await AnsiConsole.Live(new Text("Looking at the job ...")).AutoClear(true).StartAsync(async live =>
        {
            while (true)
            {
                last = await GrainCalls.AskAsync(job.Summary, cancellation);
                if (Ended(last))
                    return;
                live.UpdateTarget(Picture(last));
                live.Refresh();
                await Task.Delay(Look, time, cancellation);
            }
        });
        return last!;
    }

    private async Task<JobSummary> FollowInLinesAsync(IJobGrain job, CancellationToken cancellation)
    {
        string said = "";
        long saidAt = time.GetTimestamp();
        while (true)
        {
            JobSummary summary = await GrainCalls.AskAsync(job.Summary, cancellation);
            if (Ended(summary))
                return summary;
            string line = SummaryText.OneLine(summary);
            if (!json && line != said && (said.Length == 0 || time.GetElapsedTime(saidAt) >= Say))
            {
                await output.WriteLineAsync(line);
                (said, saidAt) = (line, time.GetTimestamp());
            }

            await Task.Delay(Look, time, cancellation);
        }
    }

    private Rows Picture(JobSummary summary)
    {
        long steps = summary.Steps.Total - summary.Steps["pending"] - summary.Steps["sampling"];
        long rationales = summary.Rationales.Total - summary.Rationales["writing"] - summary.Rationales["pending"];
        List<IRenderable> rows =
        [
            Bar("problems ended", SummaryText.EndedProblems(summary), summary.Problems.Total),
            Bar("steps estimated", steps, summary.Steps.Total),
            Bar("rationales written", rationales, summary.Rationales.Total),
            .. SummaryText.Lines(summary, time.GetUtcNow()).Select(line => new Text(line)),
            new Text("Ctrl-C stops; what is stored stays stored.", new Style(Color.Grey)),
        ];
        return new Rows(rows);
    }

    private static Text Bar(string name, long done, long total)
    {
        const int Width = 40;
        int filled = total == 0 ? 0 : (int)(Width * done / total);
        return new Text($"  {name,-19} {new string('━', filled)}{new string('┈', Width - filled)} {done}/{total}", new Style(Color.Green));
    }
}
