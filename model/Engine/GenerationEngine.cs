using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GenPrm.Core.Generation;
using GenPrm.Model.Chat;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Cpu;
using GenPrm.Model.Tokenization;
using GenPrm.Model.Torch;
using GenPrm.Model.Transformer;
using TorchSharp;

namespace GenPrm.Model.Engine;

/// <summary>One loaded model that runs everybody's requests as one batch: schedule, run, choose, again and again.</summary>
/// <remarks>One long-running thread owns the model and its memory; callers encode their prompts themselves and await. At most
/// <see cref="EngineOptions.MaxWaiting"/> requests wait inside; further callers wait until there is room.</remarks>
public sealed class GenerationEngine : IAsyncDisposable
{
    private readonly Tokenizer tokenizer;
    private readonly ModelConfig config;
    private readonly ModelRunner runner;
    private readonly ISampler sampler;
    private readonly Scheduler scheduler;
    private readonly EngineOptions options;
    private readonly long blockBytes;
    private readonly PromptEncoder prompts;
    private readonly Channel<EngineRequest> arriving;
    private readonly Dictionary<Job, EngineRequest> requests = [];
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool stopping;

    internal GenerationEngine(DecoderModel model, Tokenizer tokenizer, ChatTemplate template, EngineOptions options)
    {
        options.Validate();
        this.options = options;
        (this.tokenizer, config) = (tokenizer, model.Config);
        prompts = new PromptEncoder(tokenizer, template, config);
        Facts = new(config.MaxPositions, ControlTags.Of(tokenizer, template));
        blockBytes = KeyValueMemory.BlockBytes(config, model.Target.Dtype);
        var blocks = (int)Math.Min(options.KeyValueBytes / blockBytes, int.MaxValue / KeyValueBlocks.Size);
        if (blocks == 0)
            throw new ArgumentException($"Engine option {nameof(EngineOptions.KeyValueBytes)} is {options.KeyValueBytes}; one block of {KeyValueBlocks.Size} tokens of this model takes {blockBytes}.");
        runner = new ModelRunner(model, blocks);
        sampler = CpuPath.Sampler(model.Target) ?? new TorchSampler();
        scheduler = new Scheduler(blocks, options.MaxBatch, options.PrefillTokens);
        arriving = Channel.CreateBounded<EngineRequest>(new BoundedChannelOptions(options.MaxWaiting) { SingleReader = true });
        new Thread(Work) { IsBackground = true, Name = "generation engine" }.Start();
    }

    /// <summary>What callers have to know about the model.</summary>
    public ModelFacts Facts { get; }

    /// <summary>Loads a Hugging Face folder. Takes seconds to minutes.</summary>
    /// <exception cref="CheckpointException">The folder is no model that this project runs; the message names file and part.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or names a device that is not there.</exception>
    public static GenerationEngine Load(string folder, EngineOptions options)
    {
        options.Validate();
        var target = TorchTarget.Parse(options.Device, options.Dtype);
        if (options.Threads > 0)
            torch.set_num_threads(options.Threads);
        var tokenizer = Tokenizer.Load(folder);
        var template = ChatTemplate.Load(folder);
        return new GenerationEngine(DecoderModel.Load(folder, target), tokenizer, template, options);
    }

