using System.Collections.Immutable;
using GenPrm.Model.Training;

namespace GenPrm.Trainer.Data;

/// <summary>What became of the samples read so far, in the first epoch: the classes add up to <see cref="Read"/>.</summary>
/// <param name="Read">All that were looked at.</param>
/// <param name="Trained">In a batch.</param>
/// <param name="HeldOut">For evaluation.</param>
/// <param name="TooLong">With more tokens than a sample may have.</param>
/// <param name="NothingToTrain">Without a trained token.</param>
/// <param name="Refused">Not taken by the model's chat template, or without what the objective needs.</param>
/// <param name="FirstRefusal">Why the first of them was refused.</param>
public sealed record SampleCounts(long Read, long Trained, long HeldOut, long TooLong, long NothingToTrain, long Refused = 0, string? FirstRefusal = null)
{
    public static SampleCounts None { get; } = new(0, 0, 0, 0, 0);
}

/// <summary>Where the next batch begins.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Window">From 0.</param>
/// <param name="Offset">The next place in the window's shuffled order.</param>
/// <param name="Counts">Of the first epoch.</param>
/// <param name="Total">Samples in all, from the moment that the source's end was seen; what a log gets later is not part of the run.</param>
public sealed record DataPosition(int Epoch, long Window, int Offset, SampleCounts Counts, long? Total = null)
{
    public static DataPosition Start { get; } = new(0, 0, 0, SampleCounts.None);
}

/// <summary>One optimizer step's samples, all of one epoch.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="Samples">As many as a batch has; the last of an epoch may have fewer.</param>
/// <param name="After">Where the next batch begins: in the next epoch, if nothing is left to train in this one as far as it is known.</param>
public sealed record SampleBatch(int Epoch, ImmutableArray<EncodedSample> Samples, DataPosition After);

/// <summary>Cuts the samples' order into batches. A batch is a function of its position alone, so that a run can go on from any.</summary>
/// <param name="source">The samples.</param>
/// <param name="order">Their order, and who is held out.</param>
/// <param name="encoder">Makes tokens of them.</param>
/// <param name="batchSize">Samples a batch; the last of an epoch may have fewer.</param>
/// <param name="maxLength">Samples with a longer sequence are left out and counted.</param>
/// <param name="epochs">Passes over the samples.</param>
public sealed class BatchReader(ISampleSource source, DataOrder order, ConversationEncoder encoder, int batchSize, int maxLength, int epochs)
{
    /// <summary>For each window that was looked at, its held-out samples; a window that was read does not change.</summary>
    private readonly List<ImmutableArray<EncodedSample>> heldOut = [];
    private bool heldOutIsWhole;

    /// <summary>The batch at a position; null when all epochs are done.</summary>
    /// <exception cref="TrainingException">The source has less than it had when the position was made.</exception>
    public async Task<SampleBatch?> ReadAsync(DataPosition position, CancellationToken cancellationToken)
    {
        var batch = await CutAsync(position, cancellationToken);
        return batch.Samples.IsEmpty ? null : batch;
    }

    /// <summary>The end, from a position that no batch follows: with every sample in its class.</summary>
    public async Task<DataPosition> EndAsync(DataPosition position, CancellationToken cancellationToken) => (await CutAsync(position, cancellationToken)).After;

    /// <summary>The held-out samples that count at a position, in their order: in the first epoch of a growing source those of the full windows
    /// that were read, so that it does not matter when they are read, and else all.</summary>
    public Task<ImmutableArray<EncodedSample>> ReadHeldOutAsync(DataPosition position, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(position);
        if (source.Count is not null || position.Epoch > 0)
            return ReadHeldOutAsync(long.MaxValue, most, cancellationToken, position.Total ?? long.MaxValue);
        return ReadHeldOutAsync(position.Window + (position.Offset > 0 && position.Total is null ? 1 : 0), most, cancellationToken);
    }

