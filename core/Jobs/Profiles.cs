using GenPrm.Core.Generation;
using GenPrm.Core.Labels;

namespace GenPrm.Core.Jobs;

/// <summary>Whole parameter sets by name: the one dial to turn first.</summary>
public static class Profiles
{
    /// <summary>One machine without a GPU: at most 64 rollouts of 512 tokens, 4 kept, K of 8 / 4 / 4, a judge that does not reason first.</summary>
    public static JobParameters Laptop { get; } = new()
    {
        Profile = "laptop",
        Rollouts = new() { Sampling = Solving with { MaxNewTokens = 512 }, FirstRound = 16, Round = 16, Max = 64, Kept = 4 },
        Completions = new() { Sampling = Solving with { MaxNewTokens = 512 }, K = KTable.Paper with { Hard = 8, Medium = 4, Easy = 4 } },
        Rationales = new()
        {
            Sampling = Judging with { MaxNewTokens = 1536 },
            MaxBlocks = 16,
            OutputCharacters = 2048,
            Reasoning = false,
            ForceConclusion = true,
        },
    };

    /// <summary>The paper's figures, and its reference code's where the paper is silent.</summary>
    public static JobParameters Paper { get; } = new();

    /// <summary>What the public reference code does where it differs from the paper: 4 kept rollouts (its scripts), one K of 25, prefixes with a blank, and every
    /// rollout that is not right taken as wrong.</summary>
    public static JobParameters ReferenceCode { get; } = Paper with
    {
        Profile = "reference-code",
        Rollouts = Paper.Rollouts with
        {
            Kept = 4,
            PrefixBlank = true,
            Unanswered = UndecidedRollouts.Incorrect,
            Unknown = UndecidedRollouts.Incorrect,
        },
        Completions = Paper.Completions with { K = KTable.Paper with { Hard = 25, Medium = 25, Easy = 25 } },
    };

    /// <summary>The names that <see cref="Find"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["laptop", "paper", "reference-code"];

    private static Sampling Solving => new() { Temperature = 0.7, TopP = 1, TopK = 0 };

    private static Sampling Judging => new() { Temperature = 0.6, TopP = 0.95, TopK = 40 };

    /// <exception cref="ParameterException">There is no such profile.</exception>
    public static JobParameters Find(string name) => name switch
    {
        "laptop" => Laptop,
        "paper" => Paper,
        "reference-code" => ReferenceCode,
        _ => throw new ParameterException($"profile: '{name}' is none; there are {string.Join(", ", Names)}"),
    };
}
