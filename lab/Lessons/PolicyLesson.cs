using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Samples;
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
}
