using System.Globalization;
using GenPrm.Lab.Evaluation;

namespace GenPrm.Lab.Reports;

/// <summary>A demo's report in short, for a terminal.</summary>
public static class DemoText
{
    /// <summary>Said of <c>--quick</c>.</summary>
    internal const string Small = "A small world and few solutions: the figures show the way, not how far it goes. Without --quick it takes about nine minutes.";

    public static IEnumerable<string> Lines(DemoResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        yield return "";
        yield return "What came out:";
        foreach (var label in result.Labels)
            yield return Line($"  labels, {label.Rule,-10}  {label.StepsRight:P1} of {label.Steps} steps right, {label.WrongFound:P1} of {label.Wrong} wrong steps found, F1 {label.F1:0.000}");
        yield return Line($"  job                {result.Job.Rationales.Values.Sum()} critiques, {result.Job.Accepted} accepted as samples; {result.Job.Blocks} code blocks ran{(result.Job.Failed > 0 ? $"; {result.Job.Failed} problems failed and are left out" : "")}");
        yield return Line($"  training           {result.Job.StepsBeside} of the judge's {result.Job.Judge.Steps} steps while the job ran, the rest after it");
        yield return Judge("before (teacher)", result.Before);
        yield return Judge("after (judge)", result.After);
        yield return Line($"  gain               {100 * result.Gain:+0.0;-0.0} points of F1 at Pass@1 (95 % interval {100 * result.GainInterval.Low:+0.0;-0.0} to {100 * result.GainInterval.High:+0.0;-0.0})");
        if (result.Quick)
            yield return $"  {Small}";
    }

    private static string Judge(string name, JudgeReport report) =>
        Line($"  {name,-17}  {string.Join("  ", report.Scores.Select(score => Line($"{Vote(score.Paths)} {score.F1:0.000} [{score.Interval.Low:0.000}, {score.Interval.High:0.000}]")))}; {report.Unparsed:P1} of judgements forced or missing");

    internal static string Vote(int paths) => paths == 1 ? "Pass@1" : Line($"Maj@{paths}");

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
