using System.Text.Json;
using GenPrm.Core.Generation;

namespace GenPrm.Trainer.Serving.Answers;

/// <summary>Answers of <c>/v1/chat/completions</c>.</summary>
internal sealed class ChatForm() : AnswerForm("chatcmpl-", "chat.completion", "chat.completion.chunk")
{
    /// <summary>It names the role.</summary>
    public override bool HasOpening => true;

    protected override void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", text);
        json.WriteNull("refusal");
        json.WriteEndObject();
    }

    protected override void WritePart(Utf8JsonWriter json, ChoicePart part)
    {
        json.WriteStartObject("delta");
        if (part is ChoicePart.Opening)
            json.WriteString("role", "assistant");
        if (part is not ChoicePart.End)
            json.WriteString("content", (part as ChoicePart.Growth)?.Text ?? "");
        json.WriteEndObject();
    }

    protected override void WriteTokens(Utf8JsonWriter json, IReadOnlyList<ChosenToken> tokens)
    {
        json.WriteStartArray("content");
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            WriteToken(json, token.Token);
            json.WriteStartArray("top_logprobs");
            foreach (var best in token.Best)
            {
                json.WriteStartObject();
                WriteToken(json, best);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("refusal");
    }

    private static void WriteToken(Utf8JsonWriter json, TokenProbability token)
    {
        json.WriteString("token", TextOf(token));
        json.WriteNumber("logprob", LogOf(token));
        json.WriteStartArray("bytes");
        foreach (var one in token.Bytes)
            json.WriteNumberValue(one);
        json.WriteEndArray();
    }
}
