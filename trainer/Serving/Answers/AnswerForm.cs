using System.Text;
using System.Text.Json;
using GenPrm.Core.Generation;

namespace GenPrm.Trainer.Serving.Answers;

/// <summary>How OpenAI writes the answers of one of its endpoints as JSON.</summary>
internal abstract class AnswerForm(string idPrefix, string wholeKind, string chunkKind)
{
    /// <summary>What stands for a log probability that JSON has no number for, as OpenAI has it.</summary>
    private const float LeastLogProbability = -9999;

    public string IdPrefix { get; } = idPrefix;

    /// <summary>Whether a choice's stream begins with a part of its own.</summary>
    public virtual bool HasOpening => false;

    /// <summary>The whole answer at once.</summary>
    public void WriteWhole(Utf8JsonWriter json, AnswerHead head, IReadOnlyList<ChoiceText> choices, TokenUsage usage)
    {
        WriteHead(json, head, wholeKind);
        json.WriteStartArray("choices");
        for (var index = 0; index < choices.Count; index++)
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            WriteText(json, choices[index].Text.ToString());
            WriteLogProbabilities(json, head.LogProbabilities ? choices[index].Tokens : null);
            json.WriteString("finish_reason", Name(choices[index].Finish));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        usage.WriteTo(json);
        json.WriteEndObject();
    }

    /// <summary>A part of a stream.</summary>
    public void WriteChunk(Utf8JsonWriter json, AnswerHead head, ChoicePart part)
    {
        WriteHead(json, head, chunkKind);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", part.Choice);
        WritePart(json, part);
        WriteLogProbabilities(json, head.LogProbabilities ? (part as ChoicePart.Growth)?.Tokens : null);
        if (part is ChoicePart.End end)
            json.WriteString("finish_reason", Name(end.Finish));
        else
            json.WriteNull("finish_reason");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The numbers of tokens, which a stream ends with if they were asked for.</summary>
    public void WriteUsage(Utf8JsonWriter json, AnswerHead head, TokenUsage usage)
    {
        WriteHead(json, head, chunkKind);
        json.WriteStartArray("choices");
        json.WriteEndArray();
        usage.WriteTo(json);
        json.WriteEndObject();
    }

    /// <summary>The text of a whole answer.</summary>
    protected abstract void WriteText(Utf8JsonWriter json, string text);

    /// <summary>The text of a part.</summary>
    protected abstract void WritePart(Utf8JsonWriter json, ChoicePart part);

    /// <summary>What is inside the field <c>logprobs</c>.</summary>
    protected abstract void WriteTokens(Utf8JsonWriter json, IReadOnlyList<ChosenToken> tokens);

    /// <summary>A token as text; a part of a character becomes U+FFFD.</summary>
    protected static string TextOf(TokenProbability token) => Encoding.UTF8.GetString(token.Bytes.AsSpan());

    protected static float LogOf(TokenProbability token) => Math.Max(token.LogProbability, LeastLogProbability);

    /// <summary>The field <c>logprobs</c>: null if they were not asked for, or the part has none.</summary>
    private void WriteLogProbabilities(Utf8JsonWriter json, IReadOnlyList<ChosenToken>? tokens)
    {
        if (tokens is null)
        {
            json.WriteNull("logprobs");
            return;
        }

        json.WriteStartObject("logprobs");
        WriteTokens(json, tokens);
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, AnswerHead head, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", head.Id);
        json.WriteString("object", kind);
        json.WriteNumber("created", head.Created);
        json.WriteString("model", head.Model);
    }

    private static string Name(FinishReason finish) => finish == FinishReason.Length ? "length" : "stop";
}

/// <summary>What all parts of an answer begin with.</summary>
internal sealed record AnswerHead(string Id, long Created, string Model, bool LogProbabilities);

/// <summary>A part of a choice, in a stream. Closed: the nested cases are all there are.</summary>
internal abstract record ChoicePart(int Choice)
{
    public sealed record Opening(int Choice) : ChoicePart(Choice);

    public sealed record Growth(int Choice, string Text, IReadOnlyList<ChosenToken> Tokens) : ChoicePart(Choice);

    public sealed record End(int Choice, FinishReason Finish) : ChoicePart(Choice);
}

/// <summary>A choice as far as it has come.</summary>
internal sealed class ChoiceText
{
    public StringBuilder Text { get; } = new();

    public List<ChosenToken> Tokens { get; } = [];

    public FinishReason Finish { get; set; }

    public void Add(GenerationEvent.Grew grew)
    {
        Text.Append(grew.Text);
        Tokens.AddRange(grew.Tokens);
    }
}

/// <summary>Numbers of tokens.</summary>
internal sealed record TokenUsage(long Prompt, long Completion)
{
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", Prompt);
        json.WriteNumber("completion_tokens", Completion);
        json.WriteNumber("total_tokens", Prompt + Completion);
        json.WriteEndObject();
    }
}
