using System.Collections.Immutable;
using GenPrm.Trainer.Data;

namespace GenPrm.Tests.Unit.Training;

/// <summary>A log that ends where it is told to, and may go on later. It never waits: nobody reads behind what is there.</summary>
internal sealed class GrowingSamples(int length) : ISampleSource
{
    /// <summary>Windows that were asked for.</summary>
    public List<long> Asked { get; } = [];

    public int Length { get; set; } = length;

    public long? Count => null;

    public string Identity => "job sums, labelling 1";

    public Task<long> LengthAsync(CancellationToken cancellationToken) => Task.FromResult<long>(Length);

    public Task<ImmutableArray<Conversation>> WindowAsync(long window, int size, CancellationToken cancellationToken)
    {
        Asked.Add(window);
        return Conversations.Many(Length).WindowAsync(window, size, cancellationToken);
    }
}
