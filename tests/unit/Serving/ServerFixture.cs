using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GenPrm.Tests.Unit.Verification;
using GenPrm.Trainer.Serving;
using Microsoft.Extensions.Logging.Abstractions;

namespace GenPrm.Tests.Serving;

/// <summary>The endpoint on a free port of this machine, over a scripted model, and a client of it.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    private readonly InferenceServer server;

    private ServerFixture(InferenceServer server, ScriptedStreams model, PrintingSandbox sandbox, string? token)
    {
        (this.server, Model, Sandbox) = (server, model, sandbox);
        Client = new HttpClient { BaseAddress = server.Url };
        if (token is not null)
            Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public ScriptedStreams Model { get; }

    public PrintingSandbox Sandbox { get; }

    public HttpClient Client { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ServerFixture> StartAsync(Func<ServingOptions, ServingOptions>? with = null)
    {
        var model = new ScriptedStreams();
        var options = new ServingOptions { Models = ["m"], Port = 0 };
        options = with is null ? options : with(options);
        var sandbox = new PrintingSandbox();
        return new(await InferenceServer.StartAsync(options, model, sandbox, NullLoggerFactory.Instance, TimeProvider.System, Cancellation), model, sandbox, options.Token);
    }

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    public Task<HttpResponseMessage> PostAsync(string path, string body) => Client.PostAsync(new Uri(path, UriKind.Relative), Json(body), Cancellation);

    /// <summary>The answer to a request that must succeed.</summary>
    public async Task<JsonElement> AnswerAsync(string path, string body)
    {
        using var response = await PostAsync(path, body);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The error of a request that must fail.</summary>
    public async Task<(int Status, string Message, string? Field, string? Code)> ErrorAsync(string path, string body)
    {
        using var response = await PostAsync(path, body);
        return await ErrorAsync(response);
    }

    public static async Task<(int Status, string Message, string? Field, string? Code)> ErrorAsync(HttpResponseMessage response)
    {
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("error");
        Assert.NotEmpty(error.GetProperty("type").GetString()!);
        return ((int)response.StatusCode, error.GetProperty("message").GetString()!, error.GetProperty("param").GetString(), error.GetProperty("code").GetString());
    }

    /// <summary>The parts of a stream, without what frames them.</summary>
    public async Task<List<string>> PartsAsync(string path, string body)
    {
        using var response = await PostAsync(path, body);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.EndsWith("\n\n", text, StringComparison.Ordinal);
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(part => part["data: ".Length..])];
    }

    /// <summary>Stops the server, in order.</summary>
    public ValueTask StopAsync() => server.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await server.DisposeAsync();
    }
}
