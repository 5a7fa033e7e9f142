using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GenPrm.Silo.Store;
using GenPrm.Tests.EndToEnd.Sandbox;

namespace GenPrm.Tests.EndToEnd.Jobs;

/// <summary>The same program as a cluster: a silo process for each role on a real Redis server.</summary>
[Collection("jobs")]
public sealed class ClusterTests : IDisposable
{
    private readonly GenPrmProgram _genprm = new();
    private Process? _redis;

    public void Dispose()
    {
        _genprm.Dispose();
        _redis?.Kill();
        _redis?.Dispose();
    }

    [Fact]
    public async Task Run_OnASiloProcessForEachRole_EndsAsOnALaptop()
    {
        await SandboxFixture.RequireAsync();
        string redis = StartRedis();
        foreach (string role in new[] { "coordinate", "generate", "sandbox" })
            await StartSiloAsync(role, redis);

        JsonElement done = await _genprm.JsonAsync("run", GenPrmProgram.ExampleJob, "--limit", "2", "--redis", redis);

        Assert.Equal("done", done.State());
        Assert.Equal(2, done.Total("problems"));
        done.AssertAddsUp();
        Assert.False(Directory.Exists(Path.Combine(_genprm.Folder, "store", "garnet")));
    }

    [Fact]
    public async Task TrainSilo_ServesItsModelOverHttp()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string model = Path.Combine(TestMaterial.RepositoryRoot, "examples", "models", "last-digits");
        string http = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort.Find()}");
        Process silo = _genprm.Start("silo", "--roles", "train", "--redis", StartRedis(), "--serve", $"tiny={model}", "--http", http);
        Assert.Contains("is up", await silo.StandardError.ReadLineAsync(cancellation), StringComparison.Ordinal);

        using var client = new HttpClient();
        using var body = new StringContent("""{"model":"tiny","prompt":"1+2=","max_tokens":4}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.PostAsync(new Uri($"http://{http}/v1/completions"), body, cancellation);

        JsonElement written = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation)).RootElement;
        Assert.Equal(4, written.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task Run_GenerateSiloKilledInTheMiddle_EndsByAnotherAndCountsNothingTwice()
    {
        await SandboxFixture.RequireAsync();
        string redis = StartRedis();
        await StartSiloAsync("coordinate", redis);
        await StartSiloAsync("sandbox", redis);
        Process generate = await StartSiloAsync("generate", redis);
        Process run = _genprm.Start("run", GenPrmProgram.ExampleJob, "--name", "bereft", "--limit", "3", "--set", "completions.k=48/48/48", "--redis", redis, "--json");
        JsonElement before = await _genprm.UntilAsync("bereft", summary => summary.Count("steps", "completions") > 0, run, "--redis", redis);
        Assert.Equal("running", before.State());

        generate.Kill();
        await StartSiloAsync("generate", redis);
        (int code, string output, string errors) = await GenPrmProgram.EndAsync(run);

        Assert.True(code == 0, $"It ended with {code}:\n{errors}");
        JsonElement done = JsonDocument.Parse(output).RootElement;
        Assert.Equal("done", done.State());
        Assert.Equal(3, done.Total("problems"));
        done.AssertAddsUp();
        string folder = Path.Combine(_genprm.Folder, "export");
        await _genprm.RunAsync(0, "export", "bereft", "--to", folder, "--format", "jsonl", "--redis", redis);
        List<JsonElement> steps = [.. Summaries.Lines(Path.Combine(folder, "steps.jsonl"))];
        Assert.Equal(done.Total("steps"), steps.Count);
        Assert.All(steps.Where(step => step.GetProperty("source").GetString() == "completions"), step => Assert.Equal(48, step.GetProperty("completions").GetInt32()));
    }

    private async Task<Process> StartSiloAsync(string role, string redis)
    {
        Process silo = _genprm.Start("silo", "--roles", role, "--redis", redis);
        Assert.Contains("is up", await silo.StandardError.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        return silo;
    }

    private string StartRedis()
    {
        string port = FreePort.Find().ToString(CultureInfo.InvariantCulture);
        try
        {
            _redis = Process.Start(new ProcessStartInfo("redis-server", ["--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", _genprm.Folder]) { RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception) when (Environment.GetEnvironmentVariable("CI") is null)
        {
            Assert.Skip("There is no redis-server on the path; ./test.sh installs it.");
        }

        return $"127.0.0.1:{port}";
    }
}
