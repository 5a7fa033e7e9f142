using System.Text.Json;
using GenPrm.Core.Scoring;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GenPrm.Trainer.Serving.Requests;

/// <summary>Reads a request's body as JSON.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <exception cref="ApiException">400, 408 or 415: it is no JSON, does not arrive, or is said to be something else.</exception>
    /// <exception cref="BadHttpRequestException">It is too large, or breaks off.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpContext http, ServingOptions options)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw new ApiException(415, "The body's type is not application/json. Send the header `Content-Type: application/json`.", code: "unsupported_media_type");
        using var arriving = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        arriving.CancelAfter(options.BodyTime);
        try
        {
            var body = await JsonDocument.ParseAsync(http.Request.Body, Json, arriving.Token);
            if (JsonTexts.NoTextIn(body.RootElement) is not { } wrong)
                return body;
            body.Dispose();
            throw new ApiException(400, $"{(wrong.Path.Length == 0 ? "The body" : wrong.Path)} has {(wrong.IsName ? "a field's name with " : "")}half of a surrogate pair (\\uD800 to \\uDFFF alone), or bytes that are not UTF-8, which is no text.", wrong is { IsName: false, Path.Length: > 0 } ? wrong.Path : null, "no_text");
        }
        catch (JsonException error)
        {
            throw ApiException.Bad($"The body is no JSON that this server reads: {error.Message}");
        }
        catch (InvalidOperationException)
        {
            throw ApiException.Bad("The body has a field's name that is no text: half of a surrogate pair, or bytes that are not UTF-8.");
        }
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            throw ApiException.Bad("The body broke off, or its chunks are not as HTTP has them. Send it again.");
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw new ApiException(408, $"The body did not arrive within {options.BodyTime.TotalSeconds:0} s.", code: "body_too_slow");
        }
    }
}
