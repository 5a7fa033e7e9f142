using System.Globalization;
using GenPrm.Core.Execution;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Views;

namespace GenPrm.Client.Display;

/// <summary>What <c>inspect</c> shows, in plain lines.</summary>
public static class InspectText
{
    public static IEnumerable<string> Job(string job, JobRequest? request, IReadOnlyList<ProblemRow> rows)
    {
        yield return $"job {job}";
        if (request is not null)
        {
            JobModels models = request.Spec.Models;
            yield return $"  policy {models.Policy}, completer {models.Completer}, judge {models.Judge}";
            yield return $"  {string.Join(", ", ParameterTable.ToPairs(request.Spec.Parameters).Where(pair => !pair.Value.Contains(' ', StringComparison.Ordinal)).Select(pair => $"{pair.Key} {pair.Value}"))}";
        }

        foreach (ProblemRow row in rows)
        {
            string reason = row.Reason is null ? "" : $"   {row.Reason}";
            yield return Say($"  {row.Ordinal,5}  {row.State,-10}  correct {row.Correct} of {row.Sampled}  accepted {row.Accepted}  {row.Id}{reason}");
        }
    }

    public static IEnumerable<string> Problem(string key, ProblemView view)
    {
        yield return Say($"{key}   {view.Row.State}   correct {view.Row.Correct} of {view.Row.Sampled}{(view.Completions is { } k ? Say($"   K = {k}") : "")}   id {view.Row.Id}");
        yield return Indent(view.Text);
        yield return $"  answer: {view.Gold}";
        if (view.WaitingFor is { } waiting)
            yield return $"  waiting for {waiting}";
        if (view.Row.Reason is { } reason)
            yield return $"  failed: {reason}";
        foreach (RolloutRow rollout in view.Rollouts)
            yield return Say($"  r{rollout.Index,-4} {rollout.Class,-14} {(rollout.Kept ? "kept" : "    ")}  {(rollout.Answer is null ? "no answer" : $"answer {rollout.Answer}")}");
    }

    public static IEnumerable<string> Rollout(string key, RolloutView view)
    {
        yield return $"{key}   {view.Row.Class}   {(view.Row.Answer is null ? "no answer" : $"answer {view.Row.Answer}")}";
        if (view.WaitingFor is { } waiting)
            yield return $"  waiting for {waiting}";
        foreach (StepView step in view.Steps)
            yield return $"  s{step.Index}  {Score(step)}  {OneLine(step.Text)}{(step.WaitingFor is null ? "" : $"   (waiting for {step.WaitingFor})")}";
        foreach (LabelsView labels in view.Labellings.Where(labels => labels.Labels is not null))
        {
            string first = labels.Labels!.FirstError == RolloutLabels.AllRight ? "all right" : Say($"first wrong step {labels.Labels.FirstError}");
            yield return Say($"  labelling {labels.Labelling}: {first}; samples: {string.Join(", ", labels.Samples.Select(sample => sample.Reason is null ? sample.Class : $"{sample.Class} ({OneLine(sample.Reason)})"))}");
        }

        foreach (RationaleView rationale in view.Rationales)
        {
            yield return Say($"  rationale {rationale.Index}: {rationale.State}{(rationale.FirstWrong is { } wrong ? Say($", judge says {wrong}") : "")}{(rationale.WaitingFor is null ? "" : $", waiting for {rationale.WaitingFor}")}");
            yield return Indent(rationale.Text);
        }
    }

    public static IEnumerable<string> Step(string key, StepView view)
    {
        yield return Say($"{key}/s{view.Index}   {view.State}");
        yield return Indent(view.Text);
        yield return $"  {Score(view)}{(view.Classes.Total > 0 ? $"   completions: {SummaryText.Classes(view.Classes)}" : "")}";
        if (view.WaitingFor is { } waiting)
            yield return $"  waiting for {waiting}";
        foreach (CompletionFact completion in view.Completions)
            yield return Say($"    c{completion.Index,-4} {ClassCounts.NameOf(completion.Class),-10} {completion.Answer}");
        if (view.Critique is { } critique)
        {
            yield return "  critique:";
            yield return Indent(critique);
        }

        foreach (BlockView block in view.Blocks)
        {
            yield return "  code:";
            yield return Indent(block.Code);
            yield return $"  {Outcome(block.Outcome)}:";
            yield return Indent(block.Outcome.Output);
        }
    }

    /// <summary>What became of a block, in a few words.</summary>
    public static string Outcome(SandboxOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        string took = Say($"after {outcome.Elapsed.TotalMilliseconds:0} ms");
        return outcome switch
        {
            SandboxOutcome.Completed => $"printed, {took}",
            SandboxOutcome.Failed failed => $"failed {took} with {failed.ErrorType}: {failed.Message}; it printed",
            SandboxOutcome.TimedOut => $"timed out {took}; it printed",
            SandboxOutcome.OutOfMemory => $"out of memory {took}; it printed",
            SandboxOutcome.OutputTooLarge => $"printed too much, cut, {took}",
            SandboxOutcome.Lost lost => $"sandbox lost {took} ({lost.Reason}); it had printed",
            _ => took,
        };
    }

    private static string Score(StepView step)
    {
        string mc = step.Counted > 0 ? Say($"MC {step.Correct}/{step.Counted}") : "MC -";
        string progress = step.Progress is { } value ? Say($"P {value:0.00}") : "P -";
        string label = step.Label switch { true => "right", false => "wrong", null => "no label yet" };
        return $"{mc,-10} {progress,-7} {label,-6}";
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Indent(string text) => string.Join(Environment.NewLine, text.TrimEnd().Split('\n').Select(line => "    " + line));

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
