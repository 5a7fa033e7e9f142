using System.Collections.Immutable;
using GenPrm.Core.Generation;

namespace GenPrm.Trainer.Verification;

/// <summary>A generator whose faults are tried again: a fault of the engine fails all that ran in its batch, and is no fault of theirs. What it refuses is refused.</summary>
/// <param name="inner">The generator.</param>
/// <param name="tries">How often it is asked in all.</param>
/// <param name="firstWait">The wait after the first failed try; it doubles.</param>
/// <param name="time">Measures it.</param>
public sealed class PatientGenerator(IGenerator inner, int tries, TimeSpan firstWait, TimeProvider time) : IGenerator
{
    /// <exception cref="GenerationException">As the inner one.</exception>
    /// <exception cref="VerificationException">It failed as often as it was tried.</exception>
    public Task<GenerationResult> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken) =>
        AskAsync(request.Model, () => inner.GenerateAsync(request, cancellationToken), cancellationToken);

    /// <inheritdoc cref="GenerateAsync"/>
    public Task<ImmutableArray<double>> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken) =>
        AskAsync(request.Model, () => inner.ScoreAsync(request, cancellationToken), cancellationToken);

    private async Task<T> AskAsync<T>(string model, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        var wait = firstWait;
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await ask();
            }
            catch (InvalidOperationException fault) when (fault is not ObjectDisposedException)
            {
                if (tried == tries)
                    throw new VerificationException($"The model {model} failed {tries} times, the last time so: {fault.Message}", fault);
                await Task.Delay(wait, time, cancellationToken);
                wait *= 2;
            }
        }
    }
}
