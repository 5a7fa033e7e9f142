using System.Collections.Immutable;
using GenPrm.Core.Execution;
using GenPrm.Core.Identity;
using GenPrm.Core.Rationales;
using GenPrm.Core.Scoring;

namespace GenPrm.Trainer.Verification;

/// <summary>One path over one solution: asks for what <see cref="StepJudge"/> wants next until a step is judged, and keeps what came of it.</summary>
/// <param name="verifier">Does the asking.</param>
/// <param name="owner">Names the path's interpreter; its own in this process.</param>
/// <param name="name">Names the path in random streams; the same whenever the solution is judged.</param>
internal sealed class VerifierPath(Verifier verifier, string owner, string name, Solution solution, ulong seed, JudgeOptions options)
{
    private JudgePath path = JudgePath.Empty;

    public string Owner => owner;

    public PathScore Score { get; private set; } = new([]);

    /// <summary>Judges the next step.</summary>
    public async Task JudgeNextAsync(CancellationToken cancellationToken)
    {
        var number = path.Judged.Length + 1;
        var messages = path.Messages(solution.Problem, solution.Steps, number, options);
        var step = StepJudge.Begin(number, options);
        var code = ImmutableArray.CreateBuilder<CodeBlock>();
        var wasForced = false;
        while (step.Phase != JudgingPhase.Ended)
        {
            switch (StepJudge.Next(step, options))
            {
                case JudgeAction.Generate go:
                    wasForced = step.Phase == JudgingPhase.Forced;
                    var stream = RandomStream.SeedOf(seed, UnitName.Continuation($"{name}/s{number}", go.Continuation));
                    var written = await verifier.WriteAsync(verifier.Open(messages, go.Turn), go.Sampling, stream, cancellationToken);
                    step = StepJudge.Wrote(step, written, options);
                    break;
                case JudgeAction.Run run:
                    var outcome = await verifier.RunAsync(owner, [.. path.RunCode, .. step.RunCode, run.Code], cancellationToken);
                    code.Add(Block(run.Code, outcome));
                    step = StepJudge.Ran(step, outcome, options);
                    break;
                case JudgeAction.Score score:
                    step = StepJudge.Scored(step, await verifier.WeighAsync(verifier.Open(messages, score.Turn), cancellationToken));
                    break;
            }
        }

        path = new(path.Judged.Add(step));
        Score = new(Score.Steps.Add(new(number, step.Reward!.Value, step.Verdict is null ? StepClass.NoJudgement : wasForced ? StepClass.Forced : StepClass.Judged)
        {
            Verdict = step.Verdict,
            Text = step.Text,
            Analysis = StepJudge.Analysis(step),
            Code = code.ToImmutable(),
            Tokens = step.AllTokens,
            Attempts = step.Attempt + 1,
        }));
    }

    private CodeBlock Block(string code, SandboxOutcome outcome)
    {
        var (text, @class) = CodeFeedback.Of(outcome, options.OutputCharacters);
        return new(code, @class, text);
    }
}
