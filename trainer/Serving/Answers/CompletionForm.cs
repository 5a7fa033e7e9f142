using System.Text.Json;
using GenPrm.Core.Generation;

namespace GenPrm.Trainer.Serving.Answers;

/// <summary>Answers of <c>/v1/completions</c>.</summary>
internal sealed class CompletionForm() : AnswerForm("cmpl-", "text_completion", "text_completion")
{
    protected override void WriteText(Utf8JsonWriter json, string text) => json.WriteString("text", text);

    protected override void WritePart(Utf8JsonWriter json, ChoicePart part) => WriteText(json, (part as ChoicePart.Growth)?.Text ?? "");

    protected override void WriteTokens(Utf8JsonWriter json, IReadOnlyList<ChosenToken> tokens)
    {
        json.WriteStartArray("tokens");
        foreach (var token in tokens)
            json.WriteStringValue(TextOf(token.Token));
        json.WriteEndArray();
        json.WriteStartArray("token_logprobs");
        foreach (var token in tokens)
            json.WriteNumberValue(LogOf(token.Token));
        json.WriteEndArray();
        json.WriteStartArray("top_logprobs");
        foreach (var token in tokens)
            WriteBest(json, token);
        json.WriteEndArray();
        json.WriteStartArray("text_offset");
        foreach (var token in tokens)
            json.WriteNumberValue(token.Offset);
        json.WriteEndArray();
    }

    private static void WriteBest(Utf8JsonWriter json, ChosenToken token)
    {
        if (token.Best.IsEmpty)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        // Parts of characters look alike as text: the more probable one has the name.
        foreach (var (name, log) in token.Best.Append(token.Token).Select(best => (TextOf(best), LogOf(best))).DistinctBy(best => best.Item1, StringComparer.Ordinal))
            json.WriteNumber(name, log);
        json.WriteEndObject();
    }
}
