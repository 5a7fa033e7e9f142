namespace GenPrm.Tests.Cluster.Support;

/// <summary>Wakes whoever waits for the cluster to come to a state, at every call between its grains: tests wait for events, not for time.</summary>
public sealed class CallSignal : IIncomingGrainCallFilter
{
    private TaskCompletionSource _next = New();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        // A test's own looks must not wake it.
        if (context.MethodName is not ("Summary" or "View" or "ViewStep" or "List" or "Totals" or "Read" or "Length" or "Request" or "Labellings" or "Score"))
            Interlocked.Exchange(ref _next, New()).TrySetResult();
    }

    /// <summary>Looks, after every call in the cluster, until the state is there.</summary>
    public async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> holds, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            var next = _next.Task;
            object seen;
            try
            {
                var result = await look();
                if (holds(result))
                    return result;
                seen = result!;
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                // A silo has just gone; what it held answers again in a moment.
                seen = trouble.Message;
            }

            try
            {
                await next.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"It never came to this: {what}. Last seen: {System.Text.Json.JsonSerializer.Serialize(seen)}");
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
