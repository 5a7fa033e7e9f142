using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace GenPrm.Tests.EndToEnd.Serving;

/// <summary>The public <c>openai</c> client for Node, at the version that its lock file names, in a folder of its own.</summary>
internal sealed class OpenAIClient : IDisposable
{
    private static readonly string Source = Path.Combine(TestMaterial.RepositoryRoot, "tests", "e2e", "Serving", "openai-client");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Installs it; skips the test on a laptop without Node.</summary>
    public static async Task<OpenAIClient> InstallAsync()
    {
        var client = new OpenAIClient();
        foreach (string file in Directory.EnumerateFiles(Source))
            File.Copy(file, Path.Combine(client._folder.Path, Path.GetFileName(file)));
        await client.RunAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
        return client;
    }

    /// <summary>Runs the script, and gives what it printed.</summary>
    public async Task<JsonElement> AskAsync(string url, string token, string model) =>
        JsonDocument.Parse(await RunAsync("node", "client.mjs", url, token, model)).RootElement;

    public void Dispose() => _folder.Dispose();

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(Cancellation);
        Task<string> errors = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await errors}");
        return await output;
    }

    private Process Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception) when (Environment.GetEnvironmentVariable("CI") is null)
        {
            Assert.Skip($"There is no {program} on the path; ./test.sh installs it.");
            throw;
        }
    }
}
