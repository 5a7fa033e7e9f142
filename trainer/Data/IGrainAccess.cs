namespace GenPrm.Trainer.Data;

/// <summary>A way to the grains for one who reads for days: hosts may come and go meanwhile.</summary>
public interface IGrainAccess
{
    /// <summary>One short call. What may be tried again is an error that <see cref="Grains.Hosting.GrainTrouble"/> knows; the next call then looks for a host anew.</summary>
    Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancellationToken);

    /// <summary>No call comes for a while: what is held for them may go. A later call gets it back.</summary>
    Task LetGoAsync();
}

/// <summary>Grains that somebody else holds open for as long as they are read.</summary>
internal sealed class HeldGrains(IGrainFactory grains) : IGrainAccess
{
    public Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancellationToken) => call(grains);

    public Task LetGoAsync() => Task.CompletedTask;
}
