using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GenPrm.Trainer.Serving.Answers;

/// <summary>JSON to a caller.</summary>
internal static class JsonText
{
    // Read as JSON and nothing else, so that quotes and letters need no escapes of HTML's kind.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IBufferWriter<byte> output, Action<Utf8JsonWriter> write)
    {
        using var json = new Utf8JsonWriter(output, Options);
        write(json);
    }

    /// <summary>A whole answer of any length, in parts: a reader that takes longer for a part than there is patience loses its connection.</summary>
    public static async Task SendAsync(HttpContext http, Action<Utf8JsonWriter> write, TimeSpan patience, TimeProvider time)
    {
        var body = new ArrayBufferWriter<byte>();
        Write(body, write);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.WrittenCount;
        var output = http.Response.BodyWriter;
        for (var sent = 0; sent < body.WrittenCount; sent += SlowReaders.Enough)
        {
            output.Write(body.WrittenSpan[sent..Math.Min(sent + SlowReaders.Enough, body.WrittenCount)]);
            await SlowReaders.FlushAsync(http, output, patience, time);
        }
    }

    /// <summary>A short answer.</summary>
    public static async Task SendAsync(HttpResponse response, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        Write(body, write);
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, cancellationToken);
    }
}
