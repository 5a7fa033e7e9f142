using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Identity;

namespace GenPrm.Trainer.Serving.Requests;

/// <summary>A request for text, whichever form it came in.</summary>
internal sealed record TextRequest
{
    public required string Model { get; init; }

    /// <summary>One, or several that are answered as if each had come alone.</summary>
    public required ImmutableArray<Prompt> Prompts { get; init; }

    public required RequestSettings Settings { get; init; }

    public required Sampling Sampling { get; init; }

    /// <summary>Whether tokens come with log probabilities, and with how many of the most probable beside each.</summary>
    public bool LogProbabilities { get; init; }

    public int BestTokens { get; init; }

    public int Continuations => Prompts.Length * Settings.Choices;

    /// <summary>The place of a prompt's continuation among all choices.</summary>
    public int Choice(int prompt, int continuation) => (prompt * Settings.Choices) + continuation;

    /// <summary>What the generator is asked for one of the prompts. A choice's seed depends on the request's seed and its own place alone, so that
    /// more choices leave the first as they were.</summary>
    public GenerationRequest For(int prompt) => new(
        Model, Prompts[prompt], [.. Enumerable.Range(0, Settings.Choices).Select(choice => RandomStream.SeedOf(Settings.Seed, $"choice/{choice}"))], Sampling, LogProbabilities);
}

/// <summary>What does not concern the tokens.</summary>
/// <param name="Choices">Continuations of each prompt.</param>
/// <param name="Seed">Given, or drawn for this request.</param>
/// <param name="Stream">Whether the answer comes as it grows.</param>
/// <param name="IncludeUsage">Whether a stream ends with the numbers of tokens.</param>
internal sealed record RequestSettings(int Choices, ulong Seed, bool Stream, bool IncludeUsage);
