using System.Collections.Immutable;

namespace GenPrm.Core.Generation;

/// <summary>A generator in this process that also says what its continuations grow by while they are made: what an endpoint needs.</summary>
public interface IStreamingGenerator : IGenerator
{
    /// <summary>What is to be known about a model before it is asked; loads it if need be, which may take minutes.</summary>
    /// <exception cref="GenerationException">The model is unknown.</exception>
    Task<ModelFacts> DescribeAsync(string model, CancellationToken cancellationToken);

    /// <summary>As <see cref="IGenerator.GenerateAsync"/>, told piece by piece: <see cref="GenerationEvent.Started"/>, then the growth of all
    /// continuations as it comes, and an <see cref="GenerationEvent.Ended"/> for each. Whoever stops reading ends the request.</summary>
    /// <param name="request">What is to be continued. Its tokens are told only if it asks for log probabilities.</param>
    /// <param name="bestTokens">How many of the most probable tokens are named beside each chosen one; 0 for none.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="GenerationException">As for <see cref="IGenerator.GenerateAsync"/>, before the first event.</exception>
    /// <exception cref="ReaderTooSlowException">Too much was waiting to be read; the request was ended.</exception>
    IAsyncEnumerable<GenerationEvent> StreamAsync(GenerationRequest request, int bestTokens, CancellationToken cancellationToken);
}

/// <summary>What a model's callers have to know.</summary>
/// <param name="ContextTokens">The most tokens of prompt and continuation together.</param>
/// <param name="ControlTokens">Strings that steer the model and are no text.</param>
public sealed record ModelFacts(int ContextTokens, ImmutableArray<string> ControlTokens);

/// <summary>The reader of a stream fell so far behind that its request was ended: the engine waits for nobody.</summary>
public sealed class ReaderTooSlowException : Exception
{
    public ReaderTooSlowException()
    {
    }

    public ReaderTooSlowException(string message)
        : base(message)
    {
    }

    public ReaderTooSlowException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
