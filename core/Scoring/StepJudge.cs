using System.Collections.Immutable;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Core.Rationales;
using GenPrm.Core.Samples;

namespace GenPrm.Core.Scoring;

/// <summary>The stepwise judge as a pure state machine (section 8): analysis; code, run and fed back, for a few rounds; output, forced when it does not come;
/// then the probabilities at the judgement. A step without a judgement is asked again once, then counts 0.5.</summary>
public static class StepJudge
{
    public const string Yes = "Yes";

    public const string No = "No";

    private const string CodeOpen = "```python\n";

    private const string BlockEnd = "\n```\n";

    /// <summary>A step that nobody has written at yet.</summary>
    public static StepJudgement Begin(int paragraph, JudgeOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(paragraph);
        return Open(new() { Paragraph = paragraph }, options);
    }

    public static JudgeAction Next(StepJudgement step, JudgeOptions options)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(options);
        if (step.PendingCode is { } code)
            return new JudgeAction.Run(code);
        return step.Phase switch
        {
            JudgingPhase.Ended => new JudgeAction.Nothing(),
            JudgingPhase.Scoring => new JudgeAction.Score(step.Text[..WrittenJudgement.Find(step.Parts)!.Value.Start]),
            JudgingPhase.Analyzing => Generate(options.Sampling.MaxNewTokens, ConversationForm.AnalyzeClose),
            JudgingPhase.Forced => Generate(options.ForcedTokens, ConversationForm.OutputClose),
            _ => options is { Verify: true, Execute: true }
                ? Generate(options.Sampling.MaxNewTokens - step.Tokens, BlockEnd, ConversationForm.OutputClose)
                : Generate(options.Sampling.MaxNewTokens - step.Tokens, ConversationForm.OutputClose),
        };

