using GenPrm.Core.Execution;
using GenPrm.Sandbox;
using GenPrm.Sandbox.Setup;
using Microsoft.Extensions.Logging.Abstractions;

namespace GenPrm.Tests.EndToEnd.Sandbox;

/// <summary>One pool for all sandbox tests. Without a Docker engine the tests are skipped on a laptop; with <c>CI=true</c> the engine and
/// the image are set up, and what can not be set up fails.</summary>
public sealed class SandboxFixture : IAsyncDisposable
{
    private readonly SemaphoreSlim once = new(1);
    private DockerSandbox? pool;

    /// <summary>As the product has it, with fewer containers and a shorter time.</summary>
    public static SandboxOptions Options { get; } = new() { Containers = 2, BlockTime = TimeSpan.FromSeconds(3) };

    public async Task<DockerSandbox> PoolAsync()
    {
        await once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await RequireAsync();
            return pool ??= new DockerSandbox(Options, TimeProvider.System, NullLogger<DockerSandbox>.Instance);
        }
        finally
        {
            once.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (pool is not null)
            await pool.DisposeAsync();
        once.Dispose();
    }

    /// <summary>Sets up what is missing, or skips.</summary>
    public static async Task RequireAsync()
    {
        var setup = new SandboxSetup(Options, TimeProvider.System, (_, _) => ValueTask.FromResult(InCi), line => TestContext.Current.SendDiagnosticMessage(line));
        try
        {
            await setup.EnsureAsync(TestContext.Current.CancellationToken);
        }
        catch (SandboxUnavailableException exception) when (!InCi)
        {
            Assert.Skip(exception.Message);
        }
    }

    private static bool InCi => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
}

[CollectionDefinition(Name)]
public sealed class SandboxTests : ICollectionFixture<SandboxFixture>
{
    public const string Name = "sandbox";
}
