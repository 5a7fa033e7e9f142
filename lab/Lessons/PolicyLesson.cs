using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Samples;
using GenPrm.Core.Scoring;
using GenPrm.Lab.World;
using GenPrm.Trainer.Data;

namespace GenPrm.Lab.Lessons;

/// <summary>What a policy learns first: a problem and a solution, as a job's prompts have them. Slips are learnt like all else: a policy that never slips, and
/// only knows what follows a slip, makes its mistakes by doing again what was right, which a judge finds without looking at any sum.</summary>
public static class PolicyLesson
{
    public static Conversation Of(string id, LabProblem problem, WrittenSolution solution)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(solution);
        var prompt = SolvingPrompt.ForRollout(problem.Text, [], new RolloutParameters());
        return new(id, id, [.. prompt.Messages.Select(SampleTurn.Untrained), TrainedSpans.Of(ChatMessage.Assistant(solution.Join()))], []);
    }

    /// <summary>A wrong solution, the critique of its wrong step as <c>refine</c> sends it back, and another one, which alone is learnt.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="analysis">What the judge wrote of it.</param>
    public static Conversation Rewrite(string id, LabProblem problem, WrittenSolution wrong, int step, string analysis, WrittenSolution again)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(wrong);
        ArgumentNullException.ThrowIfNull(again);
        var asked = Critic.Messages(SolvingPrompt.ForRollout(problem.Text, [], new RolloutParameters()).Messages, wrong.Join(), wrong.Steps[step], analysis);
        return new(id, id, [.. asked.Select(SampleTurn.Untrained), TrainedSpans.Of(ChatMessage.Assistant(again.Join()))], []);
    }
}
