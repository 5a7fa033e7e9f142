using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GenPrm.Trainer.Serving;

/// <summary>The endpoint as a part of a silo: it listens once the silo is up, and stops before the silo does.</summary>
internal sealed partial class ServingService(ServingOptions options, IStreamingGenerator generator, ISandbox sandbox, ILoggerFactory logs, TimeProvider time) : IHostedService
{
    private InferenceServer? server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        server = await InferenceServer.StartAsync(options, generator, sandbox, logs, time, cancellationToken);
        LogListening(logs.CreateLogger("http"), server.Url, string.Join(", ", options.Models));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (server is not null)
            await server.DisposeAsync();
    }

    [LoggerMessage(3, LogLevel.Information, "{Url}v1 serves {Models}")]
    private static partial void LogListening(ILogger log, Uri url, string models);
}

/// <summary>Puts the endpoint into a host.</summary>
public static class ServingHosting
{
    /// <summary>The host must have an <see cref="IStreamingGenerator"/> that knows the models, and an <see cref="ISandbox"/>.</summary>
    public static IServiceCollection AddInferenceServer(this IServiceCollection services, ServingOptions options) =>
        services.AddHostedService(provider => new ServingService(
            options,
            provider.GetRequiredService<IStreamingGenerator>(),
            provider.GetRequiredService<ISandbox>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<TimeProvider>()));
}
