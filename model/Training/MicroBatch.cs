using System.Collections.Immutable;

namespace GenPrm.Model.Training;

/// <summary>A position whose output is trained, and what it should say.</summary>
/// <param name="Position">Index into the micro-batch's tokens: the token *after which* the target is predicted.</param>
/// <param name="Target">A token id for the language-model head; 0 or 1 for the value head.</param>
public readonly record struct TrainedPosition(int Position, int Target);

/// <summary>Sequences laid end to end, which pass through the model together without seeing each other. No padding is needed; a
/// padded row is a sequence like any other.</summary>
/// <param name="Tokens">The ids of all sequences, one after another.</param>
/// <param name="Lengths">The sequences' lengths; their sum is the number of tokens. Positions start at 0 in each.</param>
/// <param name="Targets">The trained positions, in ascending order.</param>
public sealed record MicroBatch(ImmutableArray<int> Tokens, ImmutableArray<int> Lengths, ImmutableArray<TrainedPosition> Targets)
{
    /// <summary>Lays sequences end to end.</summary>
    public static MicroBatch Pack(IReadOnlyCollection<TrainingSequence> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        var tokens = ImmutableArray.CreateBuilder<int>(sequences.Sum(sequence => sequence.Tokens.Length));
        var lengths = ImmutableArray.CreateBuilder<int>(sequences.Count);
        var targets = ImmutableArray.CreateBuilder<TrainedPosition>();
        foreach (var sequence in sequences)
        {
            foreach (var target in sequence.Targets)
                targets.Add(target with { Position = target.Position + tokens.Count });
            tokens.AddRange(sequence.Tokens);
            lengths.Add(sequence.Tokens.Length);
        }

        return new(tokens.MoveToImmutable(), lengths.MoveToImmutable(), targets.ToImmutable());
    }
}

/// <summary>One sequence of tokens and its trained positions.</summary>
/// <param name="Tokens">At least one id.</param>
/// <param name="Targets">Trained positions in ascending order, counted from the sequence's own start.</param>
public sealed record TrainingSequence(ImmutableArray<int> Tokens, ImmutableArray<TrainedPosition> Targets)
{
    /// <summary>A sequence in which some tokens are to be predicted, each from those before it.</summary>
    /// <param name="tokens">The ids.</param>
    /// <param name="mask">True for a token that is trained. The first token is predicted from nothing, so it never is.</param>
    public static TrainingSequence FromMask(ImmutableArray<int> tokens, ReadOnlySpan<bool> mask)
    {
        if (tokens.Length == 0 || mask.Length != tokens.Length)
            throw new ArgumentException($"{tokens.Length} tokens and a mask of {mask.Length}: a sequence has at least one token and a mask of its length", nameof(mask));
        var targets = ImmutableArray.CreateBuilder<TrainedPosition>();
        for (var at = 1; at < tokens.Length; at++)
        {
            if (mask[at])
                targets.Add(new(at - 1, tokens[at]));
        }

        return new(tokens, targets.ToImmutable());
    }

    /// <summary>The sequence with <paramref name="token"/> appended up to a length; what is appended is never trained, and what comes
    /// before does not see it.</summary>
    public TrainingSequence PadTo(int length, int token) =>
        this with { Tokens = Tokens.AddRange(Enumerable.Repeat(token, Math.Max(0, length - Tokens.Length))) };
}
