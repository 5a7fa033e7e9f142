using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace GenPrm.Silo.Hosting;

/// <summary>Appends log lines to one file. Lines wait in a bounded queue for the one writer; when it is full the oldest go. What can not be written, as on a full
/// disk, is counted, and said when there is room again: a log ends no silo.</summary>
public sealed class FileLog : ILoggerProvider, IAsyncDisposable
{
    private const int MostAtOnce = 1024;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly TimeProvider _time;
    private readonly Task _writing;

    public FileLog(string path, TimeProvider time)
    {
        _time = time;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _writing = WriteAsync(path);
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAsync(string path)
    {
        var lost = 0;
        while (await _lines.Reader.WaitToReadAsync())
        {
            List<string> lines = [];
            while (lines.Count < MostAtOnce && _lines.Reader.TryRead(out string? line))
                lines.Add(line);
            try
            {
                // A line that was cut by a full disk stays one line.
                string said = lost > 0 ? $"{Environment.NewLine}{lost} lines could not be written here.{Environment.NewLine}" : "";
                await File.AppendAllTextAsync(path, said + string.Join(Environment.NewLine, lines) + Environment.NewLine);
                lost = 0;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                lost += lines.Count;
            }
        }
    }

    private sealed class Logger(FileLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._lines.Writer.TryWrite(string.Create(
                CultureInfo.InvariantCulture,
                $"{log._time.GetUtcNow():yyyy-MM-dd HH:mm:ss.fff} {logLevel,-11} {category}: {formatter(state, exception)}{(exception is null ? "" : Environment.NewLine + exception)}"));
    }
}
