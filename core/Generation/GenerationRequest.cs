using System.Collections.Immutable;

namespace GenPrm.Core.Generation;

/// <summary>One prompt and the continuations wanted of it.</summary>
/// <param name="Model">The model's name: what a silo's engines are found by.</param>
/// <param name="Prompt">What is continued.</param>
/// <param name="Seeds">One continuation is made for each seed, in this order. A continuation's ids depend on the prompt, the
/// sampling and its own seed alone, never on its company in a batch.</param>
/// <param name="Sampling">How tokens are drawn and when a continuation ends.</param>
/// <param name="LogProbabilities">Whether the log probability of every chosen token is returned.</param>
[GenerateSerializer, Immutable, Alias("genprm.generation-request")]
public sealed record GenerationRequest(
    [property: Id(0)] string Model,
    [property: Id(1)] Prompt Prompt,
    [property: Id(2)] ImmutableArray<ulong> Seeds,
    [property: Id(3)] Sampling Sampling,
    [property: Id(4)] bool LogProbabilities = false);

/// <summary>Why a continuation ended.</summary>
public enum FinishReason
{
    /// <summary>The model wrote one of its end tokens.</summary>
    EndToken,

    /// <summary>The text contains a stop string, at its end.</summary>
    StopString,

    /// <summary>The limit of new tokens, or of the model's context, was reached: the text was cut.</summary>
    Length,
}

/// <summary>One continuation.</summary>
/// <param name="Text">What was written after the prompt, without end tokens.</param>
/// <param name="Finish">Why it ended.</param>
/// <param name="Tokens">How many tokens were generated, an end token included.</param>
/// <param name="LogProbabilities">Natural log of each chosen token's probability before temperature and filters; empty unless asked for.</param>
[GenerateSerializer, Immutable, Alias("genprm.completion")]
public sealed record Completion(
    [property: Id(0)] string Text,
    [property: Id(1)] FinishReason Finish,
    [property: Id(2)] int Tokens,
    [property: Id(3)] ImmutableArray<float> LogProbabilities);

/// <summary>The continuations of one request, in the order of its seeds.</summary>
/// <param name="PromptTokens">The prompt's length in tokens.</param>
/// <param name="Completions">One for each seed.</param>
[GenerateSerializer, Immutable, Alias("genprm.generation-result")]
public sealed record GenerationResult(
    [property: Id(0)] int PromptTokens,
    [property: Id(1)] ImmutableArray<Completion> Completions);

/// <summary>Asks how probable each of several texts is as the next thing a model writes.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Prompt">What stands before.</param>
/// <param name="Alternatives">Texts such as <c>Yes</c> and <c>No</c>; each may be several tokens.</param>
[GenerateSerializer, Immutable, Alias("genprm.score-request")]
public sealed record ScoreRequest(
    [property: Id(0)] string Model,
    [property: Id(1)] Prompt Prompt,
    [property: Id(2)] ImmutableArray<string> Alternatives);
