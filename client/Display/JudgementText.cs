using System.Collections.Immutable;
using System.Globalization;
using GenPrm.Core.Scoring;
using GenPrm.Trainer.Verification;

namespace GenPrm.Client.Display;

/// <summary>A judged solution for people: a line a step, and the critique of the first wrong one.</summary>
internal static class JudgementText
{
    private const int StepWidth = 90;

    /// <summary>What models and files wrote is shown, never obeyed: <see cref="VisibleText"/>.</summary>
    public static IEnumerable<string> Lines(Solution solution, ScoreRow score) => Written(solution, score).Select(VisibleText.Of);

    private static IEnumerable<string> Written(Solution solution, ScoreRow score)
    {
        if (!score.IsJudged)
        {
            yield return $"{solution.Id}   failed: {score.Reason}";
            yield break;
        }

        ImmutableArray<int> blank = score.BlankSteps;
        yield return $"{solution.Id}   {(score.FirstWrongStep is { } wrong ? $"first wrong step {wrong} of {solution.Steps.Length}, counted from 1" : $"no wrong step of {score.Rewards.Length}{(blank.IsEmpty ? "" : $", {blank.Length} of them not judged")}")}";
        for (int i = 0; i < score.Rewards.Length; i++)
        {
            StepScore[] said = [.. score.Paths.Select(path => path.Steps[i])];
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"  s{i + 1,-3} {score.Rewards[i]:0.000}  {(blank.Contains(i + 1) ? "?" : Panel.IsRight(score.Rewards[i]) ? "right" : "wrong"),-5}  {Votes(said),-14}  {Short(solution.Steps[i])}");
        }

        if (score.UnjudgedSteps is { IsEmpty: false } unjudged)
            yield return $"  no judgement at {(unjudged.Length == 1 ? "step" : "steps")} {string.Join(", ", unjudged.Select(step => score.Paths.Length == 1 ? $"{step}" : $"{step} ({Unjudged(score, step)} of {score.Paths.Length} paths)"))}: counted 0.5, which says nothing";
        if (score.FirstWrongStep is not { } shown || Critique(score, shown) is not { } critique)
            yield break;
        foreach (string line in (critique.Analysis ?? "(no analysis)").Split('\n'))
            yield return $"    {line}";
        foreach (CodeBlock block in critique.Code)
        {
            foreach (string line in block.Code.TrimEnd().Split('\n'))
                yield return $"    >>> {line}";
            foreach (string line in block.Output.Split('\n'))
                yield return $"    {line}";
        }
    }

    /// <summary>What is to be said where no step of any solution was judged; else null.</summary>
    public static string? Silence(IReadOnlyCollection<ScoreRow> scores) =>
        scores.Any(score => score.IsJudged) && scores.Where(score => score.IsJudged).All(score => score.BlankSteps.Length == score.Rewards.Length)
            ? "WARNING: the model gave no judgement of any step, so nothing was found out. Is it a judge? Its form of turns can be given with --turn."
            : null;

    /// <summary>What the path says that is surest of an error.</summary>
    public static StepScore? Critique(ScoreRow score, int step) => score.Paths.Select(path => path.Steps[step - 1]).MinBy(one => one.Reward);

    private static string Votes(StepScore[] said)
    {
        if (said.Length == 1)
            return said[0].Class == StepClass.Judged ? "" : Name(said[0].Class);
        return $"{said.Count(one => one.Verdict == true)} Yes, {said.Count(one => one.Verdict == false)} No{(said.Any(one => one.Verdict is null) ? ", rest none" : "")}";
    }

    private static int Unjudged(ScoreRow score, int step) => score.Paths.Count(path => path.Steps.Any(one => one.Step == step && one.Class == StepClass.NoJudgement));

    private static string Name(StepClass @class) => @class == StepClass.NoJudgement ? "no judgement" : @class.ToString().ToLowerInvariant();

    private static string Short(string step)
    {
        string line = string.Join(' ', step.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= StepWidth ? line : line[..StepWidth] + "…";
    }
}
