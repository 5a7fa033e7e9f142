using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Trainer.Data;
using GenPrm.Trainer.Serving.Answers;
using GenPrm.Trainer.Serving.Requests;
using GenPrm.Trainer.Verification;
using Microsoft.AspNetCore.Http;

namespace GenPrm.Trainer.Serving;

/// <summary>Answers requests for step rewards. Every model has its verifier; all of them share the engines' running batches with requests for text.</summary>
internal sealed class JudgeEndpoint : IAsyncDisposable
{
    private readonly ServingOptions options;
    private readonly ServedModels models;
    private readonly Admission admission;
    private readonly TimeProvider time;
    private readonly JudgeInterpreters? interpreters;
    private readonly FrozenDictionary<string, Verifier> verifiers;

    public JudgeEndpoint(ServingOptions options, ServedModels models, IStreamingGenerator generator, ISandbox? sandbox, Admission admission, TimeProvider time)
    {
        (this.options, this.models, this.admission, this.time) = (options, models, admission, time);
        // One for all judges: they share the sandbox's containers.
        interpreters = sandbox is null ? null : new(sandbox, options.Interpreters, new VerifierOptions { Model = "" }.FirstWait, time);
        verifiers = options.Judges.ToFrozenDictionary(
            judge => judge.Key,
            judge => Verifier.Sharing(
                generator,
                interpreters,
                new VerifierOptions
                {
                    Model = judge.Key,
                    UntaggedTurn = judge.Value.UntaggedTurn,
                    ControlTokens = judge.Value.ControlTokens,
                    PathsAtOnce = options.MaxContinuations,
                },
                time),
            StringComparer.Ordinal);
    }

    public async Task JudgeAsync(HttpContext http)
    {
        using var place = admission.Enter();
        JudgeRequest request;
        using (var body = await RequestBody.ReadAsync(http, options))
            request = JudgeBody.Read(new JsonFields(body.RootElement), options);
        models.Find(request.Model);
        var judge = options.Judges.GetValueOrDefault(request.Model) ?? throw ApiException.Bad("The model of that name is not served as a judge.", "model");
        if (judge.Objective == Objective.Scalar)
            throw ApiException.Bad("The model has a value head and writes no judgements, which this path asks for.", "model");
        var mode = request.Mode.Options(judge.Objective == Objective.Direct);
        if (mode is { Verify: true, Execute: true } && interpreters is null)
            throw ApiException.Bad("Code is to run, and this server has no sandbox. Set execute to false, or mode to analysis or direct.", "execute");
        place.Take(request.Plan.Paths);
        var told = http.Features.Get<ServedRequest>()!;
        told.Model = request.Model;
        var score = await verifiers[request.Model].ScoreAsync(request.Solution, request.Plan, request.Seed, mode, http.RequestAborted);
        place.GiveBack();
        if (score is SolutionScore.Failed failed)
            throw ApiException.Bad($"The solution can not be judged: {failed.Reason}");
        var row = ScoreRow.Of(score);
        told.Usage = new TokenUsage(0, row.Tokens);
        var answer = new JudgeAnswer(
            $"judge-{Guid.NewGuid():N}", "judgement", time.GetUtcNow().ToUnixTimeSeconds(), request.Model, row.Rewards, row.FirstWrongStep, row.UnjudgedSteps, row.Tokens, row.Paths);
        await JsonText.SendAsync(http, json => JsonSerializer.Serialize(json, answer, RowJson.Options), options.SendTime, time);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var verifier in verifiers.Values)
            await verifier.DisposeAsync();
        if (interpreters is not null)
            await interpreters.DisposeAsync();
    }
}

/// <summary>A judged solution.</summary>
/// <param name="Rewards">r_t of the panel of all paths, step 1 first, as far as it went.</param>
/// <param name="FirstWrongStep">From 1; null for none.</param>
/// <param name="UnjudgedSteps">Steps, from 1, that a path gave no judgement of: its reward there is 0.5, which says nothing.</param>
/// <param name="Tokens">Generated in all.</param>
/// <param name="Paths">Every path with what it wrote of each step.</param>
internal sealed record JudgeAnswer(
    string Id, string Object, long Created, string Model, ImmutableArray<double> Rewards, int? FirstWrongStep, ImmutableArray<int> UnjudgedSteps, long Tokens, ImmutableArray<PathScore> Paths);