    /// <summary>The held-out samples of the first windows, in their order.</summary>
    /// <param name="windows">How many windows to look at; none behind the end.</param>
    /// <param name="most">The most samples to give.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <param name="end">Samples from this number on do not count.</param>
    public async Task<ImmutableArray<EncodedSample>> ReadHeldOutAsync(long windows, int most, CancellationToken cancellationToken, long end = long.MaxValue)
    {
        var held = ImmutableArray.CreateBuilder<EncodedSample>();
        for (var number = 0; number < windows && held.Count < most; number++)
        {
            if (number == heldOut.Count)
            {
                if (heldOutIsWhole)
                    break;
                var window = await source.WindowAsync(number, order.WindowSize, end, cancellationToken);
                heldOut.Add([.. window.Where(sample => order.IsHeldOut(sample.Problem)).Select(sample => Encode(sample, out _)).OfType<EncodedSample>()
                    .Where(sample => sample.Longest <= maxLength && sample.TrainedTokens > 0)]);
                heldOutIsWhole = window.Length < order.WindowSize;
            }

            held.AddRange(heldOut[number].Take(most - held.Count));
        }

        return held.ToImmutable();
    }

    /// <summary>The batch at a position, which is empty at the end of all epochs. Behind a batch come all samples that are not trained, so
    /// that one that is the last of its epoch knows it.</summary>
    private async Task<SampleBatch> CutAsync(DataPosition position, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(position);
        var samples = ImmutableArray.CreateBuilder<EncodedSample>(batchSize);
        var epoch = position.Epoch;
        while (position.Epoch < epochs)
        {
            epoch = position.Epoch;
            // A full batch does not wait for samples that may not be there yet.
            if (samples.Count == batchSize && source.Count is null && position.Total is null)
                break;
            var window = await WindowAsync(position, cancellationToken);
            if (window.Length < order.WindowSize)
                position = position with { Total = (position.Window * order.WindowSize) + window.Length };
            var shuffled = order.Shuffle(position.Epoch, position.Window, window.Length);
            for (; position.Offset < window.Length; position = position with { Offset = position.Offset + 1 })
            {
                cancellationToken.ThrowIfCancellationRequested();
                var counts = position.Counts;
                if (Sort(window[shuffled[position.Offset]], ref counts) is { } sample)
                {
                    if (samples.Count == batchSize)
                        return new(epoch, samples.ToImmutable(), position);
                    samples.Add(sample);
                }

                if (position.Epoch == 0)
                    position = position with { Counts = counts };
            }

            position = position with { Window = position.Window + 1, Offset = 0 };
            if (position.Total is not { } total || position.Window * order.WindowSize < total)
                continue;
            position = position with { Epoch = position.Epoch + 1, Window = 0 };
            if (samples.Count > 0 || position.Counts.Trained == 0)
                break;
        }

        return new(epoch, samples.ToImmutable(), position);
    }

    /// <summary>A position's window. Once a growing source has ended, the window that it ended in keeps its length: with another one its
    /// samples would be shuffled anew, and some trained twice.</summary>
    private async Task<ImmutableArray<Conversation>> WindowAsync(DataPosition position, CancellationToken cancellationToken)
    {
        var window = await source.WindowAsync(position.Window, order.WindowSize, position.Total ?? long.MaxValue, cancellationToken);
        return position.Total is { } total && window.Length < Math.Min(order.WindowSize, total - (position.Window * order.WindowSize))
            ? throw new TrainingException($"the samples ({source.Identity}) were {total} when this run read them, and are now only {(position.Window * order.WindowSize) + window.Length}; give another --out to begin anew with these")
            : window;
    }

    /// <summary>A sample's tokens; null, and why, where the template does not take it.</summary>
    private EncodedSample? Encode(Conversation conversation, out string? refusal)
    {
        try
        {
            refusal = null;
            return encoder.Encode(conversation);
        }
        catch (TrainingException error)
        {
            refusal = error.Message;
            return null;
        }
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

        if (Encode(conversation, out var refusal) is not { } sample)
        {
            counts = counts with { Refused = counts.Refused + 1, FirstRefusal = counts.FirstRefusal ?? refusal };
            return null;
        }

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
