using System.Collections.Frozen;
using System.Text.Json;
using GenPrm.Core.Generation;
using GenPrm.Trainer.Serving.Answers;
using GenPrm.Trainer.Serving.Requests;
using Microsoft.AspNetCore.Http;

namespace GenPrm.Trainer.Serving;

/// <summary>The models that are loaded: their list, and what they can not be asked.</summary>
internal sealed class ServedModels
{
    private readonly FrozenDictionary<string, ModelFacts> facts;
    private readonly long created;

    private ServedModels(FrozenDictionary<string, ModelFacts> facts, long created) => (this.facts, this.created) = (facts, created);

    /// <summary>Loads every model, one after another.</summary>
    public static async Task<ServedModels> LoadAsync(ServingOptions options, IStreamingGenerator generator, TimeProvider time, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<string, ModelFacts>(StringComparer.Ordinal);
        foreach (var model in options.Models)
            facts.Add(model, await generator.DescribeAsync(model, cancellationToken));
        return new ServedModels(facts.ToFrozenDictionary(StringComparer.Ordinal), time.GetUtcNow().ToUnixTimeSeconds());
    }

    /// <exception cref="ApiException">404: it is not here.</exception>
    public ModelFacts Find(string model) => facts.TryGetValue(model, out var found)
        ? found
        : throw new ApiException(404, $"The model of that name is not served here. There is {string.Join(", ", facts.Keys.Order(StringComparer.Ordinal))}.", "model", "model_not_found");

    /// <summary>Refuses an unknown model, and messages that have the model's own control tokens as text: they could forge turns.</summary>
    /// <exception cref="ApiException">404 or 400.</exception>
    public ModelFacts Check(TextRequest request)
    {
        var found = Find(request.Model);
        foreach (var chat in request.Prompts.OfType<Prompt.Chat>())
        {
            // What a model said itself may hold the tags of its own turns.
            var special = chat.Messages.Select(message => message.Role == "assistant" ? ControlTokens.FirstInOwnTurn(message.Content, found.ControlTokens) : ControlTokens.FirstIn(message.Content, found.ControlTokens))
                .Append(ControlTokens.FirstInOwnTurn(chat.Prefill, found.ControlTokens)).FirstOrDefault(token => token is not null);
            if (special is not null)
                throw ApiException.Bad($"A message contains {special}, which steers this model and is no text. Take it out; /v1/completions takes prompts with such tokens.", "messages");
        }

        return found;
    }

    public Task ListAsync(HttpContext http) => JsonText.SendAsync(
        http.Response,
        json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var model in facts.Keys.Order(StringComparer.Ordinal))
                Write(json, model);
            json.WriteEndArray();
            json.WriteEndObject();
        },
        http.RequestAborted);

    public Task ShowAsync(HttpContext http, string model)
    {
        Find(model);
        return JsonText.SendAsync(http.Response, json => Write(json, model), http.RequestAborted);
    }

    private void Write(Utf8JsonWriter json, string model)
    {
        json.WriteStartObject();
        json.WriteString("id", model);
        json.WriteString("object", "model");
        json.WriteNumber("created", created);
        json.WriteString("owned_by", "genprm");
        json.WriteNumber("max_model_len", facts[model].ContextTokens);
        json.WriteEndObject();
    }
}
