using Docker.DotNet;
using Docker.DotNet.Models;
using GenPrm.Core.Execution;

namespace GenPrm.Sandbox.Setup;

/// <summary>Something that the set-up is about to do to the machine.</summary>
/// <param name="What">In words.</param>
/// <param name="Command">What a person would type for it.</param>
public sealed record SetupStep(string What, string Command);

/// <summary>Makes a machine able to run sandboxes: installs and starts the engine where it is missing, and makes the image.</summary>
/// <param name="options">The sandboxes to be run.</param>
/// <param name="time">For waiting until the engine is up.</param>
/// <param name="approve">Asked before each step; false leaves it undone, and the set-up ends with what to type.</param>
/// <param name="say">Told what happens, a line a time.</param>
public sealed class SandboxSetup(SandboxOptions options, TimeProvider time, Func<SetupStep, CancellationToken, ValueTask<bool>> approve, Action<string> say)
{
    /// <summary>The engine's log when we start it ourselves.</summary>
    public const string EngineLog = "/var/log/genprm-dockerd.log";

    // Sandboxes have no network, so the engine gets none: no bridge, and the machine's firewall is left as it is. On the build
    // machines (root in a virtual machine, cgroup v1, ext4) dockerd finds its storage driver (overlay2) and cgroup driver itself.
    private const string EngineCommand = "dockerd --bridge=none --iptables=false --ip6tables=false";

    private static readonly TimeSpan EngineStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RegistryAnswer = TimeSpan.FromMinutes(3);

    /// <summary>Does what is missing; nothing, if all is there.</summary>
    /// <exception cref="SandboxUnavailableException">It can not be done or was not approved; the message says what to type.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        using var docker = DockerEngine.Connect(options);
        if (await DockerEngine.FindTroubleAsync(docker, cancellationToken) is { } trouble)
            await EnsureEngineAsync(docker, trouble, cancellationToken);
        if (!await SandboxImage.ExistsAsync(docker, options, cancellationToken))
            await EnsureImageAsync(docker, cancellationToken);
    }

    private async Task EnsureEngineAsync(DockerClient docker, string trouble, CancellationToken cancellationToken)
    {
        var endpoint = DockerEngine.Endpoint(options);
        if (!DockerEngine.IsOurs(options))
            throw new SandboxUnavailableException($"The Docker engine at {endpoint} does not answer ({trouble}). {DockerEngine.Remedy(trouble)}");
        if (!HostCommand.Exists("dockerd"))
            await InstallAsync("docker.io", "install the Docker engine", cancellationToken);
        if (Directory.Exists("/run/systemd/system"))
        {
            await StepAsync(new("start the Docker engine", "systemctl start docker"), cancellationToken);
            await HostCommand.RunAsync("systemctl", ["start", "docker"], say, cancellationToken);
        }
        else
        {
            await StepAsync(new("start the Docker engine (there is no systemd here); it goes on running afterwards", $"{EngineCommand} >> {EngineLog} 2>&1 &"), cancellationToken);
            // In a session of its own and with no descriptor of ours: it outlives this process and its terminal.
            await HostCommand.RunAsync("/bin/sh", ["-c", $"setsid nohup {EngineCommand} >> {EngineLog} 2>&1 < /dev/null &"], say, cancellationToken);
        }
        await WaitForEngineAsync(docker, cancellationToken);
    }

    private async Task WaitForEngineAsync(DockerClient docker, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (await DockerEngine.FindTroubleAsync(docker, cancellationToken) is { } trouble)
        {
            if (time.GetElapsedTime(start) > EngineStart)
                throw new SandboxUnavailableException($"The Docker engine was started but does not answer after {EngineStart.TotalSeconds} s ({trouble}). Its log: {EngineLog}, or `journalctl -u docker`.");
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken);
        }
        say("the Docker engine is up");
    }

    private async Task EnsureImageAsync(DockerClient docker, CancellationToken cancellationToken)
    {
        if (options.Image is { } named)
            throw new SandboxUnavailableException($"The Docker engine has no image {named}, which the options name. Pull it (`docker pull {named}`), or leave the option out.");
        if (await RegistryAtHandAsync(docker, cancellationToken))
        {
            await StepAsync(new("build the sandbox image from its Dockerfile (a few minutes)", $"docker build --network host -t {SandboxImage.Tag} sandbox/image"), cancellationToken);
            await SandboxImage.BuildAsync(docker, say, cancellationToken);
        }
        else
        {
            if (!Environment.IsPrivilegedProcess)
                throw new SandboxUnavailableException($"No image registry answers, and making the sandbox image without one needs root. Run `genprm run` as root once, or give the engine a registry.");
            if (!HostCommand.Exists("debootstrap"))
                await InstallAsync("debootstrap", "install debootstrap, to make the sandbox image without a registry", cancellationToken);
            await StepAsync(new("make the sandbox image from Debian packages, since no registry answers (about a minute)", DebianRootFileSystem.Command), cancellationToken);
            await DebianRootFileSystem.ImportAsync(docker, say, cancellationToken);
        }
        say($"the sandbox image is {SandboxImage.Tag}");
    }

    /// <summary>Whether the base image can be had. Fetching it is the only sure question.</summary>
    private async Task<bool> RegistryAtHandAsync(DockerClient docker, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(RegistryAnswer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var parameters = new ImagesCreateParameters { FromImage = "debian", Tag = "bookworm-slim" };
            await docker.Images.CreateImageAsync(parameters, new AuthConfig(), new Progress<JSONMessage>(), either.Token);
            await docker.Images.InspectImageAsync("debian:bookworm-slim", either.Token);
            return true;
        }
        catch (Exception exception) when (exception is DockerApiException || !cancellationToken.IsCancellationRequested && exception is OperationCanceledException or TimeoutException)
        {
            return false;
        }
    }

    private async Task InstallAsync(string package, string what, CancellationToken cancellationToken)
    {
        if (!HostCommand.Exists("apt-get"))
            throw new SandboxUnavailableException($"{package} is missing and there is no apt-get here. Install it the way of your system.");
        await StepAsync(new(what, $"apt-get install -y --no-install-recommends {package}"), cancellationToken);
        await HostCommand.RunAsync("apt-get", ["update", "-q"], _ => { }, cancellationToken);
        await HostCommand.RunAsync("apt-get", ["install", "-y", "-q", "--no-install-recommends", package], _ => { }, cancellationToken);
    }

    private async Task StepAsync(SetupStep step, CancellationToken cancellationToken)
    {
        if (!await approve(step, cancellationToken))
            throw new SandboxUnavailableException($"Sandboxes need this: {step.What}. Type: {step.Command}");
        say(step.What);
    }
}
