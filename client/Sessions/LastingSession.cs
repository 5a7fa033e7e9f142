using GenPrm.Client.CommandLine;
using GenPrm.Grains.Hosting;
using GenPrm.Silo.Store;
using GenPrm.Trainer.Data;

namespace GenPrm.Client.Sessions;

/// <summary>A way to the grains for a command that reads now and then for days: opened when it is needed, opened anew when its host is gone,
/// and given up when this process hosts the store and a command that works asks for it.</summary>
/// <remarks>Calls come one at a time, and a session is closed only between two of them.</remarks>
public sealed class LastingSession(SessionOptions options, Action<string> notice) : IGrainAccess, IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private Opened? _opened;

    /// <summary>A session, when it was lost, and what ends the watch over it.</summary>
    private sealed record Opened(ClusterSession Session, Task Lost, CancellationTokenSource Closing);

    /// <summary>Opens it at once, so that a command line that names no store or cluster is told so.</summary>
    /// <exception cref="StoreException">The local store can not be used.</exception>
    /// <exception cref="CommandException">The cluster can not be reached.</exception>
    public Task OpenAsync(CancellationToken cancellation) => InTurnAsync(() => OpenInTurnAsync(cancellation), cancellation);

    /// <inheritdoc/>
    public async Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        T? answer = default;
        await InTurnAsync(
            async () =>
            {
                IGrainFactory grains = await ReopenedAsync(cancellationToken);
                try
                {
                    answer = await call(grains).WaitAsync(cancellationToken);
                }
                catch (Exception passing) when (GrainTrouble.IsPassing(passing) && _opened is { Session.Hosts: false })
                {
                    // The host may be gone for good: the next call looks who hosts the store by then.
                    await CloseInTurnAsync();
                    throw;
                }
            },
            cancellationToken);
        return answer!;
    }

    /// <inheritdoc/>
    public Task LetGoAsync() => InTurnAsync(CloseInTurnAsync, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await LetGoAsync();
        _turn.Dispose();
    }

    private async Task<IGrainFactory> ReopenedAsync(CancellationToken cancellation)
    {
        try
        {
            if (_opened is { Lost.IsCompleted: true })
                await CloseInTurnAsync();
            return await OpenInTurnAsync(cancellation);
        }
        catch (Exception away) when (away is StoreException or CommandException)
        {
            // It could be reached before: for one who reads on this may pass.
            throw new TimeoutException(away.Message, away);
        }
    }

    private async Task<IGrainFactory> OpenInTurnAsync(CancellationToken cancellation)
    {
        if (_opened is null)
        {
            ClusterSession session = await ClusterSession.OpenAsync(options, notice, cancellation);
            _opened = new(session, session.Lost, new CancellationTokenSource());
            if (session.Hosts)
                _ = GiveWayAsync(_opened, _opened.Closing.Token);
        }

        return _opened.Session.Grains;
    }

    private async Task CloseInTurnAsync()
    {
        if (_opened is not { } closing)
            return;
        _opened = null;
        await closing.Closing.CancelAsync();
        closing.Closing.Dispose();
        await closing.Session.DisposeAsync();
    }

    private async Task GiveWayAsync(Opened opened, CancellationToken closing)
    {
        try
        {
            await opened.Session.AskedToLeaveAsync(options.Folder, closing);
            await InTurnAsync(() => ReferenceEquals(_opened, opened) ? CloseInTurnAsync() : Task.CompletedTask, closing);
        }
        catch (OperationCanceledException)
        {
            // It was closed before.
        }
    }

    private async Task InTurnAsync(Func<Task> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
