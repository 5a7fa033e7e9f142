using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GenPrm.Trainer.Data;

/// <summary>Samples by their numbers, which never change: a file's, or a job's log that is still growing.</summary>
public interface ISampleSource
{
    /// <summary>The samples <c>window · size</c> to <c>(window + 1) · size - 1</c>, counted from 0. Waits until there are as many, or until
    /// there will be no more: then fewer, and none behind the end.</summary>
    Task<ImmutableArray<Conversation>> WindowAsync(long window, int size, CancellationToken cancellationToken);

    /// <summary>The same, of samples before <paramref name="end"/> alone: those behind it are not waited for.</summary>
    async Task<ImmutableArray<Conversation>> WindowAsync(long window, int size, long end, CancellationToken cancellationToken)
    {
        var samples = await WindowAsync(window, size, cancellationToken);
        return samples[..(int)Math.Clamp(end - (window * size), 0, samples.Length)];
    }

    /// <summary>How many there are in all; null while that is not known.</summary>
    long? Count { get; }

    /// <summary>How many there are by now.</summary>
    Task<long> LengthAsync(CancellationToken cancellationToken) => Task.FromResult(Count ?? 0);

    /// <summary>What they are, in words by which a stopped run knows them again; empty where they can not be mistaken.</summary>
    string Identity => "";
}

/// <summary>The samples of a file.</summary>
public sealed class ListedSamples(ImmutableArray<Conversation> samples) : ISampleSource
{
    private readonly Lazy<string> identity = new(() => Describe(samples));

    public long? Count => samples.Length;

    /// <summary>Their number, and a hash of all that training depends on.</summary>
    public string Identity => identity.Value;

    public Task<ImmutableArray<Conversation>> WindowAsync(long window, int size, CancellationToken cancellationToken)
    {
        var start = (int)Math.Min(window * size, samples.Length);
        return Task.FromResult(samples.Slice(start, Math.Min(size, samples.Length - start)));
    }

    private static string Describe(ImmutableArray<Conversation> samples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var sample in samples)
        {
            Add(sample.Problem);
            Add(string.Join(' ', sample.Labels));
            foreach (var turn in sample.Turns)
            {
                Add(turn.Message.Role);
                Add(turn.Message.Content);
                Add(string.Join(' ', turn.Trained.Select(span => string.Create(CultureInfo.InvariantCulture, $"{span.Start}-{span.End}"))));
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{samples.Length} samples with SHA-256 {Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}");

        // With its length, so that texts can not run into each other.
        void Add(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }
}
