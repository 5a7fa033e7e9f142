using GenPrm.Core.Execution;
using GenPrm.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace GenPrm.Tests.EndToEnd.Sandbox;

/// <summary>What sandbox tests say often.</summary>
[Collection(SandboxTests.Name)]
public abstract class SandboxTestBase(SandboxFixture fixture)
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected async Task<ISandboxSession> OpenAsync() => await (await fixture.PoolAsync()).OpenAsync(Cancellation);

    /// <summary>A pool of the test's own.</summary>
    protected static async Task<DockerSandbox> OwnPoolAsync(SandboxOptions options)
    {
        await SandboxFixture.RequireAsync();
        return new DockerSandbox(options, TimeProvider.System, NullLogger<DockerSandbox>.Instance);
    }

    /// <summary>Runs a rationale of these blocks and gives the last one's outcome.</summary>
    protected async Task<SandboxOutcome> RunAsync(params string[] blocks)
    {
        await using var session = await OpenAsync();
        SandboxOutcome? outcome = null;
        foreach (var block in blocks)
            outcome = await session.RunAsync(block, Cancellation);
        return outcome!;
    }

    /// <summary>Runs a block that must complete, and gives what it printed.</summary>
    protected async Task<string> PrintedAsync(params string[] blocks) => Assert.IsType<SandboxOutcome.Completed>(await RunAsync(blocks)).Output;
}
