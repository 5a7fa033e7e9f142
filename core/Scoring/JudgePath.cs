using System.Collections.Immutable;
using GenPrm.Core.Generation;

namespace GenPrm.Core.Scoring;

/// <summary>One independent path over a solution: each step judged after the path's own turns on the steps before it.</summary>
/// <param name="Judged">The steps' judgements, step 1 first; all but the last have ended.</param>
[GenerateSerializer, Immutable, Alias("genprm.judge-path")]
public sealed record JudgePath([property: Id(0)] ImmutableArray<StepJudgement> Judged)
{
    public static readonly JudgePath Empty = new([]);

    /// <summary>The conversation that the turn of a step, from 1, is written in: every user turn up to it, and this path's finished turns.</summary>
    public ImmutableArray<ChatMessage> Messages(string problem, ImmutableArray<string> steps, int paragraph, JudgeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var messages = ImmutableArray.CreateBuilder<ChatMessage>();
        messages.Add(ChatMessage.System(options.System));
        for (var k = 1; k <= paragraph; k++)
        {
            messages.Add(ChatMessage.User(options.UserTurn(problem, steps[k - 1], k)));
            if (k < paragraph)
                messages.Add(ChatMessage.Assistant(Judged[k - 1].Text));
        }

        return messages.ToImmutable();
    }

    /// <summary>All code that the path has run, in order.</summary>
    public IEnumerable<string> RunCode => Judged.SelectMany(step => step.RunCode);
}

/// <summary>The votes of N paths (eq. 7).</summary>
public static class Panel
{
    /// <summary>r_t: the average of the paths' rewards of a step. A step is right when it is at least one half.</summary>
    public static double Reward(IEnumerable<double> rewards) => rewards.Average();

    public static bool IsRight(double reward) => reward >= 0.5;

    /// <summary>The averages of every step that all paths have judged, step 1 first.</summary>
    public static ImmutableArray<double> Rewards(IReadOnlyList<JudgePath> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var common = paths.Min(path => path.Judged.TakeWhile(step => step.Reward is not null).Count());
        return [.. Enumerable.Range(0, common).Select(step => Reward(paths.Select(path => path.Judged[step].Reward!.Value)))];
    }

    /// <summary>The step that all paths judge next, from 1, or null when the solution is judged.</summary>
    /// <param name="steps">Steps of the solution.</param>
    /// <param name="stopAtFirstWrong">Whether the first wrong step ends it, as an error's place asks for; a verifier's average needs every step.</param>
    public static int? NextStep(IReadOnlyList<JudgePath> paths, int steps, bool stopAtFirstWrong)
    {
        var rewards = Rewards(paths);
        return rewards.Length >= steps || (stopAtFirstWrong && FirstWrong(rewards) is not null) ? null : rewards.Length + 1;
    }

    /// <summary>The first wrong step, from 1, or null.</summary>
    public static int? FirstWrong(IEnumerable<double> rewards) =>
        rewards.Select((reward, i) => (reward, step: i + 1)).Where(one => !IsRight(one.reward)).Select(one => (int?)one.step).FirstOrDefault();
}
