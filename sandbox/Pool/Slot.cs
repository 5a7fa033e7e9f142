using GenPrm.Core.Execution;
using GenPrm.Sandbox.Containers;

namespace GenPrm.Sandbox.Pool;

/// <summary>The right to one container. It holds a warm one, or none until somebody needs it.</summary>
internal sealed class Slot(Func<CancellationToken, Task<SandboxContainer>> start) : IAsyncDisposable
{
    private SandboxContainer? container;
    private bool distrusted;

    public bool IsWarm => !distrusted && container is { Usable: true };

    public string? ContainerId => container?.Id;

    /// <summary>A container that can run a block: the warm one, or another if that ended.</summary>
    /// <exception cref="SandboxUnavailableException">No container can be started, with the remedy.</exception>
    public async Task<SandboxContainer> ReadyAsync(CancellationToken cancellationToken)
    {
        if (IsWarm)
            return container!;
        await DropAsync();
        return container = await start(cancellationToken);
    }

    /// <summary>Ends a rationale. A container that is not clean afterwards is removed.</summary>
    /// <returns>Null, or why the container was removed.</returns>
    public async Task<string?> SweepAsync()
    {
        if (container is null || await container.SweepAsync())
            return null;
        var trouble = container.Trouble;
        await DropAsync();
        return trouble;
    }

    /// <summary>Has the container replaced before anything runs in it again.</summary>
    public void Distrust() => distrusted = true;

    public ValueTask DisposeAsync() => new(DropAsync());

    private async Task DropAsync()
    {
        if (container is not null)
            await container.DisposeAsync();
        container = null;
        distrusted = false;
    }
}
