using GenPrm.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace GenPrm.Tests.EndToEnd.Sandbox;

/// <summary>One pool for all sandbox tests.</summary>
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
    public static Task RequireAsync() => DockerMachine.RequireAsync(Options);
}

[CollectionDefinition(Name)]
public sealed class SandboxTests : ICollectionFixture<SandboxFixture>
{
    public const string Name = "sandbox";
}
