using System.Collections.Immutable;
using GenPrm.Core.Scoring;

namespace GenPrm.Trainer.Verification;

/// <summary>Which model judges, and how much of it at once.</summary>
public sealed record VerifierOptions
{
    /// <summary>The model's name at the generator.</summary>
    public required string Model { get; init; }

    /// <summary>How it judges unless a call says otherwise.</summary>
    public JudgeOptions Judge { get; init; } = new();

    /// <summary>Whether the open turn has the tag of an assistant's turn (weights trained here) or none (the released GenPRM weights).</summary>
    public bool UntaggedTurn { get; init; }

    /// <summary>Control strings of the model: a solution that holds one can not be judged, and printed ones are not fed back.</summary>
    public ImmutableArray<string> ControlTokens { get; init; } = [];

    /// <summary>Paths that are worked on at once, over all calls.</summary>
    public int PathsAtOnce { get; init; } = 64;

    /// <summary>Interpreters that are open at once: no more than the sandbox has containers.</summary>
    public int Interpreters { get; init; } = 2;

    /// <summary>The time of one code block; null for the sandbox's own limit.</summary>
    public TimeSpan? BlockTime { get; init; }

    /// <summary>How often the generator is asked before its trouble is given up on.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>The wait after the first failed try; it doubles.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <exception cref="ArgumentException">A value is out of its range; the message names the option.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Model), nameof(Model), Model, "a model's name");
        Require(PathsAtOnce > 0, nameof(PathsAtOnce), PathsAtOnce, "at least 1");
        Require(Interpreters > 0, nameof(Interpreters), Interpreters, "at least 1");
        Require(Tries > 0, nameof(Tries), Tries, "at least 1");
        Require(FirstWait >= TimeSpan.Zero, nameof(FirstWait), FirstWait, "zero or more");

        static void Require(bool holds, string option, object value, string range)
        {
            if (!holds)
                throw new ArgumentException($"Verifier option {option} is {value}; it must be {range}.");
        }
    }
}

/// <summary>What a verifier has done so far, for a live display.</summary>
/// <param name="Steps">Judgements of steps, over all paths.</param>
/// <param name="Tokens">Tokens generated.</param>
/// <param name="Blocks">Code blocks run.</param>
public readonly record struct VerifierWork(long Steps, long Tokens, long Blocks);
