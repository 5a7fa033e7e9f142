using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GenPrm.Trainer.Serving.Answers;

/// <summary>An answer in parts, each as <c>data: JSON</c> and an empty line.</summary>
internal sealed class ServerSentEvents
{
    private readonly PipeWriter output;

    /// <summary>Goes on with a response that has begun already, else begins one.</summary>
    public ServerSentEvents(HttpResponse response)
    {
        output = response.BodyWriter;
        if (response.HasStarted)
            return;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        // What some proxies need to be told, lest they keep the parts until there are many.
        response.Headers["X-Accel-Buffering"] = "no";
    }

    public void Add(Action<Utf8JsonWriter> write)
    {
        Add("data: "u8);
        JsonText.Write(output, write);
        Add("\n\n"u8);
    }

    public void AddDone() => Add("data: [DONE]\n\n"u8);

    /// <summary>Sends what was added; waits for a reader that is slow, not for one that has gone: the connection ends that.</summary>
    public async Task SendAsync() => await output.FlushAsync(CancellationToken.None);

    private void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
    }
}
