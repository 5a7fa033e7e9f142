using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GenPrm.Core.Generation;
using GenPrm.Trainer.Serving.Requests;

namespace GenPrm.Trainer.Serving;

/// <summary>What happens to all prompts of a request, as it comes. Choices count through the prompts.</summary>
internal static class PromptEvents
{
    /// <summary>Events that may wait between the prompts' streams and their one reader; a stream that finds no room waits.</summary>
    private const int Waiting = 256;

    public static IAsyncEnumerable<(int Prompt, GenerationEvent Event)> ReadAsync(IStreamingGenerator generator, TextRequest request, CancellationToken cancellationToken) =>
        request.Prompts.Length == 1 ? OneAsync(generator, request, 0, cancellationToken) : MergedAsync(generator, request, cancellationToken);

    private static async IAsyncEnumerable<(int Prompt, GenerationEvent Event)> OneAsync(
        IStreamingGenerator generator, TextRequest request, int prompt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var happened in generator.StreamAsync(request.For(prompt), request.BestTokens, cancellationToken))
            yield return (prompt, happened);
    }

    private static async IAsyncEnumerable<(int Prompt, GenerationEvent Event)> MergedAsync(
        IStreamingGenerator generator, TextRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var merged = Channel.CreateBounded<(int, GenerationEvent)>(new BoundedChannelOptions(Waiting) { SingleReader = true });
        var all = PumpAllAsync();
        try
        {
            await foreach (var happened in merged.Reader.ReadAllAsync(cancellationToken))
                yield return happened;
        }
        finally
        {
            await reading.CancelAsync();
            await all;
        }

        // Never fails itself: the first fault of a prompt is what the reader gets.
        async Task PumpAllAsync()
        {
            await Task.WhenAll(Enumerable.Range(0, request.Prompts.Length).Select(PumpAsync));
            merged.Writer.TryComplete();
        }

        async Task PumpAsync(int prompt)
        {
            try
            {
                await foreach (var happened in OneAsync(generator, request, prompt, reading.Token))
                    await merged.Writer.WriteAsync(happened, reading.Token);
            }
            catch (Exception fault)
            {
                merged.Writer.TryComplete(fault);
            }
        }
    }
}
