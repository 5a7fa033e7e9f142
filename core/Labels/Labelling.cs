using System.Globalization;

namespace GenPrm.Core.Labels;

/// <summary>One numbered, immutable way to turn stored counts into labels. A job's first has number 1; <c>relabel</c> adds more and changes none.</summary>
/// <param name="Number">From 1, in order of making.</param>
/// <param name="Estimator">How scores are compared.</param>
/// <param name="Epsilon">The threshold, exact; not used by <see cref="Estimator.Hard"/>.</param>
/// <param name="Start">Which <c>MC(s_1)</c> step 1 is compared with.</param>
/// <param name="K">Completions a step: a labelling counts the first K of them and no others, so that topping up leaves it as it was.</param>
/// <param name="CheckerVersion">The version of the answer checker whose verdicts it counts.</param>
[GenerateSerializer, Immutable, Alias("genprm.labelling")]
public sealed record Labelling(
    [property: Id(0)] int Number,
    [property: Id(1)] Estimator Estimator,
    [property: Id(2)] decimal Epsilon,
    [property: Id(3)] StartEstimate Start,
    [property: Id(4)] KTable K,
    [property: Id(5)] int CheckerVersion)
{
    /// <summary>What an epsilon may be, in words. Six decimals keep every product of a comparison exact in a <see cref="decimal"/>.</summary>
    public const string EpsilonAllowed = "a decimal from -1 to 10 with at most 6 decimals";

    public static bool TryParseEpsilon(string text, out decimal epsilon) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out epsilon)
        && epsilon is >= -1 and <= 10 && epsilon.Scale <= 6;

    /// <summary>Whether the other gives the same labels from the same facts.</summary>
    public bool SameRule(Labelling other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with { Number = other.Number, Epsilon = Estimator == Estimator.Hard ? other.Epsilon : Epsilon } == other;
    }
}
