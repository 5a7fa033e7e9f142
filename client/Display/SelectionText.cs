using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Trainer.Verification;

namespace GenPrm.Client.Display;

/// <summary>The figures of <c>best-of</c> and <c>refine</c> for people, in per cent.</summary>
internal static class SelectionText
{
    public static IEnumerable<string> Lines(BestOfReport report)
    {
        yield return $"{report.Problems} problems, {report.WithAnswer} with a gold answer; candidates: {Counts(report.Candidates)}; scores: {Counts(report.Scores)}";
        yield return $"judgements of steps: {Counts(report.Steps)}";
        if (report.Figures.IsEmpty)
        {
            yield return "Without gold answers there is no accuracy; who is chosen is in the rows.";
            yield break;
        }

        yield return $"  {"N",-5} {"problems",-9} {"last",-22} {"average",-22} {"least",-22} {"majority",-22} pass@N";
        foreach (BestOfFigures row in report.Figures)
            yield return $"  {row.N,-5} {row.Problems,-9} {Figure(row.Last),-22} {Figure(row.Mean),-22} {Figure(row.Min),-22} {Figure(row.Majority),-22} {Figure(row.Pass)}";
        yield return "Means over disjoint groups of N candidates; intervals are of 95 %. A candidate that could not be judged is chosen last.";
    }

    public static IEnumerable<string> Lines(RefinementReport report)
    {
        yield return $"{report.Problems} problems, {report.WithAnswer} with a gold answer; ends: {Counts(report.Ends)}";
        for (int round = 0; round < report.Accuracy.Length; round++)
            yield return $"  {(round == 0 ? "first solution" : $"after round {round}"),-15} {Figure(report.Accuracy[round])}";
        yield return report.Accuracy.IsEmpty ? "Without gold answers there is no accuracy; the solutions are in the rows." : "Intervals are of 95 %.";
    }

    private static string Counts(ImmutableSortedDictionary<string, int> counts) => counts.IsEmpty
        ? "none"
        : string.Join(", ", counts.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Value:N0} {one.Key.Replace('_', ' ')}")));

    private static string Figure(RightShare share) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * share.Share:0.0}  ({100 * share.Interval.Low:0.0} .. {100 * share.Interval.High:0.0})");
}
