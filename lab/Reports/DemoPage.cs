using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using GenPrm.Lab.Evaluation;

namespace GenPrm.Lab.Reports;

/// <summary>A demo's report as one HTML page that needs nothing else: no script, no network.</summary>
public static class DemoPage
{
    private const string Style = """
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
        table { border-collapse: collapse; margin: 1rem 0 } th, td { padding: .3rem .8rem; border-bottom: 1px solid #ddd; text-align: left }
        pre { background: #f6f6f6; padding: .8rem; overflow-x: auto; font-size: 13px; line-height: 1.35 } .wrong { color: #b00020 } .right { color: #1b6e3c }
        """;

    public static string Write(DemoResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{result.Title}</title><style>{Style}</style></head><body>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{result.Title}</h1>");
        page.Append(CultureInfo.InvariantCulture, $"<p>F1 on unseen solutions went from <b>{result.Before.PassAt1.F1:0.000}</b> to <b>{result.After.PassAt1.F1:0.000}</b> at Pass@1: a gain of {100 * result.Gain:+0.0;-0.0} points (95 % interval {100 * result.GainInterval.Low:+0.0;-0.0} to {100 * result.GainInterval.High:+0.0;-0.0}).</p>");
        if (result.Quick)
            page.Append(CultureInfo.InvariantCulture, $"<p>{DemoText.Small}</p>");
        page.Append(Bars(result));
        Happened(page, result);
        Labels(page, result.Labels);
        Judges(page, result);
        Examples(page, result.After.Examples);
        page.Append(CultureInfo.InvariantCulture, $"""
            <h2>What to try next</h2><p>This job's steps, labels and critiques, and more judgements by the trained judge:</p>
            <pre>genprm inspect demo/1/r0 --data {Text(result.Store)}
            genprm judge solutions.jsonl --model {Text(result.Job.Judge.Folder)}</pre><p>The same loop with your own problems and models:</p>
            <pre>genprm run --problems problems.jsonl --policy MODEL --judge MODEL --name mine
            genprm train --job mine --model MODEL --out runs/mine --schedule constant
            genprm judge --help          # score solutions with what was trained</pre></body></html>
            """);
        return page.ToString();
    }

    private static void Happened(StringBuilder page, DemoResult result)
    {
        var job = result.Job;
        page.Append("<h2>What happened</h2><ol>");
        page.Append(CultureInfo.InvariantCulture, $"<li>A policy of random weights learnt to solve last-digit problems: {result.Policy.Steps} steps, {result.Policy.Seconds:0} s.</li>");
        page.Append(CultureInfo.InvariantCulture, $"<li>From it a teacher learnt to write critiques with code, from lessons of which a share is faulty: {result.Teacher.Steps} steps, {result.Teacher.Seconds:0} s.</li>");
        page.Append(CultureInfo.InvariantCulture, $"<li>A job sampled {job.Rollouts.Values.Sum():N0} solutions and {job.Continuations:N0} continuations in all, labelled {job.Steps.Values.Sum():N0} steps, had {job.Rationales.Values.Sum():N0} critiques written and {job.Blocks:N0} code blocks run in containers, and accepted {job.Accepted:N0} samples: {job.Seconds:0} s.</li>");
        page.Append(CultureInfo.InvariantCulture, $"<li>A judge that began as the teacher was trained on those samples, its first pass as they came: {job.StepsBeside} of its {job.Judge.Steps} steps were made before the job had ended.</li>");
        page.Append(CultureInfo.InvariantCulture, $"<li>Teacher and judge were scored alike on {result.Before.Solutions.Length} solutions of problems that no job had, half of them with a wrong step: {result.Before.Seconds + result.After.Seconds:0} s.</li></ol>");
        page.Append(CultureInfo.InvariantCulture, $"<p>What became of the critiques: {Classes(job.Samples)}. Problems: {Classes(job.Problems)}. Rollouts: {Classes(job.Rollouts)}.</p>");
    }

    private static void Labels(StringBuilder page, ImmutableArray<LabelScore> labels)
    {
        page.Append("<h2>The job's labels against the truth</h2><p>The job never sees the truth; it is worked out here from each problem's text.</p><table><tr><th>rule</th><th>steps labelled right</th><th>wrong steps found</th><th>F1 of the labels</th></tr>");
        foreach (var label in labels)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{label.Rule}</td><td>{label.StepsRight:P1} of {label.Steps}</td><td>{label.WrongFound:P1} of {label.Wrong}</td><td>{label.F1:0.000}</td></tr>");
        page.Append("</table>");
    }

