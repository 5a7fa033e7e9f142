using Docker.DotNet;
using Docker.DotNet.Models;

namespace GenPrm.Sandbox.Containers;

/// <summary>Containers whose process did not get to remove them.</summary>
internal static class Leftovers
{
    /// <summary>Removes every sandbox container whose owner is dead, or that has ended. The owner of one that runs may live on another
    /// machine that shares the engine: it is left alone (it ends by itself when its owner's connection ends).</summary>
    /// <returns>How many were removed.</returns>
    public static async Task<int> RemoveAsync(IDockerClient docker, CancellationToken cancellationToken)
    {
        var parameters = new ContainersListParameters
        {
            All = true,
            Filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [SandboxOwner.Label] = true } },
        };
        var removed = 0;
        foreach (var container in await docker.Containers.ListContainersAsync(parameters, cancellationToken))
        {
            if (!IsLeftover(container))
                continue;
            try
            {
                await docker.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, cancellationToken);
                removed++;
            }
            catch (DockerApiException exception) when (exception.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Conflict)
            {
                // Another process of ours is removing it at this moment.
            }
        }
        return removed;
    }

    /// <summary>A container in state <c>created</c> may be another process's that is about to start it: only its dead owner makes it a leftover.</summary>
    private static bool IsLeftover(ContainerListResponse container)
    {
        var owner = SandboxOwner.Parse(container.Labels[SandboxOwner.Label]);
        return owner is null || owner.IsDead || (owner.Host != SandboxOwner.Current.Host && container.State is "exited" or "dead");
    }
}
