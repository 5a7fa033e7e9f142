using System.Globalization;
using GenPrm.Trainer.Serving.Answers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace GenPrm.Trainer.Serving;

/// <summary>What every request goes through: who asks, what became of it as an error in OpenAI's form, and a line in the log.</summary>
internal sealed partial class RequestPipeline(ServingOptions options, AccessRules access, TimeProvider time, ILogger log)
{
    /// <summary>The status that the log gives a caller who went away.</summary>
    private const int WentAway = 499;

    public async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        var began = time.GetTimestamp();
        var told = new ServedRequest();
        http.Features.Set(told);
        var status = await AnswerAsync(http, next);
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no such path)";
        var elapsed = time.GetElapsedTime(began).TotalSeconds;
        LogRequest(
            http.Connection.RemoteIpAddress?.ToString() ?? "-", route, status, told.What, told.Usage.Prompt, told.Usage.Completion, elapsed.ToString("0.000", CultureInfo.InvariantCulture));
    }

    /// <returns>The status for the log.</returns>
    private async Task<int> AnswerAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            if (http.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is null)
                access.Check(http.Request);
            await next(http);
            if (!http.Response.HasStarted && http.Response.StatusCode is 404 or 405)
            {
                throw new ApiException(
                    http.Response.StatusCode,
                    http.Response.StatusCode == 405
                        ? "This path does not take requests of that kind. Generation takes POST, lists take GET."
                        : "There is no such path. There is /v1/models, /v1/chat/completions, /v1/completions, /v1/judge and /health; an OpenAI client's base URL ends in /v1.",
                    code: "unknown_url");
            }

            return http.Response.StatusCode;
        }
        catch (Exception gone) when (HasGone(http, gone))
        {
            return WentAway;
        }
        catch (Exception fault)
        {
            return await SendErrorAsync(http, fault);
        }
    }

    private async Task<int> SendErrorAsync(HttpContext http, Exception fault)
    {
        var error = ApiError.Of(fault);
        http.Features.Get<ServedRequest>()!.Refused = error?.Code ?? error?.Field;
        if (ApiError.IsForTheLog(fault))
            LogFault(fault);
        error ??= ApiError.Internal;

        try
        {
            if (http.Response.HasStarted)
            {
                // The status is gone already. Clients take an event with an error for what it is, and miss the stream's end.
                var events = new ServerSentEvents(http, options.SendTime, time);
                events.Add(json => ApiError.Write(json, error));
                await events.SendAsync();
            }
            else
            {
                await ApiError.SendAsync(http.Response, error, http.RequestAborted);
            }
        }
        catch (Exception gone) when (HasGone(http, gone))
        {
            return WentAway;
        }

        return error.Status;
    }

    /// <summary>Whether a fault is a caller who went away, or whose connection was ended for reading nothing: the request's own token may not say so yet.</summary>
    private static bool HasGone(HttpContext http, Exception fault) => fault is ConnectionAbortedException || http.RequestAborted.IsCancellationRequested;

    // Nothing of what a caller wrote is here: paths, models and fields are known words.
    [LoggerMessage(1, LogLevel.Information, "{Remote} {Route} {Status} {What} {PromptTokens}+{Tokens} tokens {Seconds} s")]
    private partial void LogRequest(string remote, string route, int status, string what, long promptTokens, long tokens, string seconds);

    [LoggerMessage(2, LogLevel.Error, "A request met an error that was not expected")]
    private partial void LogFault(Exception fault);
}

/// <summary>Marks what needs no token.</summary>
internal sealed class OpenToAll;
