using System.Collections.Immutable;
using GenPrm.Core.Equality;
using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;

namespace GenPrm.Core.Rollouts;

/// <summary>Makes a rollout of what the policy wrote: text, class, answer (section 2).</summary>
public static class RolloutReader
{
    /// <param name="index">Its number in the problem.</param>
    /// <param name="written">The continuation of the forced <c>Step 1:</c>.</param>
    /// <param name="goldAnswer">The problem's answer.</param>
    /// <param name="parameters">The job's parameters.</param>
    /// <param name="specialTokens">Special-token strings of the job's models.</param>
    public static Rollout Read(int index, Completion written, string goldAnswer, JobParameters parameters, ImmutableArray<string> specialTokens)
    {
        ArgumentNullException.ThrowIfNull(written);
        ArgumentNullException.ThrowIfNull(parameters);
        var raw = SolvingPrompt.Prefix([], 0, parameters.Rollouts.PrefixBlank) + written.Text;
        var answer = FinalAnswer.Find(raw, parameters.StatedAnswers)?.Text;
        var fact = new RolloutFact(index, Classify(raw, written.Finish, answer, goldAnswer, specialTokens), answer, Answers.CheckerVersion, written.Tokens);
        return new(fact, raw);
    }

    private static RolloutClass Classify(string raw, FinishReason finish, string? answer, string goldAnswer, ImmutableArray<string> specialTokens)
    {
        if (finish == FinishReason.Length)
            return RolloutClass.Cut;
        if (specialTokens.Any(token => raw.Contains(token, StringComparison.Ordinal)))
            return RolloutClass.SpecialToken;
        var split = StepSplitter.Split(raw);
        if (!string.IsNullOrWhiteSpace(split.Preamble))
            return RolloutClass.TextBeforeStepOne;
        if (split.Steps.Length < 2)
            return RolloutClass.OneStep;
        if (split.Steps.Any(step => step.Text.Length == 0))
            return RolloutClass.EmptyStep;
        if (answer is null)
            return RolloutClass.NoAnswer;
        return Answers.Compare(goldAnswer, answer).Verdict switch
        {
            Verdict.Equal => RolloutClass.Correct,
            Verdict.Different => RolloutClass.Incorrect,
            _ => RolloutClass.UnknownAnswer,
        };
    }
}
