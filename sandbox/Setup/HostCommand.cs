using System.ComponentModel;
using System.Diagnostics;
using GenPrm.Core.Execution;

namespace GenPrm.Sandbox.Setup;

/// <summary>Runs the fixed programs of the set-up (apt-get, dockerd, debootstrap, tar) on the host. Never anything that was generated.</summary>
internal static class HostCommand
{
    private const int LastLines = 8;

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="SandboxUnavailableException">It is not there, or ended with an error; its last lines are in the message.</exception>
    public static Task RunAsync(string program, string[] arguments, Action<string> line, CancellationToken cancellationToken) =>
        RunAsync(program, arguments, line, null, cancellationToken);

    /// <summary>Runs it and gives what it writes, as a stream, to <paramref name="take"/>.</summary>
    public static Task StreamAsync(string program, string[] arguments, Func<Stream, Task> take, CancellationToken cancellationToken) =>
        RunAsync(program, arguments, _ => { }, take, cancellationToken);

    /// <summary>Whether a program is on the path.</summary>
    public static bool Exists(string program) => Find(program) is not null;

    /// <summary>Where a program is. Root's own folders count even where the path lacks them (Debian's <c>su</c> leaves it as it was).</summary>
    private static string? Find(string program) => SearchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static string SearchPath => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";

    private static async Task RunAsync(string program, string[] arguments, Action<string> line, Func<Stream, Task>? take, CancellationToken cancellationToken)
    {
        var information = new ProcessStartInfo(Find(program) ?? program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        information.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        information.Environment["PATH"] = SearchPath;
        information.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Start(information);
        process.StandardInput.Close();
        var last = new Queue<string>();
        void Hear(string text)
        {
            lock (last)
            {
                last.Enqueue(text);
                if (last.Count > LastLines)
                    last.Dequeue();
                line(text);
            }
        }

        try
        {
            var errors = LinesAsync(process.StandardError, Hear, cancellationToken);
            await (take is null ? LinesAsync(process.StandardOutput, Hear, cancellationToken) : take(process.StandardOutput.BaseStream));
            await errors;
            await process.WaitForExitAsync(cancellationToken);
        }
        catch
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            throw;
        }
        if (process.ExitCode != 0)
            throw new SandboxUnavailableException($"`{program} {string.Join(' ', arguments)}` ended with {process.ExitCode}: {string.Join(Environment.NewLine, last)}");
    }

    private static Process Start(ProcessStartInfo information)
    {
        try
        {
            return Process.Start(information)!;
        }
        catch (Win32Exception exception)
        {
            throw new SandboxUnavailableException($"`{information.FileName}` can not be started: {exception.Message}", exception);
        }
    }

    private static async Task LinesAsync(StreamReader reader, Action<string> hear, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } text)
            hear(text);
    }
}