    private static void Judges(StringBuilder page, DemoResult result)
    {
        page.Append("<h2>Before and after</h2><table><tr><th>judge</th>");
        foreach (var score in result.Before.Scores)
            page.Append(CultureInfo.InvariantCulture, $"<th>{DemoText.Vote(score.Paths)}</th>");
        page.Append("<th>forced or missing</th></tr>");
        foreach (var (name, report) in new[] { ("teacher (before)", result.Before), ("judge (after)", result.After) })
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{name}</td>");
            foreach (var score in report.Scores)
                page.Append(CultureInfo.InvariantCulture, $"<td>{score.F1:0.000} [{score.Interval.Low:0.000}, {score.Interval.High:0.000}]</td>");
            page.Append(CultureInfo.InvariantCulture, $"<td>{report.Unparsed:P1}</td></tr>");
        }

        page.Append("</table><p>Both are asked in the conversation form, at temperature 1. In brackets: 95 % intervals by bootstrap over the solutions; they do not hold the variance of training. A vote is the mean of its paths' rewards, and a step is right from 0.5 on, so that of two paths that differ the surer one decides, and Maj@2 may lie below Pass@1.</p>");
    }

    private static void Examples(StringBuilder page, ImmutableArray<JudgedExample> examples)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>Examples</h2><p>Chosen among the solutions in the order of their ids, which are hashes: the first {JudgeEvaluation.RightExamples} that the trained judge's first path was right on, those with a wrong step before the others, and the first {JudgeEvaluation.WrongExamples} that it was not right on, as far as there are any.</p>");
        foreach (var example in examples)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h3 class=\"{(example.IsRight ? "right" : "wrong")}\">{(example.Predicted is { } step ? $"Step {step} was found wrong" : "No step was found wrong")}; the truth: {(example.Solution.FirstWrong is { } first ? $"step {first}" : "none is")}</h3>");
            page.Append(CultureInfo.InvariantCulture, $"<p>{Text(example.Solution.Problem)}</p><pre>{Text(string.Join('\n', example.Solution.Steps.Select((text, i) => $"Step {i + 1}: {text}")))}</pre>");
            // A path may have gone on behind the step: where it votes with others, it is asked as far as any of them.
            var shown = Math.Min(example.Predicted ?? example.Turns.Length, example.Turns.Length);
            if (shown > 0)
                page.Append(CultureInfo.InvariantCulture, $"<p>What the judge wrote of step {shown}, with what its code printed:</p><pre>{Text(example.Turns[shown - 1])}</pre>");
        }
    }

    /// <summary>F1 before and after at each size of vote.</summary>
    private static string Bars(DemoResult result)
    {
        const int Width = 640, Height = 220, Bottom = 180, Top = 20;
        var svg = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" font-size=\"12\" role=\"img\" aria-label=\"F1 before and after\">"));
        for (var tick = 0; tick <= 4; tick++)
        {
            var y = Y(tick / 4.0);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"40\" x2=\"{Width}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\" stroke=\"#ddd\"/><text x=\"34\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{tick / 4.0:0.00}</text>");
        }

        for (var i = 0; i < result.Before.Scores.Length; i++)
        {
            var left = 60 + (i * 145);
            Bar(result.Before.Scores[i], left, "#9aa5b1");
            Bar(result.After.Scores[i], left + 50, "#1b6e3c");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + 45}\" y=\"{Bottom + 18}\" text-anchor=\"middle\">{DemoText.Vote(result.Before.Scores[i].Paths)}</text>");
        }

        return svg.Append(CultureInfo.InvariantCulture, $"<text x=\"60\" y=\"{Height - 6}\">F1 before (grey) and after (green), with 95 % intervals</text></svg>").ToString();

        double Y(double value) => Bottom - ((Bottom - Top) * value);
        void Bar(VoteScore score, int left, string colour) => svg.Append(
            CultureInfo.InvariantCulture,
            $"<rect x=\"{left}\" y=\"{Y(score.F1):0.#}\" width=\"40\" height=\"{Bottom - Y(score.F1):0.#}\" fill=\"{colour}\"/><line x1=\"{left + 20}\" x2=\"{left + 20}\" y1=\"{Y(score.Interval.Low):0.#}\" y2=\"{Y(score.Interval.High):0.#}\" stroke=\"#222\" stroke-width=\"2\"/>");
    }

    private static string Classes(ImmutableSortedDictionary<string, long> classes) => string.Join(", ", classes.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Value:N0} {one.Key.Replace('_', ' ')}")));

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
