namespace GenPrm.Sandbox.Pool;

/// <summary>Work that nobody awaits until the end.</summary>
internal sealed class BackgroundTasks
{
    private readonly Lock gate = new();
    private readonly HashSet<Task> tasks = [];

    public void Run(Func<Task> work)
    {
        var task = Task.Run(work);
        lock (gate)
            tasks.Add(task);
        _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public Task WhenAllAsync()
    {
        lock (gate)
            return Task.WhenAll(tasks);
    }

    private void Forget(Task task)
    {
        lock (gate)
            tasks.Remove(task);
    }
}
