namespace GenPrm.Client.Display;

/// <summary>One line on the error stream that says how far work has come: rewritten every second on a terminal, a new line now and then elsewhere.</summary>
internal sealed class LiveLine : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Say = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _stop = new();
    private readonly bool _rewrites = !Console.IsErrorRedirected;
    private readonly Func<TimeSpan, string> _text;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Task _work;

    private LiveLine(Func<TimeSpan, string> text, TimeProvider time)
    {
        (_text, _time, _start) = (text, time, time.GetTimestamp());
        _work = WorkAsync();
    }

    /// <param name="text">The line, after so much time.</param>
    public static LiveLine Start(Func<TimeSpan, string> text, TimeProvider time) => new(text, time);

    /// <summary>Writes something else to a stream, out of the line's way.</summary>
    public void Aside(Action write)
    {
        lock (_stop)
        {
            if (_rewrites)
                Console.Error.Write("\r\x1b[K");
            write();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Aside(() => { });
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        using var timer = new PeriodicTimer(_rewrites ? Look : Say, _time);
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            string line = _text(_time.GetElapsedTime(_start));
            // A line that wraps can not be rewritten.
            Aside(() => Console.Error.Write(_rewrites ? line[..Math.Min(line.Length, Math.Max(1, Console.WindowWidth - 1))] : line + "\n"));
        }
    }
}
