using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Grains.Hosting;
using GenPrm.Grains.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GenPrm.Grains.Workers;

/// <summary>Runs a worker for each queue that this silo's roles and models serve.</summary>
internal sealed partial class WorkerService(
    IServiceProvider services,
    IGrainFactory grains,
    ILocalSiloDetails silo,
    GrainsOptions grainsOptions,
    WorkerOptions options,
    TimeProvider time,
    ILogger<WorkerService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var work = new List<Task>();
        if (grainsOptions.Roles.Contains(SiloRole.Sandbox))
            work.Add(ExecuteCodeAsync(stoppingToken));
        if (grainsOptions.Roles.Contains(SiloRole.Generate))
            work.Add(GenerateAsync(stoppingToken));
        await Task.WhenAll(work);
    }

    private async Task ExecuteCodeAsync(CancellationToken stopping)
    {
        await using var interpreters = new HeldInterpreters(services.GetRequiredService<ISandbox>(), options.Sandboxes, options.SandboxIdle, options.FirstWait, time);
        var working = Worker(IWorkQueueGrain.Sandbox, new ExecutionWorker(interpreters, options)).RunAsync(stopping);
        using var timer = new PeriodicTimer(options.SandboxIdle / 2, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                await CloseIdleAsync(interpreters);
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }

        await working;
    }

    /// <summary>Trouble with one idle interpreter must not end the silo's work: the pool replaces its container.</summary>
    private async Task CloseIdleAsync(HeldInterpreters interpreters)
    {
        try
        {
            await interpreters.CloseIdleAsync();
        }
        catch (Exception trouble)
        {
            LogNotClosed(trouble.Message);
        }
    }

    private async Task GenerateAsync(CancellationToken stopping)
    {
        var generation = new GenerationWorker(services.GetRequiredService<IGenerator>(), options);
        var working = new Dictionary<string, Task>();
        var known = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var queues = await grains.GetGrain<IQueueDirectoryGrain>(IQueueDirectoryGrain.Key).Watch(known, stopping);
                known = queues.Length;
                foreach (var queue in queues.Where(queue => Serves(queue) && !working.ContainsKey(queue)))
                    working.Add(queue, Worker(queue, generation).RunAsync(stopping));
            }
            catch (Exception trouble) when (!stopping.IsCancellationRequested)
            {
                LogTrouble(trouble.Message);
                await Task.Delay(options.LongestWait, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                break;
            }
        }

        await Task.WhenAll(working.Values);
    }

    private bool Serves(string queue) =>
        queue.StartsWith(IWorkQueueGrain.Generate(""), StringComparison.Ordinal) && options.Serves(queue[IWorkQueueGrain.Generate("").Length..]);

    private QueueWorker Worker(string queue, IUnitWorker worker) => new(queue, silo.Name, worker, grains, grainsOptions, options, time, log);

    [LoggerMessage(LogLevel.Debug, "The directory of queues does not answer ({Trouble}); it is asked again")]
    private partial void LogTrouble(string trouble);

    [LoggerMessage(LogLevel.Warning, "An idle interpreter could not be closed: {Trouble}")]
    private partial void LogNotClosed(string trouble);
}

/// <summary>Adds the workers to a silo's host.</summary>
public static class WorkersHosting
{
    /// <summary>Adds a background service that works according to the silo's roles. A generate silo needs an <see cref="IGenerator"/> among its services,
    /// a sandbox silo an <see cref="ISandbox"/>.</summary>
    public static IServiceCollection AddGenPrmWorkers(this IServiceCollection services, WorkerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options);
        services.AddHostedService<WorkerService>();
        return services;
    }
}
