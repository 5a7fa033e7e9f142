using GenPrm.Core.Execution;
using GenPrm.Sandbox;
using GenPrm.Sandbox.Setup;

namespace GenPrm.Tests;

/// <summary>The machine's Docker engine, for tests that need it. Without one they are skipped on a laptop; with <c>CI=true</c> the engine and the image
/// are set up, and what can not be set up fails.</summary>
internal static class DockerMachine
{
    private static bool InCi => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Sets up what is missing, or skips.</summary>
    public static async Task RequireAsync(SandboxOptions options)
    {
        var setup = new SandboxSetup(options, TimeProvider.System, (_, _) => ValueTask.FromResult(InCi), line => TestContext.Current.SendDiagnosticMessage(line));
        try
        {
            await setup.EnsureAsync(TestContext.Current.CancellationToken);
        }
        catch (SandboxUnavailableException exception) when (!InCi)
        {
            Assert.Skip(exception.Message);
        }
    }
}
