using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using GenPrm.Core.Generation;
using GenPrm.Tests.Unit.Verification;

namespace GenPrm.Tests.Serving;

/// <summary>A model that writes <c>Hé</c>, <c>llo</c> and its place, whatever it is asked; prompts that begin with a word of the script do otherwise.</summary>
internal sealed class ScriptedStreams : IStreamingGenerator
{
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What it was asked.</summary>
    public ConcurrentQueue<GenerationRequest> Requests { get; } = [];

    /// <summary>Completes when a prompt <c>hold</c> has written its first piece, and waits.</summary>
    public Task Held => held.Task;

    /// <summary>Completes when a prompt <c>hold</c> was given up by its caller.</summary>
    public Task Cancelled => cancelled.Task;

    public void Release() => released.SetResult();

    public Task<ModelFacts> DescribeAsync(string model, CancellationToken cancellationToken) => Task.FromResult(new ModelFacts(4096, ["<|end|>", "<｜User｜>", "<think>", "</think>"]));

    /// <summary>As a judge it is another model.</summary>
    public ScriptedVerifierModel Judge { get; } = new();

    public Task<GenerationResult> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken) => Judge.GenerateAsync(request, cancellationToken);

    public Task<ImmutableArray<double>> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken) => Judge.ScoreAsync(request, cancellationToken);

    public async IAsyncEnumerable<GenerationEvent> StreamAsync(
        GenerationRequest request, int bestTokens, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        var prompt = request.Prompt switch
        {
            Prompt.Chat chat => chat.Messages[^1].Content,
            Prompt.Text text => text.Content,
            _ => "",
        };
        if (prompt.StartsWith("long", StringComparison.Ordinal))
            throw new GenerationException("The prompt has 5000 tokens and the model's context 4096.");
        yield return new GenerationEvent.Started(7);
        while (prompt.StartsWith("flood", StringComparison.Ordinal))
        {
            // Whoever stops reading comes here no more: the iterator is disposed.
            using var given = new Ending(cancelled);
            yield return Piece(0, new string('x', 1 << 16));
            given.GoOn();
        }

        for (var place = 0; place < request.Seeds.Length; place++)
        {
            yield return Piece(place, "Hé");
            if (prompt.StartsWith("hold", StringComparison.Ordinal))
                await WaitAsync(cancellationToken);
            if (prompt.StartsWith("fault", StringComparison.Ordinal))
                throw new InvalidOperationException("a secret of the house");
            yield return Piece(place, prompt.StartsWith("much", StringComparison.Ordinal) ? new string('x', 32 << 20) : "llo");
            yield return Piece(place, $" {place}");
            yield return new GenerationEvent.Ended(place, place == 0 ? FinishReason.EndToken : FinishReason.Length, 4);
        }

        GenerationEvent.Grew Piece(int place, string text) => new(
            place,
            text,
            request.LogProbabilities ? [new ChosenToken(Token(text, -0.5f), 0, [.. Enumerable.Range(0, bestTokens).Select(best => Token($"{best}", -1 - best))])] : []);
    }

    /// <summary>Says that it was ended, unless it is to go on.</summary>
    private sealed class Ending(TaskCompletionSource ended) : IDisposable
    {
        private bool goesOn;

        public void GoOn() => goesOn = true;

        public void Dispose()
        {
            if (!goesOn)
                ended.TrySetResult();
        }
    }

    private static TokenProbability Token(string text, float log) => new([.. Encoding.UTF8.GetBytes(text)], log);

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        held.TrySetResult();
        try
        {
            await released.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            cancelled.TrySetResult();
            throw;
        }
    }
}
