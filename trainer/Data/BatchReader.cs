using System.Collections.Immutable;

namespace GenPrm.Trainer.Data;

/// <summary>What became of the samples read so far, in the first epoch: the classes add up to <see cref="Read"/>.</summary>
public sealed record SampleCounts(long Read, long Trained, long HeldOut, long TooLong, long NothingToTrain)
{
    public static SampleCounts None { get; } = new(0, 0, 0, 0, 0);
}

/// <summary>Where the next batch begins.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Window">From 0.</param>
/// <param name="Offset">The next place in the window's shuffled order.</param>
/// <param name="Counts">Of the first epoch.</param>
public sealed record DataPosition(int Epoch, long Window, int Offset, SampleCounts Counts)
{
    public static DataPosition Start { get; } = new(0, 0, 0, SampleCounts.None);
}

/// <summary>One optimizer step's samples.</summary>
public sealed record SampleBatch(ImmutableArray<EncodedSample> Samples, DataPosition After);

/// <summary>Cuts the samples' order into batches. A batch is a function of its position alone, so that a run can go on from any.</summary>
/// <param name="source">The samples.</param>
/// <param name="order">Their order, and who is held out.</param>
/// <param name="encoder">Makes tokens of them.</param>
/// <param name="batchSize">Samples a batch; the last of an epoch may have fewer.</param>
/// <param name="maxLength">Samples with a longer sequence are left out and counted.</param>
/// <param name="epochs">Passes over the samples.</param>
public sealed class BatchReader(ISampleSource source, DataOrder order, ConversationEncoder encoder, int batchSize, int maxLength, int epochs)
{
    /// <summary>The batch at a position; null when all epochs are done.</summary>
    public async Task<SampleBatch?> ReadAsync(DataPosition position, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(position);
        var samples = ImmutableArray.CreateBuilder<EncodedSample>(batchSize);
        while (position.Epoch < epochs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var window = await source.WindowAsync(position.Window, order.WindowSize, cancellationToken);
            var shuffled = order.Shuffle(position.Epoch, position.Window, window.Length);
            for (; position.Offset < window.Length; position = position with { Offset = position.Offset + 1 })
            {
                if (samples.Count == batchSize)
                    return new(samples.ToImmutable(), position);
                var counts = position.Counts;
                if (Sort(window[shuffled[position.Offset]], ref counts) is { } sample)
                    samples.Add(sample);
                if (position.Epoch == 0)
                    position = position with { Counts = counts };
            }

            if (window.Length == order.WindowSize)
            {
                position = position with { Window = position.Window + 1, Offset = 0 };
                // A full batch does not wait for the next window.
                if (samples.Count == batchSize)
                    return new(samples.ToImmutable(), position);
                continue;
            }

            position = new(position.Epoch + 1, 0, 0, position.Counts);
            if (samples.Count > 0)
                return new(samples.ToImmutable(), position);
            if (position.Counts.Trained == 0)
                return null;
        }

        return samples.Count > 0 ? new(samples.ToImmutable(), position) : null;
    }

    /// <summary>The held-out samples of the first windows, in their order.</summary>
    /// <param name="windows">How many windows to look at; none behind the end.</param>
    /// <param name="most">The most samples to give.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<ImmutableArray<EncodedSample>> ReadHeldOutAsync(long windows, int most, CancellationToken cancellationToken)
    {
        var held = ImmutableArray.CreateBuilder<EncodedSample>();
        for (long number = 0; number < windows && held.Count < most; number++)
        {
            var window = await source.WindowAsync(number, order.WindowSize, cancellationToken);
            held.AddRange(window.Where(sample => order.IsHeldOut(sample.Problem)).Select(encoder.Encode)
                .Where(sample => sample.Longest <= maxLength && sample.TrainedTokens > 0).Take(most - held.Count));
            if (window.Length < order.WindowSize)
                break;
        }

        return held.ToImmutable();
    }

    /// <summary>Puts a sample into its class; gives its tokens if it is to be trained.</summary>
    internal EncodedSample? Sort(Conversation conversation, ref SampleCounts counts)
    {
        counts = counts with { Read = counts.Read + 1 };
        if (order.IsHeldOut(conversation.Problem))
        {
            counts = counts with { HeldOut = counts.HeldOut + 1 };
            return null;
        }

        var sample = encoder.Encode(conversation);
        if (sample.Longest > maxLength)
        {
            counts = counts with { TooLong = counts.TooLong + 1 };
            return null;
        }

        if (sample.TrainedTokens == 0)
        {
            counts = counts with { NothingToTrain = counts.NothingToTrain + 1 };
            return null;
        }

        counts = counts with { Trained = counts.Trained + 1 };
        return sample;
    }
}
