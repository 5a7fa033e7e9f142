using System.Collections.Immutable;
using System.Text.Json;
using GenPrm.Core.Generation;

namespace GenPrm.Trainer.Serving.Requests;

/// <summary>Reads the body of <c>/v1/chat/completions</c>.</summary>
internal static class ChatBody
{
    /// <exception cref="ApiException">400: a field will not do.</exception>
    public static TextRequest Read(JsonFields body, ServingOptions options)
    {
        RefusedFields.Check(body);
        var logProbabilities = body.Flag("logprobs");
        var best = body.Whole("top_logprobs", 0, CommonFields.MostBestTokens);
        if (best is not null && !logProbabilities)
            throw ApiException.Bad("top_logprobs is given, and logprobs is not true. Set it, or leave both out.", "top_logprobs");
        return new TextRequest
        {
            Model = body.RequiredText("model"),
            Prompts = [Chat(body)],
            Settings = CommonFields.Settings(body, options),
            Sampling = CommonFields.Sampling(body, MaxTokens(body) ?? options.DefaultMaxTokens),
            LogProbabilities = logProbabilities,
            BestTokens = best ?? 0,
        };
    }

    private static int? MaxTokens(JsonFields body)
    {
        var (newer, older) = (body.Whole("max_completion_tokens", 1, int.MaxValue), body.Whole("max_tokens", 1, int.MaxValue));
        return newer is null || older is null || newer == older
            ? newer ?? older
            : throw ApiException.Bad($"max_completion_tokens is {newer} and max_tokens {older}: two names of one limit. Give one of them.", "max_tokens");
    }

    private static Prompt.Chat Chat(JsonFields body)
    {
        ImmutableArray<ChatMessage> messages = [.. body.List("messages").Select(message => Message(new JsonFields(message.Element, message.Path)))];
        if (messages.IsEmpty)
            throw ApiException.Bad("messages is missing or empty; it takes an array of at least one message with role and content.", "messages");
        if (!body.Flag("continue_final_message"))
            return new Prompt.Chat(messages, "");
        return messages[^1].Role == "assistant"
            ? new Prompt.Chat(messages[..^1], messages[^1].Content)
            : throw ApiException.Bad($"continue_final_message is true, and the last message is the {messages[^1].Role}'s. End with the assistant's, which is then continued.", "continue_final_message");
    }

    private static ChatMessage Message(JsonFields message)
    {
        var role = message.RequiredText("role");
        if (role is not ("system" or "developer" or "user" or "assistant"))
            throw ApiException.Bad($"{message.Name("role")} is none of system, developer, user and assistant, which this server has.", message.Name("role"));
        foreach (var part in new[] { "tool_calls", "function_call", "audio" })
        {
            if (message.Has(part, out _))
                throw new ApiException(400, $"{message.Name(part)}: this server does not have {part}. Leave it out.", message.Name(part), "unsupported_parameter");
        }

        // The newer name of the same role, which models' templates do not know.
        return new ChatMessage(role == "developer" ? "system" : role, Content(message));
    }

    private static string Content(JsonFields message)
    {
        if (!message.Has("content", out var content))
            throw ApiException.Bad($"{message.Name("content")} is missing; it takes a string, or an array of text parts.", message.Name("content"));
        return content.ValueKind == JsonValueKind.Array
            ? string.Join('\n', message.List("content").Select(part => Text(new JsonFields(part.Element, part.Path))))
            : JsonFields.AsText(content, message.Name("content"));
    }

    private static string Text(JsonFields part) => part.RequiredText("type") == "text"
        ? part.RequiredText("text")
        : throw new ApiException(400, $"{part.Name("type")} is not text, and this server's models read nothing else.", part.Name("type"), "unsupported_parameter");
}
