using System.Threading.Channels;
using Docker.DotNet;
using GenPrm.Core.Execution;
using GenPrm.Sandbox.Containers;
using GenPrm.Sandbox.Pool;
using GenPrm.Sandbox.Setup;
using Microsoft.Extensions.Logging;

namespace GenPrm.Sandbox;

/// <summary>A pool of warm containers in which generated Python runs. Nothing here ever runs it anywhere else.</summary>
/// <remarks>The containers start with the first session, or with <see cref="WarmUpAsync"/>. One that ends, or is not clean after a
/// rationale, is replaced in the background.</remarks>
public sealed partial class DockerSandbox : ISandbox, IAsyncDisposable
{
    private readonly SandboxOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<DockerSandbox> logger;
    private readonly DockerClient docker;
    private readonly Leftovers leftovers;
    private readonly Channel<Slot> idle;
    private readonly List<Slot> slots = [];
    private readonly SemaphoreSlim starting = new(1);
    private readonly CancellationTokenSource ending = new();
    private readonly BackgroundTasks background = new();
    private bool started;
    private int waiting;

    public DockerSandbox(SandboxOptions options, TimeProvider time, ILogger<DockerSandbox> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options.Validated();
        this.time = time;
        this.logger = logger;
        docker = DockerEngine.Connect(options);
        leftovers = new Leftovers(docker);
        idle = Channel.CreateBounded<Slot>(options.Containers);
    }

    /// <summary>The containers that it has at this moment.</summary>
    internal IReadOnlyList<string> ContainerIds => [.. slots.Select(slot => slot.ContainerId).OfType<string>()];

    /// <summary>Starts the containers and returns when the first is warm.</summary>
    /// <exception cref="SandboxUnavailableException">There is no engine, no image, or no container can be started.</exception>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ISandboxSession> OpenAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(ending.IsCancellationRequested, this);
        if (Interlocked.Increment(ref waiting) > options.WaitingLimit)
        {
            Interlocked.Decrement(ref waiting);
            throw new SandboxUnavailableException(
                $"{options.WaitingLimit} callers wait for a sandbox already, with {options.Containers} containers. Start fewer rationales at once, or raise {nameof(SandboxOptions.Containers)}.")
            {
                Trouble = SandboxTrouble.Busy,
            };
        }
        try
        {
            await StartOnceAsync(cancellationToken);
            var slot = await idle.Reader.ReadAsync(cancellationToken);
            try
            {
                await slot.ReadyAsync(cancellationToken);
            }
            catch
            {
                idle.Writer.TryWrite(slot);
                throw;
            }
            return new SandboxSession(slot, options, time, GiveBackAsync);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(DockerSandbox));
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>Removes all containers, those of open sessions too.</summary>
    public async ValueTask DisposeAsync()
    {
        if (ending.IsCancellationRequested)
            return;
        await ending.CancelAsync();
        idle.Writer.TryComplete();
        await background.WhenAllAsync();
        await Task.WhenAll(slots.Select(slot => slot.DisposeAsync().AsTask()));
        await leftovers.RemoveOwedAsync();
        docker.Dispose();
        starting.Dispose();
        ending.Dispose();
    }

    private async Task StartOnceAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref started))
            return;
        await starting.WaitAsync(cancellationToken);
        try
        {
            if (started)
                return;
            var removed = await AskAsync(async () =>
            {
                await DockerEngine.RequireAsync(docker, options, cancellationToken);
                await SandboxImage.RequireAsync(docker, options, cancellationToken);
                return await leftovers.RemoveDeadOwnersAsync(cancellationToken);
            }, cancellationToken);
            if (removed > 0)
                LogLeftovers(removed);
            for (var count = 0; count < options.Containers; count++)
            {
                var slot = new Slot(StartContainerAsync);
                slots.Add(slot);
                background.Run(() => FillAsync(slot));
            }
            Volatile.Write(ref started, true);
        }
        finally
        {
            starting.Release();
        }
    }

    private async Task GiveBackAsync(Slot slot)
    {
        if (ending.IsCancellationRequested)
            return;
        try
        {
            if (await slot.SweepAsync() is { } trouble)
                LogReplaced(trouble);
        }
        catch (Exception exception)
        {
            // Whatever it was, the slot comes back: one that were lost here would never be offered again.
            LogReplaced(exception.Message);
            slot.Distrust();
        }
        if (slot.IsWarm)
            idle.Writer.TryWrite(slot);
        else
            background.Run(() => FillAsync(slot));
    }

    /// <summary>Warms a slot and offers it. One that can not be warmed is offered cold: who gets it tries once more, and learns why it fails.</summary>
    private async Task FillAsync(Slot slot)
    {
        try
        {
            await slot.ReadyAsync(ending.Token);
        }
        catch (SandboxUnavailableException exception)
        {
            LogNotStarted(exception.Message);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return;
        }
        idle.Writer.TryWrite(slot);
    }

    private async Task<SandboxContainer> StartContainerAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending.Token);
        var container = await AskAsync(() => SandboxContainer.StartAsync(docker, leftovers, options, time, either.Token), either.Token);
        await leftovers.RemoveOwedAsync();
        return container;
    }

    /// <summary>Asks the engine. Whatever goes wrong is the engine's absence, also in the middle of an answer and when its client gave up waiting: a slot that
    /// were lost to an exception of another type would never be offered again.</summary>
    private static async Task<T> AskAsync<T>(Func<Task<T>> question, CancellationToken cancellationToken)
    {
        try
        {
            return await question();
        }
        catch (Exception exception) when (exception is not SandboxUnavailableException && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw new SandboxUnavailableException($"The Docker engine would not start a sandbox: {exception.Message.Trim()} `genprm doctor` says what is wrong.", exception);
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed {Count} sandbox containers that a killed process had left")]
    private partial void LogLeftovers(int count);

    [LoggerMessage(LogLevel.Warning, "A sandbox container is replaced: {Trouble}")]
    private partial void LogReplaced(string trouble);

    [LoggerMessage(LogLevel.Warning, "A sandbox container could not be started: {Trouble}")]
    private partial void LogNotStarted(string trouble);
}
