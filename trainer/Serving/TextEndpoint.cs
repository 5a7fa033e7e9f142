using GenPrm.Core.Generation;
using GenPrm.Trainer.Serving.Answers;
using GenPrm.Trainer.Serving.Requests;
using Microsoft.AspNetCore.Http;

namespace GenPrm.Trainer.Serving;

/// <summary>Answers requests for text, whole or in parts.</summary>
internal sealed class TextEndpoint(ServingOptions options, ServedModels models, IStreamingGenerator generator, Admission admission, TimeProvider time)
{
    public Task ChatAsync(HttpContext http) => AnswerAsync(http, ChatBody.Read, new ChatForm());

    public Task CompletionAsync(HttpContext http) => AnswerAsync(http, CompletionBody.Read, new CompletionForm());

    private async Task AnswerAsync(HttpContext http, Func<JsonFields, ServingOptions, TextRequest> read, AnswerForm form)
    {
        using var place = admission.Enter();
        TextRequest request;
        using (var body = await RequestBody.ReadAsync(http, options))
            request = read(new JsonFields(body.RootElement), options);
        RequireBound(request, models.Check(request));
        place.Take(request.Continuations);
        var head = new AnswerHead(form.IdPrefix + Guid.NewGuid().ToString("N"), time.GetUtcNow().ToUnixTimeSeconds(), request.Model, request.LogProbabilities);
        var told = http.Features.Get<ServedRequest>()!;
        (told.Model, told.Streams) = (request.Model, request.Settings.Stream);
        await using var events = PromptEvents.ReadAsync(generator, request, http.RequestAborted).GetAsyncEnumerator(http.RequestAborted);
        if (request.Settings.Stream)
            await StreamAsync(new ServerSentEvents(http, options.SendTime, time), request, form, head, events, told, place);
        else
            await WholeAsync(http, request, form, head, events, told, place);
    }

    /// <summary>An answer that is not streamed stands in memory until its last token is there, and then until it is read.</summary>
    private void RequireBound(TextRequest request, ModelFacts model)
    {
        var entries = (long)request.Continuations * Math.Min(request.Sampling.MaxNewTokens, model.ContextTokens) * (1 + request.BestTokens);
        if (!request.Settings.Stream && entries > options.MaxAnswerEntries)
        {
            throw ApiException.Bad(
                $"{request.Continuations} continuations of up to {Math.Min(request.Sampling.MaxNewTokens, model.ContextTokens)} tokens with {request.BestTokens} alternatives each may come to {entries} entries; a whole answer has at most {options.MaxAnswerEntries}. Ask for less, or stream.",
                "max_tokens");
        }
    }

    private async Task WholeAsync(
        HttpContext http, TextRequest request, AnswerForm form, AnswerHead head, IAsyncEnumerator<(int Prompt, GenerationEvent Event)> events, ServedRequest told, Admission.Place place)
    {
        ChoiceText[] choices = [.. Enumerable.Range(0, request.Continuations).Select(_ => new ChoiceText())];
        while (await events.MoveNextAsync())
        {
            told.Count(events.Current.Event);
            switch (events.Current.Event)
            {
                case GenerationEvent.Grew grew:
                    choices[request.Choice(events.Current.Prompt, grew.Continuation)].Add(grew);
                    break;
                case GenerationEvent.Ended ended:
                    choices[request.Choice(events.Current.Prompt, ended.Continuation)].Finish = ended.Finish;
                    break;
            }
        }

        place.GiveBack();
        await JsonText.SendAsync(http, json => form.WriteWhole(json, head, choices, told.Usage), options.SendTime, time);
    }

    private static async Task StreamAsync(
        ServerSentEvents sent, TextRequest request, AnswerForm form, AnswerHead head, IAsyncEnumerator<(int Prompt, GenerationEvent Event)> events, ServedRequest told, Admission.Place place)
    {
        // Nothing is sent before every prompt is known to be good: until then an error has a status of its own.
        var early = new List<(int Prompt, GenerationEvent Event)>();
        for (var started = 0; started < request.Prompts.Length && await events.MoveNextAsync();)
        {
            early.Add(events.Current);
            started += events.Current.Event is GenerationEvent.Started ? 1 : 0;
        }

        for (var choice = 0; form.HasOpening && choice < request.Continuations; choice++)
            Add(new ChoicePart.Opening(choice));
        await sent.SendAsync();
        foreach (var (prompt, happened) in early)
            Tell(prompt, happened);
        while (true)
        {
            // What has come already goes out at once, together. Both ends are waited for: events may not be left while their next is on its way.
            var next = events.MoveNextAsync().AsTask();
            if (!next.IsCompleted || sent.HasEnough)
                await Task.WhenAll(sent.SendAsync(), next);
            if (!await next)
                break;
            Tell(events.Current.Prompt, events.Current.Event);
        }

        place.GiveBack();
        if (request.Settings.IncludeUsage)
            sent.Add(json => form.WriteUsage(json, head, told.Usage));
        sent.AddDone();
        await sent.SendAsync();

        void Tell(int prompt, GenerationEvent happened)
        {
            told.Count(happened);
            if (happened is GenerationEvent.Grew grew)
                Add(new ChoicePart.Growth(request.Choice(prompt, grew.Continuation), grew.Text, grew.Tokens));
            else if (happened is GenerationEvent.Ended ended)
                Add(new ChoicePart.End(request.Choice(prompt, ended.Continuation), ended.Finish));
        }

        void Add(ChoicePart part) => sent.Add(json => form.WriteChunk(json, head, part));
    }
}
