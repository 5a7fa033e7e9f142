using System.Collections.Immutable;

namespace GenPrm.Trainer.Data;

/// <summary>Samples by their numbers, which never change: a file's, or a job's log that is still growing.</summary>
public interface ISampleSource
{
    /// <summary>The samples <c>window · size</c> to <c>(window + 1) · size - 1</c>, counted from 0. Waits until there are as many, or until
    /// there will be no more: then fewer, and none behind the end.</summary>
    Task<ImmutableArray<Conversation>> WindowAsync(long window, int size, CancellationToken cancellationToken);

    /// <summary>How many there are in all; null while that is not known.</summary>
    long? Count { get; }
}

/// <summary>The samples of a file.</summary>
public sealed class ListedSamples(ImmutableArray<Conversation> samples) : ISampleSource
{
    public long? Count => samples.Length;

    public Task<ImmutableArray<Conversation>> WindowAsync(long window, int size, CancellationToken cancellationToken)
    {
        var start = (int)Math.Min(window * size, samples.Length);
        return Task.FromResult(samples.Slice(start, Math.Min(size, samples.Length - start)));
    }
}
