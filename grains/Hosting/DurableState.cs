namespace GenPrm.Grains.Hosting;

/// <summary>How grains write: a new state replaces the old one in memory only once it is stored.</summary>
internal static class DurableState
{
    /// <summary>Stores a state. If that fails, memory keeps the old one and the grain goes to sleep: whether the store took the write is unknown, so the
    /// next call reads it anew.</summary>
    public static async Task CommitAsync<T>(this IPersistentState<T> state, T next, Grain grain)
    {
        var before = state.State;
        if (ReferenceEquals(before, next) && state.RecordExists)
            return;
        state.State = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State = before;
            ((IGrainBase)grain).DeactivateOnIdle();
            throw;
        }
    }
}
