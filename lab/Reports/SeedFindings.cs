using System.Collections.Immutable;
using GenPrm.Lab.Evaluation;
using GenPrm.Trainer.Verification;

namespace GenPrm.Lab.Reports;

/// <summary>All that one seed of <c>genprm lab</c> measured.</summary>
/// <param name="Labels">Every rule's labels against the truth.</param>
/// <param name="Judges">Every judge's evaluation, by the names of <see cref="JudgeNames"/>.</param>
/// <param name="Samples">What the judges of questions 1, 2 and 6 were trained on, counted, by the same names.</param>
public sealed record SeedFindings(
    ulong Seed,
    ImmutableArray<LabelScore> Labels,
    ImmutableSortedDictionary<string, JudgeReport> Judges,
    ImmutableSortedDictionary<string, int> Samples,
    BestOfReport BestOf,
    RefinementReport Refinement);

/// <summary>What the lab's judges are called, in files and tables.</summary>
public static class JudgeNames
{
    public const string Teacher = "teacher", Everything = "everything", Truth = "truth", Direct = "direct", Scalar = "scalar", Small = "small";

    /// <summary>Trained on consensus with a rule's labels.</summary>
    public static string Of(LabelRule rule) => rule?.Name.Replace(' ', '_') ?? throw new ArgumentNullException(nameof(rule));

    /// <summary>The default rule's judge, evaluated with every vote.</summary>
    public static string Voting => Of(LabelRule.Default) + "_votes";

    /// <summary>Trained on the first so many of the default rule's samples.</summary>
    public static string First(int samples) => $"first_{samples}";

    /// <summary>A mode of question 4.</summary>
    public static string Mode(string mode) => "mode_" + mode.Replace(",", "", StringComparison.Ordinal).Replace(' ', '_');
}
