using System.Net.Sockets;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Trainer.Serving.Answers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GenPrm.Trainer.Serving;

/// <summary>The HTTP endpoint: OpenAI's paths for text, and one for step rewards, over the models of this process.</summary>
public sealed class InferenceServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly Admission admission;
    private readonly JudgeEndpoint judge;
    private readonly ServingOptions options;
    private readonly TimeProvider time;

    private InferenceServer(WebApplication application, Admission admission, JudgeEndpoint judge, ServingOptions options, TimeProvider time)
    {
        (this.application, this.admission, this.judge, this.options, this.time) = (application, admission, judge, options, time);
        Url = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:8000</c>.</summary>
    public Uri Url { get; }

    /// <summary>Loads the models, then listens.</summary>
    /// <param name="sandbox">Where judges' code runs; null where none does. The caller's to dispose.</param>
    /// <exception cref="ServingException">An option can not be used, or the port is taken.</exception>
    public static async Task<InferenceServer> StartAsync(
        ServingOptions options, IStreamingGenerator generator, ISandbox? sandbox, ILoggerFactory logs, TimeProvider time, CancellationToken cancellationToken)
    {
        options.Validate();
        var models = await ServedModels.LoadAsync(options, generator, time, cancellationToken);
        var admission = new Admission(options);
        var application = Build(options, logs);
        var pipeline = new RequestPipeline(options, new AccessRules(options), time, logs.CreateLogger("http"));
        application.Use(next => http => pipeline.RunAsync(http, next));
        var text = new TextEndpoint(options, models, generator, admission, time);
        application.MapGet("/health", http => SendHealthAsync(http, admission)).WithMetadata(new OpenToAll());
        application.MapGet("/v1/models", models.ListAsync);
        application.MapGet("/v1/models/{**model}", http => models.ShowAsync(http, (string?)http.Request.RouteValues["model"] ?? ""));
        application.MapPost("/v1/chat/completions", text.ChatAsync);
        application.MapPost("/v1/completions", text.CompletionAsync);
        var judge = new JudgeEndpoint(options, models, generator, sandbox, admission, time);
        application.MapPost("/v1/judge", judge.JudgeAsync);
        try
        {
            await application.StartAsync(cancellationToken);
            return new InferenceServer(application, admission, judge, options, time);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await judge.DisposeAsync();
            await application.DisposeAsync();
            throw new ServingException($"{options.Address} port {options.Port} can not be listened on: {error.Message} Give another port, or 0 for a free one, and an address that this machine has.", error) { IsOfTheMachine = true };
        }
    }

    /// <summary>Takes nothing new, waits for what is being answered, at most <see cref="ServingOptions.DrainTime"/>, and ends the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        admission.Close();
        using var drained = new CancellationTokenSource(options.DrainTime, time);
        await application.StopAsync(drained.Token);
        await judge.DisposeAsync();
        await application.DisposeAsync();
    }

    private static WebApplication Build(ServingOptions options, ILoggerFactory logs)
    {
        // Empty: nothing comes in from files or variables that nobody here knows of.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            var limits = kestrel.Limits;
            limits.MaxRequestBodySize = options.MaxBodyBytes;
            limits.MaxConcurrentConnections = options.MaxConnections;
            // A body that trickles in holds a request's place all the while.
            limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 16 << 10, gracePeriod: TimeSpan.FromSeconds(5));
            limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 4096, gracePeriod: TimeSpan.FromSeconds(10));
            limits.KeepAliveTimeout = options.IdleTime;
            limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            limits.MaxRequestHeadersTotalSize = 16 << 10;
            kestrel.Listen(options.Address, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                new ConnectionLimit(options.MaxConnectionsOfAddress).Guard(listen);
            });
        });
        return builder.Build();
    }

    private static Task SendHealthAsync(HttpContext http, Admission admission)
    {
        http.Response.StatusCode = admission.Closed ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return JsonText.SendAsync(
            http.Response,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("status", admission.Closed ? "stopping" : "ok");
                json.WriteEndObject();
            },
            http.RequestAborted);
    }

    /// <summary>Whoever starts the server stops it: Ctrl-C belongs to the command line.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
