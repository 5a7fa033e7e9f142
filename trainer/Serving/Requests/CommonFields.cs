using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using GenPrm.Core.Generation;

namespace GenPrm.Trainer.Serving.Requests;

/// <summary>The fields that chats and completions share.</summary>
internal static class CommonFields
{
    /// <summary>OpenAI's limit of the most probable tokens.</summary>
    public const int MostBestTokens = 20;

    private const int MostStops = 16;
    private const int LongestStop = 256;

    public static RequestSettings Settings(JsonFields body, ServingOptions options)
    {
        var stream = body.Flag("stream");
        var usage = false;
        if (body.Has("stream_options", out var given))
        {
            if (!stream)
                throw ApiException.Bad("stream_options is given, and stream is not true. Leave it out, or stream.", "stream_options");
            usage = new JsonFields(given, "stream_options").Flag("include_usage");
        }

        return new RequestSettings(
            body.Whole("n", 1, options.MaxChoices) ?? 1,
            body.Word("seed") ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
            stream,
            usage);
    }

    public static Sampling Sampling(JsonFields body, int maxNewTokens) => new()
    {
        Temperature = Temperature(body) ?? 1,
        TopP = body.Number("top_p", 0, 1, aboveLeast: true) ?? 1,
        // -1 is the way of other servers to say all.
        TopK = Math.Max(0, body.Whole("top_k", -1, int.MaxValue) ?? 0),
        MaxNewTokens = maxNewTokens,
        StopStrings = Stops(body),
        KeepStopString = false,
    };

    /// <summary>0, or a temperature that is told from it.</summary>
    public static double? Temperature(JsonFields body) => body.Number("temperature", 0, 2) switch
    {
        > 0 and < GenPrm.Core.Generation.Sampling.LeastTemperature => throw ApiException.Bad("temperature is above 0 and below 0.0001, which is too small to divide by; it takes 0 (the most probable token), or a number from 0.0001 to 2.", "temperature"),
        var given => given,
    };

    private static ImmutableArray<string> Stops(JsonFields body)
    {
        if (!body.Has("stop", out var given))
            return [];
        ImmutableArray<string> stops = given.ValueKind == JsonValueKind.String
            ? [JsonFields.AsText(given, "stop")]
            : given.ValueKind == JsonValueKind.Array && given.GetArrayLength() <= MostStops
                ? [.. given.EnumerateArray().Select((stop, index) => JsonFields.AsText(stop, $"stop[{index}]"))]
                : throw body.Wrong("stop", given, $"a string, or an array of at most {MostStops}");
        foreach (var stop in stops)
        {
            if (stop.Length is 0 or > LongestStop)
                throw ApiException.Bad($"A stop string has {stop.Length} characters; it must have from 1 to {LongestStop}.", "stop");
        }

        return stops;
    }
}
