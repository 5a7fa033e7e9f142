using System.Collections.Immutable;
using GenPrm.Core.Generation;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Samples;
using GenPrm.Core.Scoring;
using GenPrm.Trainer.Verification;

namespace GenPrm.Trainer.Serving.Requests;

/// <summary>A solution that is to be judged, and how. Names and defaults are those of <c>genprm judge</c>.</summary>
internal sealed record JudgeRequest(string Model, Solution Solution, PanelPlan Plan, ulong Seed, JudgeMode Mode);

/// <summary>How it is to be judged.</summary>
/// <param name="Name">both, analysis, code or direct; null for what the model was trained for.</param>
/// <param name="Execute">Whether code runs.</param>
/// <param name="Rest">All else; what it says of analysis and code is not looked at.</param>
internal sealed record JudgeMode(string? Name, bool Execute, JudgeOptions Rest)
{
    /// <summary>The options, for a model that was trained for something.</summary>
    public JudgeOptions Options(bool trainedDirect)
    {
        var name = Name ?? (trainedDirect ? "direct" : "both");
        var code = name is "both" or "code";
        return Rest with { Analyze = name is "both" or "analysis", Verify = code, Execute = code && Execute };
    }
}

/// <summary>Reads the body of <c>/v1/judge</c>. The endpoint is ours, so that every field that it does not know is refused.</summary>
internal static class JudgeBody
{
    private const ulong DefaultSeed = 1;
    private const int MostSteps = 1024;

    private static readonly ImmutableArray<string> Known =
    [
        "model", "id", "problem", "steps", "solution", "paths", "every_step", "mode", "execute", "prompt_style", "temperature", "top_p", "top_k", "max_tokens", "max_rounds", "seed",
    ];

    /// <exception cref="ApiException">400: a field will not do.</exception>
    public static JudgeRequest Read(JsonFields body, ServingOptions options)
    {
        if (body.Fields().FirstOrDefault(field => !Known.Contains(field, StringComparer.Ordinal)) is { } unknown)
            throw new ApiException(400, $"A field is not known here. There is {string.Join(", ", Known)}.", unknown.Length <= 40 ? unknown : null, "unknown_field");
        var defaults = new JudgeOptions();
        var (id, problem, whole) = (body.Text("id") ?? "1", body.RequiredText("problem"), body.Text("solution"));
        var solution = new Solution(id, problem, Steps(body, whole));
        RefuseMarks("problem", solution.Problem);
        for (var step = 0; step < solution.Steps.Length; step++)
            RefuseMarks(whole is null ? $"steps[{step}]" : "solution", solution.Steps[step]);
        return new JudgeRequest(
            body.RequiredText("model"),
            solution,
            new PanelPlan(body.Whole("paths", 1, options.MaxChoices) ?? 1, body.Flag("every_step") ? PanelStop.Never : PanelStop.FirstWrong),
            body.Word("seed") ?? DefaultSeed,
            new JudgeMode(
                OneOf(body, "mode", "both", "analysis", "code", "direct"),
                body.Flag("execute", otherwise: true),
                defaults with
                {
                    Style = OneOf(body, "prompt_style", "evaluation", "demo") == "demo" ? PromptStyle.Demo : PromptStyle.Evaluation,
                    MaxGenerations = body.Whole("max_rounds", 1, 64) ?? defaults.MaxGenerations,
                    Sampling = new Sampling
                    {
                        Temperature = CommonFields.Temperature(body) ?? defaults.Sampling.Temperature,
                        TopP = body.Number("top_p", 0, 1, aboveLeast: true) ?? defaults.Sampling.TopP,
                        TopK = body.Whole("top_k", 0, int.MaxValue) ?? defaults.Sampling.TopK,
                        MaxNewTokens = body.Whole("max_tokens", 1, int.MaxValue) ?? defaults.Sampling.MaxNewTokens,
                    },
                }));
    }

    private static void RefuseMarks(string field, string text)
    {
        if (ConversationForm.MarkIn(text) is { } mark)
            throw ApiException.Bad($"{field} contains {mark}, which only a judge's turn has. Take it out.", field);
    }

    private static string? OneOf(JsonFields body, string field, params string[] words)
    {
        var given = body.Text(field);
        return given is null || words.Contains(given, StringComparer.Ordinal)
            ? given
            : throw ApiException.Bad($"{field} is none of {string.Join(", ", words)}.", field);
    }

    private static ImmutableArray<string> Steps(JsonFields body, string? whole)
    {
        ImmutableArray<string> steps = [.. body.List("steps").Select(step => JsonFields.AsText(step.Element, step.Path))];
        if (steps.IsEmpty == whole is null)
            throw ApiException.Bad("Give steps, an array of at least one text, or solution, a text with lines that begin 'Step k:'; one of them.", "steps");
        if (whole is not null)
        {
            var split = StepSplitter.Split(whole);
            if (split.Steps.IsEmpty || !string.IsNullOrWhiteSpace(split.Preamble))
                throw ApiException.Bad("solution does not begin with a line 'Step 1:', so that something would go unjudged. Give its parts as steps instead.", "solution");
            steps = [.. split.Steps.Select(step => step.Text)];
        }

        return steps.Length <= MostSteps ? steps : throw ApiException.Bad($"There are {steps.Length} steps; a solution may have at most {MostSteps}.", "steps");
    }
}
