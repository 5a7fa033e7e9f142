using GenPrm.Client.CommandLine;
using GenPrm.Grains.Hosting;

namespace GenPrm.Client.Sessions;

/// <summary>Short calls to grains, tried again while a silo's death is being noticed.</summary>
public static class GrainCalls
{
    private static readonly TimeSpan[] Delays =
        [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    /// <summary>The answer of an idempotent call.</summary>
    /// <exception cref="CommandException">No answer after several tries.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await call().WaitAsync(cancellation);
            }
            catch (Exception passing) when (GrainTrouble.IsPassing(passing))
            {
                if (attempt == Delays.Length)
                    throw new CommandException($"The grains do not answer: {passing.Message}", ExitCodes.Unavailable);
                await Task.Delay(Delays[attempt], TimeProvider.System, cancellation);
            }
        }
    }
}
