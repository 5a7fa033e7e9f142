using System.Collections.Immutable;

namespace GenPrm.Core.Generation;

/// <summary>What happened to a request that is being generated. Closed: the nested cases are all there are.</summary>
public abstract record GenerationEvent
{
    private GenerationEvent()
    {
    }

    /// <summary>The request can be done, and waits for its turn. Always the first event.</summary>
    /// <param name="PromptTokens">The prompt's length in tokens.</param>
    public sealed record Started(int PromptTokens) : GenerationEvent;

    /// <summary>A continuation grew. All its texts, joined, are the text that <see cref="IGenerator.GenerateAsync"/> gives.</summary>
    /// <param name="Continuation">Which, by the place of its seed.</param>
    /// <param name="Text">Whole characters, and nothing of a stop string that is to be left out.</param>
    /// <param name="Tokens">The tokens that begin in this text, if log probabilities were asked for.</param>
    public sealed record Grew(int Continuation, string Text, ImmutableArray<ChosenToken> Tokens) : GenerationEvent;

    /// <summary>A continuation ended.</summary>
    /// <param name="Continuation">Which, by the place of its seed.</param>
    /// <param name="Finish">Why it ended.</param>
    /// <param name="Tokens">How many tokens were generated, an end token included.</param>
    public sealed record Ended(int Continuation, FinishReason Finish, int Tokens) : GenerationEvent;
}

/// <summary>A token and how probable it was.</summary>
/// <param name="Bytes">What it adds to the text, in UTF-8; maybe only a part of a character.</param>
/// <param name="LogProbability">Natural log of its probability before temperature and filters.</param>
public sealed record TokenProbability(ImmutableArray<byte> Bytes, float LogProbability);

/// <summary>A token that was chosen.</summary>
/// <param name="Token">The token.</param>
/// <param name="Offset">Where in the continuation's text it begins, in UTF-16 units.</param>
/// <param name="Best">The most probable tokens at its place, the most probable first.</param>
public sealed record ChosenToken(TokenProbability Token, int Offset, ImmutableArray<TokenProbability> Best);
