using Docker.DotNet;
using GenPrm.Core.Execution;

namespace GenPrm.Sandbox.Setup;

/// <summary>The way to the Docker engine.</summary>
internal static class DockerEngine
{
    private const string LocalSocket = "unix:///var/run/docker.sock";

    public static Uri Endpoint(SandboxOptions options) =>
        options.Engine
        ?? (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } set ? new Uri(set) : new Uri(LocalSocket));

    public static DockerClient Connect(SandboxOptions options)
    {
        using var configuration = new DockerClientConfiguration(Endpoint(options));
        return configuration.CreateClient();
    }

    /// <summary>Why the engine does not answer; null if it does.</summary>
    public static async Task<string?> FindTroubleAsync(IDockerClient docker, CancellationToken cancellationToken)
    {
        try
        {
            await docker.System.PingAsync(cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return Innermost(exception).Message.Trim();
        }
    }

    /// <exception cref="SandboxUnavailableException">It does not answer.</exception>
    public static async Task RequireAsync(IDockerClient docker, SandboxOptions options, CancellationToken cancellationToken)
    {
        if (await FindTroubleAsync(docker, cancellationToken) is { } trouble)
            throw new SandboxUnavailableException($"The Docker engine at {Endpoint(options)} does not answer ({trouble}). {Remedy(trouble)}");
    }

    /// <summary>Whether it is an engine that we may install and start: this machine's own, with the rights to do so.</summary>
    public static bool IsOurs(SandboxOptions options) =>
        Environment.IsPrivilegedProcess && Endpoint(options) == new Uri(LocalSocket);

    /// <summary>What to type.</summary>
    public static string Remedy(string trouble) => trouble.Contains("ermission denied", StringComparison.Ordinal)
        ? "Add yourself to its group (`sudo usermod -aG docker $USER`, then log in again), or run as root."
        : "Start it (`sudo systemctl start docker`), or let `genprm run --yes` do it, as root.";

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }
}
