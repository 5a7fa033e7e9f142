using System.Globalization;
using System.Text.Json;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Trainer.Verification;
using Microsoft.AspNetCore.Http;

namespace GenPrm.Trainer.Serving.Answers;

/// <summary>Errors in OpenAI's form.</summary>
internal static class ApiError
{
    /// <summary>What a caller is told of a fault, or null if it is one of ours, which is nobody else's business.</summary>
    public static ApiException? Of(Exception fault) => fault switch
    {
        ApiException error => error,
        GenerationException error => ApiException.Bad(error.Message),
        ReaderTooSlowException error => new ApiException(503, error.Message, code: "reader_too_slow"),
        SandboxUnavailableException => new ApiException(503, "No sandbox is to be had now; the server's log says why. Try again later, or set execute to false.", code: "sandbox_unavailable"),
        GeneratorUnavailableException => new ApiException(503, "The model can not be loaded now; the server's log says why.", code: "model_unavailable"),
        VerificationException => new ApiException(503, "The model failed as often as it was asked; the server's log says why.", code: "model_failed"),
        ObjectDisposedException => new ApiException(503, "The server stops.", code: "stopping"),
        BadHttpRequestException error => new ApiException(error.StatusCode, error.Message),
        _ => null,
    };

    /// <summary>Whether a fault is told in words that say nothing of it, so that the log must have it.</summary>
    public static bool IsForTheLog(Exception fault) => Of(fault) is null || fault is SandboxUnavailableException or GeneratorUnavailableException or VerificationException;

    public static ApiException Internal { get; } = new(500, "The server met an error that it did not expect; its log has it.", code: "internal_error");

    public static Task SendAsync(HttpResponse response, ApiException error, CancellationToken cancellationToken)
    {
        response.Clear();
        response.StatusCode = error.Status;
        if (error.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (error.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        return JsonText.SendAsync(response, json => Write(json, error), cancellationToken);
    }

    public static void Write(Utf8JsonWriter json, ApiException error)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", error.Message);
        json.WriteString("type", error.Status switch
        {
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => "authentication_error",
            StatusCodes.Status429TooManyRequests => "rate_limit_error",
            >= 500 => "server_error",
            _ => "invalid_request_error",
        });
        json.WriteString("param", error.Field);
        json.WriteString("code", error.Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
