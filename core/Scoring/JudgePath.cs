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
    /// <summary>A step is right when its reward is at least one half.</summary>
    public static bool IsRight(double reward) => reward >= 0.5;

    /// <summary>r_t: the averages over the paths, of every step that all of them have judged, step 1 first.</summary>
    /// <param name="paths">Of each path its rewards.</param>
    public static ImmutableArray<double> Rewards(IReadOnlyList<ImmutableArray<double>> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return [.. Enumerable.Range(0, paths.Min(path => path.Length)).Select(step => paths.Average(path => path[step]))];
    }

    /// <summary>The first wrong step, from 1, or null.</summary>
    public static int? FirstWrong(IEnumerable<double> rewards) =>
        rewards.Select((reward, i) => (reward, step: i + 1)).Where(one => !IsRight(one.reward)).Select(one => (int?)one.step).FirstOrDefault();
}
