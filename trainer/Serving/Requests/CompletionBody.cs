using System.Collections.Immutable;
using System.Text.Json;
using GenPrm.Core.Generation;

namespace GenPrm.Trainer.Serving.Requests;

/// <summary>Reads the body of <c>/v1/completions</c>.</summary>
internal static class CompletionBody
{
    /// <summary>OpenAI's own default of a completion, in new tokens.</summary>
    private const int DefaultMaxTokens = 16;

    /// <exception cref="ApiException">400: a field will not do.</exception>
    public static TextRequest Read(JsonFields body, ServingOptions options)
    {
        RefusedFields.Check(body);
        var settings = CommonFields.Settings(body, options);
        var best = body.Whole("logprobs", 0, CommonFields.MostBestTokens);
        var prompts = Prompts(body);
        return prompts.Length * settings.Choices <= options.MaxChoices
            ? new TextRequest
            {
                Model = body.RequiredText("model"),
                Prompts = prompts,
                Settings = settings,
                Sampling = CommonFields.Sampling(body, body.Whole("max_tokens", 1, int.MaxValue) ?? DefaultMaxTokens),
                LogProbabilities = best is not null,
                BestTokens = best ?? 0,
            }
            : throw ApiException.Bad($"{prompts.Length} prompts with n = {settings.Choices} are {prompts.Length * settings.Choices} continuations; a request may have at most {options.MaxChoices}.", "prompt");
    }

    private static ImmutableArray<Prompt> Prompts(JsonFields body)
    {
        if (!body.Has("prompt", out var given))
            throw ApiException.Bad("prompt is missing; it takes a string, or an array of strings.", "prompt");
        if (given.ValueKind == JsonValueKind.String)
            return [new Prompt.Text(JsonFields.AsText(given, "prompt"))];
        if (given.ValueKind != JsonValueKind.Array || given.GetArrayLength() == 0)
            throw body.Wrong("prompt", given, "a string, or an array of at least one");
        return given[0].ValueKind is JsonValueKind.Number or JsonValueKind.Array
            ? throw ApiException.Bad("prompt is an array of tokens, which this server does not take. Send text: a string, or an array of strings.", "prompt")
            : [.. given.EnumerateArray().Select((prompt, index) => new Prompt.Text(JsonFields.AsText(prompt, $"prompt[{index}]")))];
    }
}
