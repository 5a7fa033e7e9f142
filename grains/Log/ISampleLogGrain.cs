using System.Collections.Immutable;
using GenPrm.Core.Samples;

namespace GenPrm.Grains.Log;

/// <summary>The accepted samples of one labelling: durable, replayable, numbered 1, 2, 3, … without gaps. Key: see <see cref="KeyOf"/>.
/// Reading changes nothing. Delivery is at least once; a consumer that keeps the number it has read up to in its own state takes
/// effect of each sample once.</summary>
[Alias("genprm.ISampleLogGrain")]
public interface ISampleLogGrain : IGrainWithStringKey
{
    /// <summary>The largest page that <see cref="Read"/> gives.</summary>
    const int MaxPage = 256;

    static string KeyOf(string job, int labelling) => $"{job}/l{labelling}";

    /// <summary>Stores a sample under the next number, unless its id is there already; gives its number in both cases.</summary>
    [Alias("Append")]
    Task<long> Append(Sample sample);

    /// <summary>The entries after a position, in order, at most <paramref name="count"/> and at most <see cref="MaxPage"/>; an empty page is the end.</summary>
    /// <param name="after">The number read last; 0 reads from the beginning.</param>
    [Alias("Read")]
    Task<ImmutableArray<LogEntry>> Read(long after, int count);

    /// <summary>How many samples there are, which is the last one's number.</summary>
    [Alias("Length")]
    Task<long> Length();

    /// <summary>Keeps a consumer's position for display. The truth is in the consumer's own state.</summary>
    [Alias("ReportPosition")]
    Task ReportPosition(string consumer, long position);

    /// <summary>The reported positions by consumer.</summary>
    [Alias("Positions")]
    Task<ImmutableSortedDictionary<string, long>> Positions();
}
