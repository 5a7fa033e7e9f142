using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GenPrm.Trainer.Serving.Answers;

/// <summary>An answer in parts, each as <c>data: JSON</c> and an empty line.</summary>
internal sealed class ServerSentEvents
{
    private readonly HttpContext http;
    private readonly PipeWriter output;
    private readonly TimeSpan patience;
    private readonly TimeProvider time;

    /// <summary>Goes on with a response that has begun already, else begins one.</summary>
    /// <param name="patience">How long a reader may take for what is sent at once.</param>
    public ServerSentEvents(HttpContext http, TimeSpan patience, TimeProvider time)
    {
        (this.http, this.patience, this.time) = (http, patience, time);
        var response = http.Response;
        output = response.BodyWriter;
        if (response.HasStarted)
            return;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        // What some proxies need to be told, lest they keep the parts until there are many.
        response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Whether it is time to send.</summary>
    public bool HasEnough => output.UnflushedBytes >= SlowReaders.Enough;

    public void Add(Action<Utf8JsonWriter> write)
    {
        Add("data: "u8);
        JsonText.Write(output, write);
        Add("\n\n"u8);
    }

    public void AddDone() => Add("data: [DONE]\n\n"u8);

    /// <summary>Sends what was added. The connection of a reader that is stuck is ended, and its request with it.</summary>
    public Task SendAsync() => SlowReaders.FlushAsync(http, output, patience, time);

    private void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
    }
}
