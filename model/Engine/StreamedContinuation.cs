using System.Collections.Immutable;
using System.Threading.Channels;
using GenPrm.Core.Generation;
using GenPrm.Model.Tokenization;

namespace GenPrm.Model.Engine;

/// <summary>Tells a reader what one continuation grows by. Used by the engine's thread, which never waits for the reader.</summary>
/// <param name="index">The continuation's place in its request.</param>
/// <param name="text">Its text, which has taken each token before it comes here.</param>
/// <param name="tokens">What tokens are in bytes; null if the reader wants no tokens.</param>
/// <param name="events">Where the reader reads.</param>
internal sealed class StreamedContinuation(int index, ContinuationText text, Tokenizer? tokens, ChannelWriter<GenerationEvent> events)
{
    private readonly Queue<ChosenToken> waiting = [];
    private int told;

    /// <summary>Takes a token, and tells the text that is settled with it.</summary>
    /// <param name="start">The text's length before the token.</param>
    /// <returns>Whether the reader keeps up.</returns>
    public bool Add(Drawn drawn, int start)
    {
        if (tokens is not null)
        {
            waiting.Enqueue(new ChosenToken(
                Token(drawn.Token, drawn.LogProbability), start, [.. (drawn.Best ?? []).Select(token => Token(token.Token, token.LogProbability))]));
        }
        return Tell(text.Settled());
    }

    /// <summary>Tells the rest, and the end.</summary>
    /// <param name="finish">Why it ended. Tokens that a stop string took back with their text are not told, nor is the end token.</param>
    /// <param name="count">How many tokens were generated.</param>
    /// <returns>Whether the reader keeps up.</returns>
    public bool End(FinishReason finish, int count)
    {
        var end = text.Length;
        // Without a stop string, what is left was written for the text that there is, even where it is no whole character.
        return Tell(end, all: finish != FinishReason.StopString)
            && events.TryWrite(new GenerationEvent.Ended(index, finish, count));
    }

    private bool Tell(int settled, bool all = false)
    {
        var begun = ImmutableArray.CreateBuilder<ChosenToken>();
        while (waiting.TryPeek(out var next) && (all || next.Offset < settled))
            begun.Add(waiting.Dequeue());
        if (settled <= told && begun.Count == 0)
            return true;
        var part = text.Part(told, Math.Max(told, settled));
        told = Math.Max(told, settled);
        return events.TryWrite(new GenerationEvent.Grew(index, part, begun.DrainToImmutable()));
    }

    private TokenProbability Token(int id, float logProbability) => new([.. tokens!.BytesOf(id)], logProbability);
}
