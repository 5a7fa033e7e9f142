using System.Text;
using System.Threading.Channels;
using Docker.DotNet;
using Docker.DotNet.Models;
using GenPrm.Core.Execution;
using GenPrm.Sandbox.Protocol;
using GenPrm.Sandbox.Setup;

namespace GenPrm.Sandbox.Containers;

/// <summary>One warm container and the connection to its process 1. It runs one rationale at a time and is swept after each.</summary>
internal sealed class SandboxContainer : IAsyncDisposable
{
    private readonly IDockerClient docker;
    private readonly Leftovers leftovers;
    private readonly SandboxOptions options;
    private readonly TimeProvider time;
    private readonly MultiplexedStream stream;
    private readonly Task reading;
    private readonly CancellationTokenSource ending = new();
    private readonly Channel<Frame> frames = Channel.CreateBounded<Frame>(new BoundedChannelOptions(64) { SingleReader = true, SingleWriter = true });
    private readonly StringBuilder complaints = new();
    private string? trouble;
    private bool interrupted;

    private SandboxContainer(IDockerClient docker, Leftovers leftovers, SandboxOptions options, TimeProvider time, string id, MultiplexedStream stream)
    {
        this.docker = docker;
        this.leftovers = leftovers;
        this.options = options;
        this.time = time;
        this.stream = stream;
        Id = id;
        reading = ReadAsync();
    }

    public string Id { get; }

    /// <summary>Whether it can run a block: it has not ended, and nothing happened on its connection that it can not be trusted after.</summary>
    public bool Usable => trouble is null && !reading.IsCompleted;

