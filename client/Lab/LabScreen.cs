using System.Globalization;

namespace GenPrm.Client.Lab;

/// <summary>Says what a lab run does: a heading a stage, and below it a line that is written over on a terminal and now and then a new one elsewhere.</summary>
public sealed class LabScreen(TextWriter output, bool live, TimeProvider time)
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(10);
    private readonly Lock gate = new();
    private readonly long start = time.GetTimestamp();
    private long said;
    private bool open;

    /// <summary>Time since the run, in this process, began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(start);

    /// <summary>Begins a stage, or says something that stays.</summary>
    public void Say(FormattableString text)
    {
        ArgumentNullException.ThrowIfNull(text);
        lock (gate)
        {
            EndLine();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Clock(Elapsed)}  {text.ToString(CultureInfo.InvariantCulture)}"));
            output.Flush();
            said = time.GetTimestamp();
        }
    }

    /// <summary>How far the stage is. Not every call is shown.</summary>
    public void Progress(FormattableString text)
    {
        ArgumentNullException.ThrowIfNull(text);
        lock (gate)
        {
            if (time.GetElapsedTime(said) < (live ? Often : Seldom))
                return;
            said = time.GetTimestamp();
            string line = string.Create(CultureInfo.InvariantCulture, $"       {Clock(Elapsed)}  {text.ToString(CultureInfo.InvariantCulture)}");
            if (live)
                output.Write($"\r{line}\u001b[K");
            else
                output.WriteLine(line);
            open = live;
            output.Flush();
        }
    }

    private static string Clock(TimeSpan time) =>
        (time.TotalHours < 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:")) + time.ToString(@"mm\:ss", CultureInfo.InvariantCulture);

    private void EndLine()
    {
        if (open)
            output.Write("\r\u001b[K");
        open = false;
    }
}
