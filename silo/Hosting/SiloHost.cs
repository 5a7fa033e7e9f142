using System.Globalization;
using System.Net;
using GenPrm.Grains.Hosting;
using GenPrm.Silo.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace GenPrm.Silo.Hosting;

/// <summary>Builds the host of one silo: the same code for the laptop's one process and for a pod of the cluster.</summary>
public static class SiloHost
{
    /// <summary>A host that is ready to start.</summary>
    /// <param name="more">Adds what a role needs of rooms that this one does not know.</param>
    /// <exception cref="HostSettingsException">A setting can not be used.</exception>
    public static IHost Build(HostSettings settings, Action<IServiceCollection>? more = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());

        // Whoever starts the host stops it: Ctrl-C belongs to the command line.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        AddLogging(builder.Logging, settings);
        builder.UseOrleans(silo => silo
            .AddGenPrmGrains(new GrainsOptions { Store = settings.Redis, Roles = settings.Roles })
            .Configure<SiloOptions>(options => options.SiloName = Name(settings))
            .Configure<EndpointOptions>(options =>
            {
                options.AdvertisedIPAddress = settings.Address;
                options.SiloPort = settings.SiloPort != 0 ? settings.SiloPort : FreePort.Find();
                options.GatewayPort = settings.GatewayPort != 0 ? settings.GatewayPort : FreePort.Find();
                options.SiloListeningEndpoint = new IPEndPoint(Listening(settings.Address), options.SiloPort);
                options.GatewayListeningEndpoint = new IPEndPoint(Listening(settings.Address), options.GatewayPort);
            }));
        builder.Services.AddRoles(settings);
        more?.Invoke(builder.Services);
        return builder.Build();
    }

    private static void AddLogging(ILoggingBuilder logging, HostSettings settings)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Orleans", LogLevel.Warning);
        // Two lines at each start about a garbage collector that we chose, and a watchdog that counts from the machine's start.
        logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        logging.AddFilter("Polly", LogLevel.Warning);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        if (settings.LogFile is { } file)
            logging.Services.AddSingleton<ILoggerProvider>(new FileLog(file, TimeProvider.System));
        else
            logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
    }

    private static IPAddress Listening(IPAddress address) => IPAddress.IsLoopback(address) ? IPAddress.Loopback : IPAddress.Any;

    private static string Name(HostSettings settings) => string.Create(
        CultureInfo.InvariantCulture, $"{Environment.MachineName}-{string.Join('-', settings.Roles).ToLowerInvariant()}-{Environment.ProcessId}");

    private sealed class NoLifetime : IHostLifetime
    {
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
