using System.Collections.Frozen;
using System.Text.Json;

namespace GenPrm.Trainer.Serving.Requests;

/// <summary>Fields of OpenAI and of other servers that would change the answer and that this one does not have. They are refused by name, unless
/// their value asks for what happens anyway. Fields that are not known at all are ignored.</summary>
internal static class RefusedFields
{
    private static readonly FrozenDictionary<string, Func<JsonElement, bool>> Harmless = new Dictionary<string, Func<JsonElement, bool>>(StringComparer.Ordinal)
    {
        ["frequency_penalty"] = IsNumber(0),
        ["presence_penalty"] = IsNumber(0),
        ["repetition_penalty"] = IsNumber(1),
        ["length_penalty"] = IsNumber(1),
        ["min_p"] = IsNumber(0),
        ["typical_p"] = IsNumber(1),
        ["min_tokens"] = IsNumber(0),
        ["logit_bias"] = IsEmpty,
        ["tools"] = IsEmpty,
        ["functions"] = IsEmpty,
        ["tool_choice"] = value => IsText(value, "none") || IsText(value, "auto"),
        ["function_call"] = value => IsText(value, "none") || IsText(value, "auto"),
        ["response_format"] = value => value.ValueKind == JsonValueKind.Object && value.TryGetProperty("type", out var type) && IsText(type, "text"),
        ["modalities"] = value => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(one => IsText(one, "text")),
        ["audio"] = Never,
        ["prediction"] = Never,
        ["web_search_options"] = Never,
        ["reasoning_effort"] = Never,
        ["verbosity"] = Never,
        ["echo"] = IsFalse,
        ["suffix"] = value => IsText(value, ""),
        ["best_of"] = IsNumber(1),
        ["use_beam_search"] = IsFalse,
        ["ignore_eos"] = IsFalse,
        ["stop_token_ids"] = IsEmpty,
        ["bad_words"] = IsEmpty,
        ["allowed_token_ids"] = IsEmpty,
        ["include_stop_str_in_output"] = IsFalse,
        ["truncate_prompt_tokens"] = Never,
        ["prompt_logprobs"] = Never,
        ["prompt_embeds"] = Never,
        ["return_tokens_as_token_ids"] = IsFalse,
        ["guided_json"] = Never,
        ["guided_regex"] = Never,
        ["guided_choice"] = Never,
        ["guided_grammar"] = Never,
        ["structured_outputs"] = Never,
        ["chat_template"] = Never,
        ["chat_template_kwargs"] = IsEmpty,
        ["documents"] = IsEmpty,
        ["add_special_tokens"] = Never,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <exception cref="ApiException">400: the first of the body's fields that this server does not have.</exception>
    public static void Check(JsonFields body)
    {
        foreach (var field in body.Fields())
        {
            if (Harmless.TryGetValue(field, out var harmless) && body.Has(field, out var value) && !harmless(value))
            {
                throw new ApiException(
                    400, $"{field} is {JsonFields.Shown(value)}, and this server does not have {field}. Leave it out.", field, "unsupported_parameter");
            }
        }
    }

    private static Func<JsonElement, bool> IsNumber(double neutral) => value => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == neutral;

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    private static bool IsFalse(JsonElement value) => value.ValueKind == JsonValueKind.False;

    private static bool IsText(JsonElement value, string text) => value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    private static bool Never(JsonElement value) => false;
}
