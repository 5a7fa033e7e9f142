using System.Collections.Immutable;
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
    private volatile bool cancelled;

    private EngineRequest(Job job, State[] states, bool logProbabilities)
    {
        Job = job;
        this.states = states;
        this.logProbabilities = logProbabilities;
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
            state.Sampling.Temperature, state.Sampling.TopP, state.Sampling.TopK, state.Random.NextDouble(), forced, logProbabilities);
    }

    /// <summary>Takes a chosen token.</summary>
    /// <returns>Whether the continuation has ended.</returns>
    public bool Take(Continuation continuation, Drawn drawn, ImmutableArray<int> endTokens)
    {
        var state = states[continuation.Index];
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
        if (finish is not { } reason)
            return false;
        completions[continuation.Index] = new Completion(
            state.Text.Finish(reason == FinishReason.StopString), reason, continuation.Tokens.Count, [.. state.LogProbabilities]);
        if (Array.TrueForAll(completions, completion => completion is not null))
            result.TrySetResult([.. completions!]);
        return true;
    }

    public void Cancel(CancellationToken cancellationToken)
    {
        cancelled = true;
        result.TrySetCanceled(cancellationToken);
    }

    public void Fail(Exception error) => result.TrySetException(error);

    private sealed class State(Sampling sampling, int[] forced, ulong seed, ContinuationText text)
    {
        private RandomStream random = new(seed);

        public Sampling Sampling { get; } = sampling;

        public int[] Forced { get; } = forced;

        public ContinuationText Text { get; } = text;

        public List<float> LogProbabilities { get; } = [];

        public ref RandomStream Random => ref random;
    }
}
