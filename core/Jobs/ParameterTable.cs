using System.Collections.Frozen;
using System.Globalization;
using GenPrm.Core.Generation;
using GenPrm.Core.Labels;
using static GenPrm.Core.Jobs.Parameter;

namespace GenPrm.Core.Jobs;

/// <summary>Every parameter by its dotted name: what flags and job files set, what <c>genprm parameters</c> lists, and what two jobs are compared by.</summary>
public static class ParameterTable
{
    private const int Many = 1_000_000;

    /// <summary>All of them, in the order of the method.</summary>
    public static IReadOnlyList<Parameter> All { get; } =
    [
        new("seed", "All random streams come from it.", "a whole number from 0", ParameterChange.Fixed,
            p => Say(p.Seed),
            (p, text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? p with { Seed = seed } : throw Refuse("seed", text, "a whole number from 0")),
        Flag("stated_answers", "Whether an answer stated in words counts where there is no box.", p => p.StatedAnswers, (p, v) => p with { StatedAnswers = v }),

        .. OfSampling("rollouts", "a rollout", p => p.Rollouts.Sampling, (p, v) => p with { Rollouts = p.Rollouts with { Sampling = v } }),
        Count("rollouts.first_round", "Rollouts of the first round.", 1, Many, p => p.Rollouts.FirstRound, (p, v) => p with { Rollouts = p.Rollouts with { FirstRound = v } }),
        Count("rollouts.round", "Rollouts of each later round.", 1, Many, p => p.Rollouts.Round, (p, v) => p with { Rollouts = p.Rollouts with { Round = v } }),
        Count("rollouts.max", "The most rollouts a problem; with one kind missing after them it is too hard or too easy.", 2, Many,
            p => p.Rollouts.Max, (p, v) => p with { Rollouts = p.Rollouts with { Max = v } }, mayGrow: true),
        Count("rollouts.kept", "Rollouts kept a problem: half correct, half incorrect, topped up from the larger group.", 2, Many,
            p => p.Rollouts.Kept, (p, v) => p with { Rollouts = p.Rollouts with { Kept = v } }, mayGrow: true),
        Flag("rollouts.prefix_blank", "Whether the forced `Step k:` is sent with a blank behind it (policy and completer).", p => p.Rollouts.PrefixBlank, (p, v) => p with { Rollouts = p.Rollouts with { PrefixBlank = v } }),
        new("rollouts.instruction", "The system turn of policy and completer.", "any text; empty for no system turn", ParameterChange.Fixed,
            p => p.Rollouts.Instruction, (p, text) => p with { Rollouts = p.Rollouts with { Instruction = text } }),
        Choice("rollouts.unanswered", "What a finished rollout without an answer is.", p => p.Rollouts.Unanswered, (p, v) => p with { Rollouts = p.Rollouts with { Unanswered = v } }),
        Choice("rollouts.unknown", "What a rollout is whose answer can not be compared.", p => p.Rollouts.Unknown, (p, v) => p with { Rollouts = p.Rollouts with { Unknown = v } }),

        .. OfSampling("completions", "a completion", p => p.Completions.Sampling, (p, v) => p with { Completions = p.Completions with { Sampling = v } }),
        Triple("completions.k", "Completions a step for hard / medium / easy problems.", p => p.Completions.K, (p, v) => p with { Completions = p.Completions with { K = v } }),
        Bounds("completions.k_bounds", "Pass@1 below which a problem is hard, and from which it is easy.", p => p.Completions.K, (p, v) => p with { Completions = p.Completions with { K = v } }),
        Flag("completions.score_start", "Whether the completer also scores the bare problem.", p => p.Completions.ScoreStart, (p, v) => p with { Completions = p.Completions with { ScoreStart = v } }),
        Count("completions.ahead", "Further steps of an incorrect rollout sampled before it is known that they are needed.", 0, Many, p => p.Completions.Ahead, (p, v) => p with { Completions = p.Completions with { Ahead = v } }),

        Choice("labels.estimator", "How a label follows from the scores before and after a step.", p => p.Labels.Estimator, (p, v) => p with { Labels = p.Labels with { Estimator = v } }),
        new("labels.epsilon", "The estimator's threshold, an exact decimal.", Labelling.EpsilonAllowed, ParameterChange.Fixed,
            p => Say(p.Labels.Epsilon),
            (p, text) => Labelling.TryParseEpsilon(text, out var epsilon) ? p with { Labels = p.Labels with { Epsilon = epsilon } } : throw Refuse("labels.epsilon", text, Labelling.EpsilonAllowed)),
        Choice("labels.start", "Whose estimate of the bare problem step 1 is compared with.", p => p.Labels.Start, (p, v) => p with { Labels = p.Labels with { Start = v } }),

        .. OfSampling("rationales", "a whole rationale", p => p.Rationales.Sampling, (p, v) => p with { Rationales = p.Rationales with { Sampling = v } }),
        Count("rationales.per_rollout", "Rationales a kept rollout.", 1, 1024, p => p.Rationales.PerRollout, (p, v) => p with { Rationales = p.Rationales with { PerRollout = v } }, mayGrow: true),
        Count("rationales.max_blocks", "The most code blocks a rationale may run.", 1, Many, p => p.Rationales.MaxBlocks, (p, v) => p with { Rationales = p.Rationales with { MaxBlocks = v } }),
        Number("rationales.block_seconds", "The time a code block may take, in seconds.", 0.1, 3600,
            p => p.Rationales.BlockTime.TotalSeconds, (p, v) => p with { Rationales = p.Rationales with { BlockTime = TimeSpan.FromSeconds(v) } }),
        Count("rationales.output_characters", "The most characters a block's output may bring into the rationale.", 1, Many, p => p.Rationales.OutputCharacters, (p, v) => p with { Rationales = p.Rationales with { OutputCharacters = v } }),
        Flag("rationales.reasoning", "Whether the judge is a reasoning model, whose turn begins inside <think>.", p => p.Rationales.Reasoning, (p, v) => p with { Rationales = p.Rationales with { Reasoning = v } }),
        Flag("rationales.force_conclusion", "Whether a judge that named no index is made to name one.", p => p.Rationales.ForceConclusion, (p, v) => p with { Rationales = p.Rationales with { ForceConclusion = v } }),
    ];

    private static readonly FrozenDictionary<string, Parameter> ByName = All.ToFrozenDictionary(parameter => parameter.Name);

    /// <exception cref="ParameterException">There is no such parameter.</exception>
    public static Parameter Find(string name)
    {
        if (ByName.TryGetValue(name, out var parameter))
            return parameter;
        var last = name[(name.LastIndexOf('.') + 1)..];
        var near = All.Where(p => p.Name.EndsWith(last, StringComparison.Ordinal) || p.Name.StartsWith(name + ".", StringComparison.Ordinal)).Select(p => p.Name).ToArray();
        throw new ParameterException($"{name}: there is no such parameter" + (near.Length > 0 ? $"; did you mean {string.Join(", ", near)}?" : "; `genprm parameters` lists them"));
    }

    /// <summary>The set with one parameter changed.</summary>
    /// <exception cref="ParameterException">No such parameter, or a value that it does not take.</exception>
    public static JobParameters Set(JobParameters parameters, string name, string value) => Find(name).Write(parameters, value);

    /// <summary>The set as name → value text, in the table's order.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ToPairs(JobParameters parameters) =>
        [.. All.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Read(parameters)))];

    /// <summary>Everything that is wrong with a set, each with name, value and what is allowed; empty when it can be run.</summary>
    public static IReadOnlyList<string> Check(JobParameters parameters)
    {
        var wrong = new List<string>();
        foreach (var parameter in All)
        {
            try
            {
                parameter.Write(parameters, parameter.Read(parameters));
            }
            catch (ParameterException refused)
            {
                wrong.Add(refused.Message);
            }
        }

        if (parameters.Rollouts.Kept > parameters.Rollouts.Max)
            wrong.Add($"rollouts.kept: {parameters.Rollouts.Kept} is more than rollouts.max, {parameters.Rollouts.Max}");
        if (parameters.Labels.Start == StartEstimate.Completer && !parameters.Completions.ScoreStart)
            wrong.Add("labels.start: 'completer' needs completions.score_start: true");
        return wrong;
    }

    private static Parameter[] OfSampling(string group, string what, Func<JobParameters, Sampling> read, Func<JobParameters, Sampling, JobParameters> write) =>
    [
        Number($"{group}.temperature", "0 takes the most probable token.", 0, 100, p => read(p).Temperature, (p, v) => write(p, read(p) with { Temperature = v })),
        Number($"{group}.top_p", "Draws from the most probable tokens that reach this share; 1 draws from all.", 0.000001, 1, p => read(p).TopP, (p, v) => write(p, read(p) with { TopP = v })),
        Count($"{group}.top_k", "Draws from that many most probable tokens; 0 draws from all.", 0, Many, p => read(p).TopK, (p, v) => write(p, read(p) with { TopK = v })),
        Count($"{group}.max_new_tokens", $"The length limit of {what}.", 1, Many, p => read(p).MaxNewTokens, (p, v) => write(p, read(p) with { MaxNewTokens = v })),
    ];

    private static Parameter Triple(string name, string summary, Func<JobParameters, KTable> read, Func<JobParameters, KTable, JobParameters> write)
    {
        const string Allowed = "three whole numbers from 1, such as 128/64/32";
        return new(name, summary, Allowed, ParameterChange.MayGrow,
            p => $"{read(p).Hard}/{read(p).Medium}/{read(p).Easy}",
            (p, text) =>
            {
                var parts = text.Split('/');
                var numbers = parts.Select(part => int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var k) && k is >= 1 and <= Many ? k : 0).ToArray();
                return numbers.Length == 3 && !numbers.Contains(0)
                    ? write(p, read(p) with { Hard = numbers[0], Medium = numbers[1], Easy = numbers[2] })
                    : throw Refuse(name, text, Allowed);
            });
    }

    private static Parameter Bounds(string name, string summary, Func<JobParameters, KTable> read, Func<JobParameters, KTable, JobParameters> write)
    {
        const string Allowed = "two decimals from 0 to 1 in rising order, such as 0.1/0.9";
        return new(name, summary, Allowed, ParameterChange.Fixed,
            p => $"{Say(read(p).HardBelow)}/{Say(read(p).EasyFrom)}",
            (p, text) =>
            {
                var parts = text.Split('/');
                return parts.Length == 2
                    && decimal.TryParse(parts[0].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var low)
                    && decimal.TryParse(parts[1].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var high)
                    && low <= high && high <= 1
                    ? write(p, read(p) with { HardBelow = low, EasyFrom = high })
                    : throw Refuse(name, text, Allowed);
            });
    }
}