    /// <summary>Makes every continuation of a request; <see cref="GenerationRequest.Model"/> is not looked at.</summary>
    /// <exception cref="GenerationException">The prompt is empty, or longer than the context or the key-value budget.</exception>
    public async Task<GenerationResult> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        var (prompt, limit) = await PrepareAsync(request, cancellationToken);
        var completions = await RunAsync(EngineRequest.Generate(prompt, request, limit, tokenizer), cancellationToken);
        return new GenerationResult(prompt.Length, completions);
    }

    /// <summary>As <see cref="IStreamingGenerator.StreamAsync"/>; <see cref="GenerationRequest.Model"/> is not looked at.</summary>
    public async IAsyncEnumerable<GenerationEvent> StreamAsync(
        GenerationRequest request, int bestTokens, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Require(bestTokens >= 0, $"{bestTokens} most probable tokens are asked for; it must be 0 or more.");
        Require(bestTokens == 0 || request.LogProbabilities, "The most probable tokens come with log probabilities only. Ask for these, too.");
        var (prompt, limit) = await PrepareAsync(request, cancellationToken);
        // The engine's thread never waits for a reader: what does not fit ends the request.
        var events = Channel.CreateBounded<GenerationEvent>(new BoundedChannelOptions(options.MaxUnread) { SingleReader = true });
        var streamed = EngineRequest.Stream(prompt, request, bestTokens, limit, tokenizer, events.Writer);
        RequireRoom(streamed.Job);
        yield return new GenerationEvent.Started(prompt.Length);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = RunAsync(streamed, reading.Token);
        try
        {
            await foreach (var grown in events.Reader.ReadAllAsync(CancellationToken.None))
                yield return grown;
            await running;
        }
        finally
        {
            // A reader that stops early takes its request with it.
            await reading.CancelAsync();
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The log probability of each alternative after the prompt; <see cref="ScoreRequest.Model"/> is not looked at.</summary>
    /// <exception cref="GenerationException">As for <see cref="GenerateAsync"/>.</exception>
    public async Task<ImmutableArray<double>> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken)
    {
        Require(!request.Alternatives.IsDefaultOrEmpty, "The request has no alternatives to score.");
        var prompt = await prompts.EncodeAsync(request.Prompt, cancellationToken);
        var alternatives = request.Alternatives.Select(text => tokenizer.Encode(text, addSpecial: false)).ToList();
        Require(alternatives.TrueForAll(tokens => tokens.Length > 0), "An alternative to score is empty: it has no tokens.");
        var longest = prompt.Length + alternatives.Max(tokens => tokens.Length);
        Require(longest <= config.MaxPositions, $"Prompt and alternative have {longest} tokens and the model's context {config.MaxPositions}. Shorten the prompt.");
        var completions = await RunAsync(EngineRequest.Score(prompt, alternatives, tokenizer), cancellationToken);
        return [.. completions.Select(completion => completion.LogProbabilities.Sum(value => (double)value))];
    }

    /// <summary>Stops after the step that is running; requests that are not done fail.</summary>
    public async ValueTask DisposeAsync()
    {
        stopping = true;
        arriving.Writer.TryComplete();
        await stopped.Task;
    }

    /// <summary>The prompt's tokens, and the limit of new ones that the context leaves.</summary>
    private async Task<(int[] Prompt, int Limit)> PrepareAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        Require(!request.Seeds.IsDefaultOrEmpty, "The request has no seeds: it asks for no continuation. Give one seed for each.");
        Validate(request.Sampling);
        var prompt = await prompts.EncodeAsync(request.Prompt, cancellationToken);
        var room = config.MaxPositions - prompt.Length;
        Require(room > 0, $"The prompt has {prompt.Length} tokens and the model's context {config.MaxPositions}: there is no room for a new one. Shorten the prompt.");
        return (prompt, Math.Min(request.Sampling.MaxNewTokens, room));
    }

    private async Task<ImmutableArray<Completion>> RunAsync(EngineRequest request, CancellationToken cancellationToken)
    {
        RequireRoom(request.Job);
        using var registration = cancellationToken.Register(() => request.Cancel(cancellationToken));
        try
        {
            await arriving.Writer.WriteAsync(request, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            request.Fail(new ObjectDisposedException(nameof(GenerationEngine)));
        }
        return await request.Result;
    }

    private void RequireRoom(Job job) => Require(
        scheduler.CanEverRun(job),
        $"The prompt of {job.Prompt.Length} tokens and up to {job.Continuations.Max(continuation => continuation.Limit)} new ones need "
        + $"{job.LeastBlocks * blockBytes} bytes of keys and values; the budget is {options.KeyValueBytes}. "
        + $"Raise {nameof(EngineOptions.KeyValueBytes)}, shorten the prompt or lower the limit of new tokens.");

    private void Work()
    {
        try
        {
            while (!stopping)
            {
                Receive();
                CancelAsAsked();
                if (!RunStep() && !arriving.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
                    break;
            }
        }
        finally
        {
            arriving.Writer.TryComplete();
            FailAll(new ObjectDisposedException(nameof(GenerationEngine), "The engine was stopped before the request was done."));
            runner.Dispose();
            stopped.SetResult();
        }
    }

    /// <summary>Takes new requests while few wait for memory; the rest stay in the channel, whose bound holds callers back.</summary>
    private void Receive()
    {
        while (scheduler.Waiting < options.MaxBatch && arriving.Reader.TryRead(out var request))
        {
            if (request.Cancelled)
                continue;
            requests.Add(request.Job, request);
            scheduler.Add(request.Job);
        }
    }

    private void CancelAsAsked()
    {
        foreach (var request in requests.Values.Where(request => request.Cancelled).ToList())
        {
            scheduler.Cancel(request.Job);
            requests.Remove(request.Job);
        }
    }

    /// <returns>Whether there was anything to run.</returns>
    private bool RunStep()
    {
        try
        {
            if (scheduler.Next() is not { } step)
                return false;
            using var logits = runner.Run(Batch.Of(step));
            var drawn = logits is null ? [] : sampler.Choose(logits, [.. step.Decodes.Select(continuation => requests[continuation.Job].Next(continuation))]);
            scheduler.Ran(step);
            for (var row = 0; row < step.Decodes.Count; row++)
                Take(step.Decodes[row], drawn[row]);
        }
        catch (Exception error)
        {
            // Out of memory or a fault in torch: what was running can not go on, what comes next can.
            FailAll(new InvalidOperationException($"A step of the model engine failed: {error.Message}", error));
        }
        return true;
    }

    private void Take(Continuation continuation, Drawn drawn)
    {
        // Another row of its request may have been broken in this step.
        if (!requests.TryGetValue(continuation.Job, out var request))
            return;
        if (drawn.IsBroken)
        {
            scheduler.Cancel(continuation.Job);
            requests.Remove(continuation.Job);
            request.Fail(new InvalidOperationException("The model's logits are not numbers: its weights are broken, or overflow this number type."));
            return;
        }
        if (!request.Take(continuation, drawn, config.EndTokens))
            return;
        scheduler.Finish(continuation);
        if (request.Result.IsCompletedSuccessfully)
            requests.Remove(continuation.Job);
    }

    private void FailAll(Exception error)
    {
        while (arriving.Reader.TryRead(out var request))
            request.Fail(error);
        foreach (var request in requests.Values)
        {
            scheduler.Cancel(request.Job);
            request.Fail(error);
        }
        requests.Clear();
    }

    private static void Validate(Sampling sampling)
    {
        Require(sampling.Temperature is >= 0 and <= Sampling.MostTemperature, $"Temperature is {sampling.Temperature}; it must be from 0 to {Sampling.MostTemperature}.");
        Require(sampling.TopP is > 0 and <= 1, $"TopP is {sampling.TopP}; it must be above 0 and at most 1.");
        Require(sampling.TopK >= 0, $"TopK is {sampling.TopK}; it must be 0 (all tokens) or more.");
        Require(sampling.MaxNewTokens > 0, $"MaxNewTokens is {sampling.MaxNewTokens}; it must be at least 1.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new GenerationException(message);
    }
}
