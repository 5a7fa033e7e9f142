using GenPrm.Core.Execution;
using GenPrm.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace GenPrm.Client.Lab;

/// <summary>The sandbox of evaluations: more containers than a job has, since a path's interpreter is held from step to step.</summary>
internal static class LabSandbox
{
    public const int Containers = 12;

    public static DockerSandbox Open() => new(new SandboxOptions { Containers = Containers }, TimeProvider.System, NullLogger<DockerSandbox>.Instance);
}
