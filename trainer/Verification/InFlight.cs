using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace GenPrm.Trainer.Verification;

/// <summary>Works on many items, so many at once, and gives each result as soon as it is there.</summary>
public static class InFlight
{
    /// <summary>Results in the order in which they come. The first exception ends the rest.</summary>
    /// <param name="items">Taken one by one as there is room.</param>
    /// <param name="most">Items that are worked on at once.</param>
    /// <param name="work">Done for each item.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async IAsyncEnumerable<TResult> RunAsync<T, TResult>(
        IEnumerable<T> items, int most, Func<T, CancellationToken, Task<TResult>> work, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var results = Channel.CreateBounded<TResult>(most);
        var working = WorkAsync();
        try
        {
            await foreach (var result in results.Reader.ReadAllAsync(cancellationToken))
                yield return result;
        }
        finally
        {
            await giveUp.CancelAsync();
            await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task WorkAsync()
        {
            Exception? error = null;
            try
            {
                await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = most, CancellationToken = giveUp.Token }, async (item, stop) =>
                    await results.Writer.WriteAsync(await work(item, stop), stop));
            }
            catch (Exception failed)
            {
                error = failed;
            }

            results.Writer.Complete(error);
        }
    }
}
