namespace GenPrm.Core.Sharing;

/// <summary>Something costly that is opened when it is first asked for and then shared, such as a model or a connection. An opening that failed is told
/// to all who waited for it, and forgotten after a while: what was missing may be there then.</summary>
/// <param name="open">Opens it. Never called twice at once.</param>
/// <param name="firstWait">After the first failure; it doubles with each further one. Who asks meanwhile is told the last failure at once.</param>
/// <param name="longestWait">No wait is longer.</param>
/// <param name="time">Tells the time.</param>
public sealed class Opened<T>(Func<Task<T>> open, TimeSpan firstWait, TimeSpan longestWait, TimeProvider time)
{
    private readonly Lock gate = new();
    private Task<T>? current;
    private DateTimeOffset again;
    private TimeSpan wait = firstWait;

    /// <summary>What was opened, is being opened or failed to open lately; null if nobody asked yet.</summary>
    public Task<T>? Current
    {
        get
        {
            lock (gate)
                return current;
        }
    }

    /// <summary>The shared one. Faults as the opening did.</summary>
    public Task<T> GetAsync()
    {
        lock (gate)
        {
            if (current is null || ((current.IsFaulted || current.IsCanceled) && time.GetUtcNow() >= again))
                current = OpenAsync();
            return current;
        }
    }

    private async Task<T> OpenAsync()
    {
        // Nothing of the opening runs under the lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return await open();
        }
        catch
        {
            lock (gate)
            {
                again = time.GetUtcNow() + wait;
                wait = wait * 2 < longestWait ? wait * 2 : longestWait;
            }

            throw;
        }
    }
}