    /// <summary>Starts a container and waits until its interpreter is warm.</summary>
    /// <exception cref="SandboxUnavailableException">It did not start in time, or the engine would not start it.</exception>
    public static async Task<SandboxContainer> StartAsync(
        IDockerClient docker, Leftovers leftovers, SandboxOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var parameters = ContainerSpecification.Create(options, SandboxOwner.Current, ContainerSpecification.NewUser());
        var created = await docker.Containers.CreateContainerAsync(parameters, cancellationToken);
        SandboxContainer? container = null;
        try
        {
            var attach = new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true, Stderr = true };
            var stream = await docker.Containers.AttachContainerAsync(created.ID, tty: false, attach, cancellationToken);
            container = new SandboxContainer(docker, leftovers, options, time, created.ID, stream);
            await docker.Containers.StartContainerAsync(created.ID, new ContainerStartParameters(), cancellationToken);
            await container.WaitUntilReadyAsync(cancellationToken);
            return container;
        }
        catch
        {
            if (container is not null)
                await container.DisposeAsync();
            else
                await leftovers.RemoveAsync(created.ID);
            throw;
        }
    }

    /// <summary>Runs a block in the rationale's interpreter, which is forked if there is none.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; the block's processes are killed before anything else runs here.</exception>
    public async Task<BlockEnd> RunAsync(ReadOnlyMemory<byte> code, OutputText output, TimeSpan limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var timeUp = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, cancellationToken);
        try
        {
            if (interrupted && !await KillAsync(null))
                return await GoneAsync();
            if (!await SendAsync(Frame.EncodeBlock(options.OutputBytes, code.Span), either.Token))
                return await GoneAsync();
            while (true)
            {
                var frame = await frames.Reader.ReadAsync(either.Token);
                switch (frame.Kind)
                {
                    case Frame.Output:
                        output.Add(frame.Payload);
                        break;
                    case Frame.Ended:
                        return new BlockEnd.Reported(frame.Payload);
                    case Frame.Exited:
                        return BlockEnd.FromExit(frame.Payload);
                    case Frame.Flooded:
                        return new BlockEnd.Flooded();
                    default:
                        throw new InvalidDataException($"A frame '{frame.Kind}' came from the container while a block ran.");
                }
            }
        }
        catch (OperationCanceledException)
        {
            interrupted = true;
            cancellationToken.ThrowIfCancellationRequested();
            await KillAsync(output);
            return new BlockEnd.TimedOut();
        }
        catch (ChannelClosedException)
        {
            return await GoneAsync();
        }
        catch (InvalidDataException exception)
        {
            trouble = exception.Message;
            return await GoneAsync();
        }
    }

    /// <summary>Ends the rationale: every process killed, every file removed, and checked.</summary>
    /// <returns>Whether the container is as it was at its start; if not, it is to be replaced.</returns>
    public async Task<bool> SweepAsync()
    {
        if (await AskAsync(Frame.Sweep, [Frame.Clean, Frame.Unclean], null) is not { } answer)
            return false;
        if (answer.Kind == Frame.Unclean)
            trouble = $"after a rationale there was left: {Encoding.UTF8.GetString(answer.Payload)}";
        return answer.Kind == Frame.Clean;
    }

    /// <summary>Why it is not usable.</summary>
    public string Trouble => trouble ?? (complaints.Length == 0 ? "the container ended" : $"the container ended: {complaints}");

    /// <summary>Removes the container, whatever runs in it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (ending.IsCancellationRequested)
            return;
        await ending.CancelAsync();
        await leftovers.RemoveAsync(Id);
        stream.Dispose();
        await reading;
        ending.Dispose();
    }

    /// <summary>Kills the rationale's processes and waits until process 1 says so. What they printed before that still counts.</summary>
    private async Task<bool> KillAsync(OutputText? output) => await AskAsync(Frame.Kill, [Frame.Killed], output) is not null;

    /// <summary>Sends a frame that ends whatever runs, and waits for its answer. A block's own last frames may come first.</summary>
    /// <returns>The answer; null if the container is not to be used any more.</returns>
    private async Task<Frame?> AskAsync(char kind, char[] answers, OutputText? output)
    {
        using var limit = new CancellationTokenSource(options.Patience, time);
        try
        {
            if (!await SendAsync(Frame.Encode(kind, []), limit.Token))
                return null;
            while (true)
            {
                var frame = await frames.Reader.ReadAsync(limit.Token);
                if (frame.Kind == Frame.Output)
                    output?.Add(frame.Payload);
                if (!answers.Contains(frame.Kind))
                    continue;
                interrupted = false;
                return frame;
            }
        }
        catch (OperationCanceledException)
        {
            trouble = $"it did not answer '{kind}' within {options.Patience}";
            return null;
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    private async Task<bool> SendAsync(byte[] frame, CancellationToken cancellationToken)
    {
        if (!Usable)
            return false;
        try
        {
            await stream.WriteAsync(frame, 0, frame.Length, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            trouble = "a frame was sent in part";
            throw;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            trouble = $"its connection broke: {exception.Message}";
            return false;
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[Frame.MostPayload + Frame.HeaderBytes];
        var parser = new FrameParser();
        var arrived = new List<Frame>();
        try
        {
            while (true)
            {
                var read = await stream.ReadOutputAsync(buffer, 0, buffer.Length, ending.Token);
                if (read.EOF)
                    break;
                if (read.Target == MultiplexedStream.TargetStream.StandardError)
                {
                    if (complaints.Length < 4000)
                        complaints.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
                    continue;
                }
                parser.Take(buffer.AsSpan(0, read.Count), arrived);
                foreach (var frame in arrived)
                    await frames.Writer.WriteAsync(frame, ending.Token);
                arrived.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // It is being removed.
        }
        catch (Exception exception)
        {
            // Whatever breaks the connection ends the container's use; a block that waits for a frame is told by the channel's end.
            trouble ??= exception.Message;
        }
        finally
        {
            frames.Writer.TryComplete();
        }
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var frame = await frames.Reader.ReadAsync(either.Token);
            if (frame.Kind != Frame.Ready || frame.Payload is not [(byte)'1'])
                throw new SandboxUnavailableException($"The guest of {options.Image ?? SandboxImage.Tag} speaks another protocol. Remove that image and let `genprm doctor` build it again.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SandboxUnavailableException($"A sandbox container was not ready within {options.Patience}. Is the machine overloaded? `docker logs` has nothing; try `genprm doctor`.");
        }
        catch (ChannelClosedException)
        {
            throw new SandboxUnavailableException($"A sandbox container ended before it was ready: {Trouble}");
        }
    }

    /// <summary>What the engine says of a container that went away under a block.</summary>
    private async Task<BlockEnd.Gone> GoneAsync()
    {
        trouble ??= Trouble;
        using var limit = new CancellationTokenSource(options.Patience, time);
        try
        {
            var state = (await docker.Containers.InspectContainerAsync(Id, limit.Token)).State;
            return state.OOMKilled && !state.Running
                ? new BlockEnd.Gone("the kernel ended the container for want of memory", OutOfMemory: true)
                : new BlockEnd.Gone($"{trouble} (state {state.Status}, exit code {state.ExitCode})", OutOfMemory: false);
        }
        catch (DockerContainerNotFoundException)
        {
            return new BlockEnd.Gone("the container was removed", OutOfMemory: false);
        }
        catch (Exception exception) when (exception is DockerApiException or HttpRequestException or IOException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            return new BlockEnd.Gone($"{trouble}; the engine does not answer: {exception.Message}", OutOfMemory: false);
        }
    }
}
