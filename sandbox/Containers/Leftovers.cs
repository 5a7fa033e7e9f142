using System.Collections.Concurrent;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace GenPrm.Sandbox.Containers;

/// <summary>Containers that nobody removed: their process did not get to it, or the engine was away.</summary>
internal sealed class Leftovers(IDockerClient docker)
{
    // A container was there before its removal failed, and none starts while the engine is away: there are never many.
    private readonly ConcurrentDictionary<string, bool> owed = [];

    /// <summary>Removes a container of this process, whatever runs in it. One that can not be removed now is owed.</summary>
    public async Task RemoveAsync(string id)
    {
        try
        {
            await docker.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, CancellationToken.None);
            owed.TryRemove(id, out _);
        }
        catch (DockerApiException exception) when (exception.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Conflict)
        {
            // Removed by somebody else already, or just being removed.
            owed.TryRemove(id, out _);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            // The engine is gone. If it is not back before this process ends, the label tells the next start what to remove.
            owed[id] = true;
        }
    }

    /// <summary>Removes what is owed: the engine answers again.</summary>
    public Task RemoveOwedAsync() => Task.WhenAll(owed.Keys.Select(RemoveAsync));

    /// <summary>Removes every sandbox container whose owner is dead, or that has ended. The owner of one that runs may live on another
    /// machine that shares the engine: it is left alone (it ends by itself when its owner's connection ends).</summary>
    /// <returns>How many were removed.</returns>
    public async Task<int> RemoveDeadOwnersAsync(CancellationToken cancellationToken)
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
