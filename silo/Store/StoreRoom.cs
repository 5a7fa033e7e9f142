namespace GenPrm.Silo.Store;

/// <summary>Room for the local store on its disk: a store that can write nothing more breaks under the job, so a job is paused while there is still some.</summary>
public static class StoreRoom
{
    /// <summary>Below so many free bytes no work begins, and work that goes on is paused: enough for what is under way to be stored.</summary>
    public const long Least = 64L << 20;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <summary>Free bytes on the disk of a store.</summary>
    public static long Free(StoreFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new DriveInfo(folder.Path).AvailableFreeSpace;
    }

    /// <summary>Completes when there is too little room left.</summary>
    /// <param name="free">Free bytes.</param>
    /// <param name="time">For looking again.</param>
    /// <returns>The free bytes that were seen then.</returns>
    public static async Task<long> LowAsync(Func<long> free, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(free);
        while (true)
        {
            if (free() is var bytes && bytes < Least)
                return bytes;
            await Task.Delay(Look, time, cancellation);
        }
    }

    /// <summary>What is wrong, and what to do.</summary>
    public static string Trouble(StoreFolder folder, long bytes)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return $"The disk of the store {folder.Path} has {bytes >> 20} MiB left; {Least >> 20} are wanted. Free some, or give another folder with --data.";
    }
}
