namespace GenPrm.Grains.Jobs;

/// <summary>Speeds from looks at a job's totals over the last minute or so. Time is an argument.</summary>
internal sealed class RateWindow
{
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(2);
    private readonly Queue<Look> looks = new();

    /// <summary>Adds a look, and gives the rates since the oldest one that is remembered.</summary>
    /// <param name="ended">Problems that have ended.</param>
    /// <param name="left">Problems that have not.</param>
    public WorkRates Add(DateTimeOffset now, long ended, long left, WorkCounts work)
    {
        while (looks.Count > 1 && looks.Peek().At < now - Span)
            looks.Dequeue();
        var oldest = looks.Count > 0 ? looks.Peek() : null;
        looks.Enqueue(new(now, ended, work));
        var minutes = oldest is null ? 0 : (now - oldest.At).TotalMinutes;
        if (oldest is null || minutes <= 0)
            return WorkRates.None;
        var problems = (ended - oldest.Ended) / minutes;
        return new(
            problems,
            (work.Continuations - oldest.Work.Continuations) / minutes,
            (work.Tokens - oldest.Work.Tokens) / minutes / 60,
            (work.Blocks - oldest.Work.Blocks) / minutes,
            problems > 0 ? TimeSpan.FromMinutes(left / problems) : null);
    }

    private sealed record Look(DateTimeOffset At, long Ended, WorkCounts Work);
}
