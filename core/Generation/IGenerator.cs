using System.Collections.Immutable;

namespace GenPrm.Core.Generation;

/// <summary>The seam between the method and whatever generates text: an engine in this process, a remote server, a script in a test.
/// Safe for concurrent calls; concurrent requests share one running batch.</summary>
public interface IGenerator
{
    /// <summary>Makes every continuation of a request. May take minutes.</summary>
    /// <exception cref="GenerationException">The request can not be done as it is: an unknown model, a prompt longer than the context or the
    /// key-value budget.</exception>
    /// <exception cref="GeneratorUnavailableException">The model can not be used here now.</exception>
    Task<GenerationResult> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken);

    /// <summary>The natural log probability of each alternative after the prompt, before temperature and filters; a text of several tokens
    /// has the sum of theirs.</summary>
    /// <exception cref="GenerationException">As for <see cref="GenerateAsync"/>.</exception>
    Task<ImmutableArray<double>> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken);
}

/// <summary>A request that will fail again in the same way; its message gives the fact, the value and the remedy.</summary>
public sealed class GenerationException : Exception
{
    public GenerationException()
    {
    }

    public GenerationException(string message)
        : base(message)
    {
    }

    public GenerationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A model can not be used here now, whatever is asked of it: its folder is not there yet, or does not fit into memory beside the others.
/// The message says what was found and what to do.</summary>
public sealed class GeneratorUnavailableException : Exception
{
    public GeneratorUnavailableException()
    {
    }

    public GeneratorUnavailableException(string message)
        : base(message)
    {
    }

    public GeneratorUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