        JudgeAction.Generate Generate(int tokens, params ImmutableArray<string> stops) =>
            new(step.Text, options.Sampling with { MaxNewTokens = tokens, StopStrings = stops, KeepStopString = true }, step.Continuations);
    }

    /// <summary>The verifier went on.</summary>
    /// <exception cref="InvalidOperationException">The step did not wait for it.</exception>
    public static StepJudgement Wrote(StepJudgement step, Completion written, JudgeOptions options)
    {
        ArgumentNullException.ThrowIfNull(written);
        if (Next(step, options) is not JudgeAction.Generate)
            throw new InvalidOperationException($"step {step.Paragraph} is {step.Phase} and did not wait for the verifier");
        var wasAnalyzing = step.Phase == JudgingPhase.Analyzing;
        step = step with
        {
            Parts = step.Parts.Add(new(PartKind.Written, written.Text)),
            Continuations = step.Continuations + 1,
            AllTokens = step.AllTokens + written.Tokens,
            Tokens = wasAnalyzing ? 0 : step.Tokens + written.Tokens,
            Generations = wasAnalyzing ? 0 : step.Generations + 1,
        };
        if (wasAnalyzing)
            return AfterAnalysis(step, options);
        if (WrittenJudgement.Find(step.Parts) is { } judgement)
            return Judged(step, judgement);
        if (step.Phase == JudgingPhase.Forced)
            return WithoutJudgement(step, options);
        if (options is { Verify: true, Execute: true } && written.Text.EndsWith(BlockEnd, StringComparison.Ordinal))
            return WrittenJudgement.EndingCode(step.Parts) is { } code ? step with { PendingCode = code } : Feed(step, CodeFeedback.NoCode, null, BlockClass.NoCode, null, options);
        // Code that quotes an output part stops the model like one: it goes on with its code.
        if (written.Finish == FinishReason.StopString && WrittenJudgement.EndsInCode(step.Parts) && HasRoom(step, options))
            return step;
        return Force(step, options);
    }

    /// <summary>The waiting code has run.</summary>
    /// <exception cref="InvalidOperationException">No code was waiting.</exception>
    /// <exception cref="ArgumentException">The sandbox was lost: run the path's code again in another.</exception>
    public static StepJudgement Ran(StepJudgement step, SandboxOutcome outcome, JudgeOptions options)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(options);
        var code = step.PendingCode ?? throw new InvalidOperationException($"step {step.Paragraph} has no code to run");
        var (text, @class) = CodeFeedback.Of(outcome, options.OutputCharacters);
        outcome = outcome with { Output = CodeFeedback.Cut(outcome.Output, options.OutputCharacters) };
        return Feed(step with { PendingCode = null, RunCode = step.RunCode.Add(code) }, text, code, @class, outcome, options);
    }

    /// <summary>The probabilities have come.</summary>
    /// <param name="logProbabilities">Natural logs for <see cref="Yes"/> and <see cref="No"/>, before temperature and filters.</param>
    public static StepJudgement Scored(StepJudgement step, ImmutableArray<double> logProbabilities)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (step.Phase != JudgingPhase.Scoring || logProbabilities.Length != 2)
            throw new InvalidOperationException($"step {step.Paragraph} is {step.Phase} and was given {logProbabilities.Length} log probabilities");
        return step with { Phase = JudgingPhase.Ended, Reward = Reward(logProbabilities[0], logProbabilities[1]) };
    }

    /// <summary>p(Yes) / (p(Yes) + p(No)) from natural logs (eq. 5); 0.5 where neither is possible.</summary>
    public static double Reward(double logYes, double logNo) =>
        double.IsNegativeInfinity(logYes) && double.IsNegativeInfinity(logNo) ? 0.5 : 1 / (1 + Math.Exp(logNo - logYes));

    /// <summary>What a finished turn judges: the last Yes or No in a box of its output part; null where there is none.</summary>
    public static bool? VerdictOf(string turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return WrittenJudgement.Find(turn)?.Verdict;
    }

    /// <summary>The analysis alone: inside its tags, without the lead-in. Null where there is none. It is what a critic passes on.</summary>
    public static string? Analysis(StepJudgement step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var opening = ConversationForm.AnalyzeOpen + ConversationForm.AnalyzeLeadIn(step.Paragraph);
        var text = step.Text;
        var close = text.IndexOf("</analyze>", StringComparison.Ordinal);
        return text.StartsWith(opening, StringComparison.Ordinal) && close >= 0 && text[opening.Length..close].Trim() is { Length: > 0 } analysis ? analysis : null;
    }

    private static StepJudgement Open(StepJudgement step, JudgeOptions options)
    {
        var opening = options.Analyze ? $"{ConversationForm.AnalyzeOpen}{ConversationForm.AnalyzeLeadIn(step.Paragraph)} " : AfterAnalysisOpening(options);
        return step with { Phase = options.Analyze ? JudgingPhase.Analyzing : JudgingPhase.Verifying, Parts = [new(PartKind.Given, opening)] };
    }

    private static StepJudgement AfterAnalysis(StepJudgement step, JudgeOptions options)
    {
        var text = step.Text;
        var missing = text.EndsWith(ConversationForm.AnalyzeClose, StringComparison.Ordinal) ? ""
            : text.EndsWith("</analyze>", StringComparison.Ordinal) ? "\n"
            : $"\n{ConversationForm.AnalyzeClose}";
        return step with { Phase = JudgingPhase.Verifying, Parts = step.Parts.Add(new(PartKind.Given, missing + AfterAnalysisOpening(options))) };
    }

    private static string AfterAnalysisOpening(JudgeOptions options) =>
        options.Verify ? $"{ConversationForm.VerifyOpen}{ConversationForm.VerifyLeadIn}\n{CodeOpen}" : ConversationForm.JudgementOpen;

    private static StepJudgement Feed(StepJudgement step, string text, string? code, BlockClass @class, SandboxOutcome? outcome, JudgeOptions options)
    {
        step = step with { Parts = step.Parts.Add(new(PartKind.Fed, CodeFeedback.Fence(text), code, @class, outcome)) };
        return HasRoom(step, options) ? step : Force(step, options);
    }

    private static bool HasRoom(StepJudgement step, JudgeOptions options) => step.Generations < options.MaxGenerations && step.Tokens < options.Sampling.MaxNewTokens;

    /// <summary>Drops what stands behind the analysis and begins the output; without an analysis the code stays.</summary>
    private static StepJudgement Force(StepJudgement step, JudgeOptions options)
    {
        var text = step.Text;
        var behindAnalysis = options.Analyze ? text.IndexOf(ConversationForm.AnalyzeClose, StringComparison.Ordinal) + ConversationForm.AnalyzeClose.Length : -1;
        ImmutableArray<RationalePart> parts = options switch
        {
            { Analyze: true } => [new(PartKind.Given, text[..behindAnalysis] + ConversationForm.JudgementOpen)],
            { Verify: true } => step.Parts.Add(new(PartKind.Given, (text.EndsWith('\n') ? "" : "\n") + (WrittenJudgement.Said(step.Parts).TrimEnd().EndsWith("</verify>", StringComparison.Ordinal) ? "" : ConversationForm.VerifyClose) + ConversationForm.JudgementOpen)),
            _ => [new(PartKind.Given, ConversationForm.JudgementOpen)],
        };
        return step with { Phase = JudgingPhase.Forced, Parts = parts };
    }

    private static StepJudgement Judged(StepJudgement step, WrittenJudgement judgement)
    {
        // A turn that broke off behind its judgement is closed as all others are: later steps are judged behind it.
        var text = step.Text;
        var closing = "}$\n" + ConversationForm.OutputClose;
        var head = text[..judgement.Start] + (judgement.Verdict ? Yes : No);
        var parts = text == head + closing ? step.Parts : TrimTo(step.Parts, head.Length).Add(new(PartKind.Given, closing));
        return step with { Phase = JudgingPhase.Scoring, Verdict = judgement.Verdict, Parts = parts };
    }

    private static StepJudgement WithoutJudgement(StepJudgement step, JudgeOptions options)
    {
        if (step.Attempt > 0)
            return step with { Phase = JudgingPhase.Ended, Reward = 0.5, Parts = step.Text.EndsWith(ConversationForm.OutputClose, StringComparison.Ordinal) ? step.Parts : step.Parts.Add(new(PartKind.Given, "\n" + ConversationForm.OutputClose)) };
        return Open(
            new()
            {
                Paragraph = step.Paragraph,
                Attempt = step.Attempt + 1,
                Continuations = step.Continuations,
                AllTokens = step.AllTokens,
                RunCode = step.RunCode,
            },
            options);
    }

    private static ImmutableArray<RationalePart> TrimTo(ImmutableArray<RationalePart> parts, int length)
    {
        var kept = ImmutableArray.CreateBuilder<RationalePart>();
        foreach (var part in parts)
        {
            if (length <= 0)
                break;
            kept.Add(length >= part.Text.Length ? part : part with { Text = part.Text[..length] });
            length -= part.Text.Length;
        }

        return kept.ToImmutable();
    }
}
