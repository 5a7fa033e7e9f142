using System.Collections.Immutable;
using System.Threading.Channels;
using GenPrm.Core.Generation;
using GenPrm.Core.Identity;
using GenPrm.Model.Tokenization;

namespace GenPrm.Model.Engine;

/// <summary>One caller's request inside the engine: a job for the scheduler, and for each continuation how its tokens are chosen, its text
/// and its log probabilities.</summary>
internal sealed class EngineRequest
{
    private readonly TaskCompletionSource<ImmutableArray<Completion>> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Completion?[] completions;
    private readonly State[] states;
    private readonly bool logProbabilities;
    private readonly int bestTokens;
    private readonly ChannelWriter<GenerationEvent>? events;
    private volatile bool cancelled;

    private EngineRequest(Job job, State[] states, bool logProbabilities, int bestTokens = 0, ChannelWriter<GenerationEvent>? events = null)
    {
        Job = job;
        this.states = states;
        this.logProbabilities = logProbabilities;
        this.bestTokens = bestTokens;
        this.events = events;
        completions = new Completion?[states.Length];
    }

    public Job Job { get; }

    /// <summary>Set by the caller's thread, looked at by the engine's between steps.</summary>
    public bool Cancelled => cancelled;

    public Task<ImmutableArray<Completion>> Result => result.Task;

    /// <summary>A continuation for each seed.</summary>
    public static EngineRequest Generate(int[] prompt, GenerationRequest request, int limit, Tokenizer tokenizer) => new(
        new Job(prompt, request.Seeds.Select(_ => limit)),
        [.. request.Seeds.Select(seed => new State(request.Sampling, [], seed, new ContinuationText(tokenizer.StartDecoding(), request.Sampling)))],
        request.LogProbabilities);

    /// <summary>A continuation for each seed, told to a reader as it grows.</summary>
    /// <param name="events">Completed when the request is done, whatever became of it.</param>
    public static EngineRequest Stream(
        int[] prompt, GenerationRequest request, int bestTokens, int limit, Tokenizer tokenizer, ChannelWriter<GenerationEvent> events)
    {
        return new(new Job(prompt, request.Seeds.Select(_ => limit)), [.. request.Seeds.Select(Told)], request.LogProbabilities, bestTokens, events);

        State Told(ulong seed, int index)
        {
            var text = new ContinuationText(tokenizer.StartDecoding(), request.Sampling);
            return new State(request.Sampling, [], seed, text) { Told = new(index, text, request.LogProbabilities ? tokenizer : null, events) };
        }
    }

    /// <summary>A continuation for each alternative, whose tokens are forced.</summary>
    public static EngineRequest Score(int[] prompt, IReadOnlyList<int[]> alternatives, Tokenizer tokenizer)
    {
        var sampling = new Sampling();
        return new(
            new Job(prompt, alternatives.Select(tokens => tokens.Length)),
            [.. alternatives.Select(tokens => new State(sampling, tokens, 0, new ContinuationText(tokenizer.StartDecoding(), sampling)))],
            logProbabilities: true);
    }

    /// <summary>How the continuation's next token is chosen. To be asked once a token: it moves the random stream.</summary>
    public Draw Next(Continuation continuation)
    {
        var state = states[continuation.Index];
        var forced = state.Forced.Length > 0 ? state.Forced[continuation.Tokens.Count] : -1;
        return new Draw(
            state.Sampling.Temperature, state.Sampling.TopP, state.Sampling.TopK, state.Random.NextDouble(), forced, logProbabilities, bestTokens);
    }

    /// <summary>Takes a chosen token.</summary>
    /// <returns>Whether the continuation has ended.</returns>
    public bool Take(Continuation continuation, Drawn drawn, ImmutableArray<int> endTokens)
    {
        var state = states[continuation.Index];
        var start = state.Text.Length;
        continuation.Append(drawn.Token);
        if (logProbabilities)
            state.LogProbabilities.Add(drawn.LogProbability);
        FinishReason? finish = null;
        if (state.Forced.Length == 0 && endTokens.Contains(drawn.Token))
            finish = FinishReason.EndToken;
        else if (state.Text.Add(drawn.Token))
            finish = FinishReason.StopString;
        else if (continuation.Tokens.Count == continuation.Limit)
            finish = FinishReason.Length;
        if (state.Told is { } told && finish != FinishReason.EndToken && !told.Add(drawn, start))
            Overrun();
        if (finish is not { } reason)
            return false;
        completions[continuation.Index] = new Completion(
            state.Text.Finish(reason == FinishReason.StopString), reason, continuation.Tokens.Count, [.. state.LogProbabilities]);
        if (state.Told?.End(reason, continuation.Tokens.Count) == false)
            Overrun();
        if (Array.TrueForAll(completions, completion => completion is not null))
        {
            result.TrySetResult([.. completions!]);
            events?.TryComplete();
        }
        return true;
    }

    public void Cancel(CancellationToken cancellationToken)
    {
        cancelled = true;
        result.TrySetCanceled(cancellationToken);
        events?.TryComplete();
    }

    public void Fail(Exception error)
    {
        result.TrySetException(error);
        events?.TryComplete();
    }

    private void Overrun()
    {
        cancelled = true;
        Fail(new ReaderTooSlowException("The reader fell so far behind what is generated that the request was ended. Read faster, or ask for fewer continuations at once."));
    }

    private sealed class State(Sampling sampling, int[] forced, ulong seed, ContinuationText text)
    {
        private RandomStream random = new(seed);

        public Sampling Sampling { get; } = sampling;

        public int[] Forced { get; } = forced;

        public ContinuationText Text { get; } = text;

        /// <summary>Where its growth is told; null if nobody reads along.</summary>
        public StreamedContinuation? Told { get; init; }

        public List<float> LogProbabilities { get; } = [];

        public ref RandomStream Random => ref random;
    }
}
