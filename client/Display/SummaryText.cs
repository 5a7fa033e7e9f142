using System.Globalization;
using GenPrm.Core.Jobs;
using GenPrm.Grains.Jobs;

namespace GenPrm.Client.Display;

/// <summary>A job's summary in plain lines, for people.</summary>
public static class SummaryText
{
    /// <summary>The classes of problems that have ended.</summary>
    private static readonly string[] Ended = ["done", "too_hard", "too_easy", "failed", "cancelled"];

    /// <summary>How many problems have ended, in whatever class.</summary>
    public static long EndedProblems(JobSummary summary) => Ended.Sum(name => Given(summary).Problems[name]);

    /// <summary>The whole summary.</summary>
    /// <param name="now">The time of looking, for the job's age.</param>
    public static IEnumerable<string> Lines(JobSummary summary, DateTimeOffset now)
    {
        yield return $"job {Given(summary).Id}   {summary.State.ToString().ToLowerInvariant()}   {Span((summary.EndedAt ?? now) - summary.CreatedAt)}";
        if (summary.Input.Total > 0 && summary.Input.Total != summary.Input["used"])
            yield return Row("input lines", summary.Input);
        yield return Row("problems", summary.Problems);
        yield return Row("rollouts", summary.Rollouts);
        yield return Row("kept", summary.Kept);
        yield return Row("steps", summary.Steps);
        yield return Row("rationales", summary.Rationales);
        if (summary.Labellings.Length > 1)
        {
            foreach (LabellingView view in summary.Labellings)
                yield return Row(string.Create(CultureInfo.InvariantCulture, $"samples {view.Labelling.Number}"), view.Samples) + $"   ({LabellingText.Of(view.Labelling)})";
        }
        else
        {
            yield return Row("samples", summary.Samples);
        }

        yield return Line("work", string.Create(
            CultureInfo.InvariantCulture, $"{summary.Work.Continuations:N0} continuations, {summary.Work.Tokens:N0} tokens, {summary.Work.Blocks:N0} code blocks"));
        if (summary.State == JobState.Running)
            yield return Line("speed", Speed(summary.Rates));
        foreach (string waiting in summary.WaitingFor)
            yield return Line("waiting for", waiting);
        foreach (FailureView failure in summary.Failures)
            yield return Line("failed", string.Create(CultureInfo.InvariantCulture, $"problem {failure.Problem}: {failure.Reason}"));
    }

    /// <summary>One line for a log: what a run without a terminal prints now and then.</summary>
    public static string OneLine(JobSummary summary)
    {
        string waiting = Given(summary).WaitingFor.IsEmpty ? "" : $"; waiting for {string.Join(", ", summary.WaitingFor)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"problems {EndedProblems(summary)}/{summary.Problems.Total}, rollouts {summary.Rollouts.Total}, steps {summary.Steps.Total - summary.Steps["pending"] - summary.Steps["sampling"]}/{summary.Steps.Total}, rationales {summary.Rationales.Total - summary.Rationales["writing"]}/{summary.Rationales.Total}, accepted {summary.Samples["accepted"]}; {Speed(summary.Rates)}{waiting}");
    }

    public static string Speed(WorkRates rates)
    {
        ArgumentNullException.ThrowIfNull(rates);
        string left = rates.Remaining is { } remaining ? $", about {Span(remaining)} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{rates.Tokens:N0} tokens/s, {rates.Blocks:N0} blocks/min, {rates.Problems:0.#} problems/min{left}");
    }

    /// <summary>A time in its two largest units.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} d {span.Hours} h"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Hours} h {span.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalSeconds):0} s"),
    };

    /// <summary>Classes, most numerous first: <c>done 17 · too_hard 4</c>.</summary>
    public static string Classes(ClassCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return string.Join(" · ", counts.Classes.OrderByDescending(pair => pair.Value).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:N0}")));
    }

    private static string Row(string name, ClassCounts counts) =>
        Line(name, string.Create(CultureInfo.InvariantCulture, $"{counts.Total,7:N0}   {Classes(counts)}").TrimEnd());

    private static string Line(string name, string text) => $"  {name,-12} {text}";

    private static JobSummary Given(JobSummary? summary) => summary ?? throw new ArgumentNullException(nameof(summary));
}
