using System.Collections.Immutable;

namespace GenPrm.Core.Generation;

/// <summary>How tokens are drawn and when a continuation ends.</summary>
[GenerateSerializer, Immutable, Alias("genprm.sampling")]
public sealed record Sampling
{
    /// <summary>The least that is told from 0: what is smaller takes the most probable token too. At it, logits that differ by 0.01 already differ by e to the 100, and
    /// much below it they leave the range of numbers.</summary>
    public const double LeastTemperature = 1e-4;

    /// <summary>The most: every token is about as probable as any other.</summary>
    public const double MostTemperature = 100;

    /// <summary>0 takes the most probable token; otherwise logits are divided by it before the draw.</summary>
    [Id(0)] public double Temperature { get; init; } = 1;

    /// <summary>Whether a temperature may be asked for: 0, or in the range that is told from it.</summary>
    public static bool IsTemperature(double value) => value is 0 or (>= LeastTemperature and <= MostTemperature);

    /// <summary>The smallest set of most probable tokens whose probabilities reach this share is drawn from; 1 keeps all.</summary>
    [Id(1)] public double TopP { get; init; } = 1;

    /// <summary>Only that many most probable tokens are drawn from; 0 keeps all.</summary>
    [Id(2)] public int TopK { get; init; }

    /// <summary>The length limit, in new tokens a continuation.</summary>
    [Id(3)] public int MaxNewTokens { get; init; } = 512;

    /// <summary>Strings that end a continuation as soon as its text contains one. They may cross token borders.</summary>
    [Id(4)] public ImmutableArray<string> StopStrings { get; init; } = [];

    /// <summary>Whether the stop string that ended a continuation stays at the end of its text.</summary>
    [Id(5)] public bool KeepStopString { get; init; } = true;
}
