using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Samples;
using GenPrm.Core.Scoring;
using GenPrm.Lab.World;
using GenPrm.Trainer.Data;

namespace GenPrm.Lab.Lessons;

/// <summary>What a policy learns first: a problem and a solution, as a job's prompts have them. A slip is read and not learnt, so that slips stay rare; what
/// follows one, a redo or not, is learnt.</summary>
public static class PolicyLesson
{
    public static Conversation Of(string id, LabProblem problem, WrittenSolution solution)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(solution);
        var prompt = SolvingPrompt.ForRollout(problem.Text, [], new RolloutParameters());
        var (text, slip) = solution.Join();
        var trained = slip.Length == 0
            ? new[] { new TextSpan(0, text.Length) }
            : [new(0, slip.Start), new(slip.End, text.Length)];
        return new(id, id, [.. prompt.Messages.Select(SampleTurn.Untrained), new SampleTurn(ChatMessage.Assistant(text), [.. trained])], []);
    }

    /// <summary>A wrong solution, the critique of its wrong step as <c>refine</c> sends it back, and a right one, which alone is learnt.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="analysis">What the judge wrote of it.</param>
    public static Conversation Rewrite(string id, LabProblem problem, WrittenSolution wrong, int step, string analysis, WrittenSolution right)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(wrong);
        ArgumentNullException.ThrowIfNull(right);
        var asked = Critic.Messages(SolvingPrompt.ForRollout(problem.Text, [], new RolloutParameters()).Messages, wrong.Join().Text, wrong.Steps[step], analysis);
        return new(id, id, [.. asked.Select(SampleTurn.Untrained), TrainedSpans.Of(ChatMessage.Assistant(right.Join().Text))], []);
    }
}
