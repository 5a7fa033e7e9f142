using System.Collections.Immutable;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;

namespace GenPrm.Core.Rationales;

/// <summary>What a rationale needs next. Closed.</summary>
public abstract record RationaleAction
{
    private RationaleAction()
    {
    }

    /// <summary>The judge is to go on from here.</summary>
    /// <param name="Prefill">The assistant's turn so far.</param>
    /// <param name="Sampling">With the tokens that are left, and the stop strings.</param>
    /// <param name="Continuation">The number of this continuation, for its random stream.</param>
    public sealed record Generate(string Prefill, Sampling Sampling, int Continuation) : RationaleAction;

    /// <summary>The last block is to run in an interpreter that has run the ones before it.</summary>
    public sealed record Run(ImmutableArray<string> Blocks) : RationaleAction;

    /// <summary>Nothing: it has ended.</summary>
    public sealed record Nothing : RationaleAction;
}

/// <summary>The judge's loop as a pure state machine: write up to the end of a code block, run it, append what it printed, go on (section 5).</summary>
/// <remarks>Code output is kept apart from what the judge wrote, so that nothing that was printed, and nothing that the judge made up, is ever taken for
/// the other.</remarks>
public static class RationaleLoop
{
    private const int ConclusionTokens = 16;

    /// <summary>A rationale that nobody has written at yet.</summary>
    public static Rationale Begin(RationaleParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new() { Parts = [new(PartKind.Given, parameters.Reasoning ? JudgePrompt.ReasoningPrefill : JudgePrompt.PlainPrefill)] };
    }

    public static RationaleAction Next(Rationale rationale, RationaleParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(rationale);
        ArgumentNullException.ThrowIfNull(parameters);
        if (rationale.HasEnded)
            return new RationaleAction.Nothing();
        if (rationale.PendingCode is { } code)
            return new RationaleAction.Run([.. rationale.RunCode, code]);
        var sampling = rationale.Class == RationaleClass.Concluding
            ? parameters.Sampling with { MaxNewTokens = ConclusionTokens, StopStrings = ["}"] }
            : parameters.Sampling with
            {
                MaxNewTokens = parameters.Sampling.MaxNewTokens - rationale.Tokens,
                StopStrings = parameters is { Reasoning: true, ForceConclusion: true } ? JudgePrompt.BlockEnds.Add(JudgePrompt.ThinkEnd) : JudgePrompt.BlockEnds,
            };
        return new RationaleAction.Generate(rationale.Text, sampling with { KeepStopString = true }, rationale.Continuations);
    }

    /// <summary>The judge went on.</summary>
    /// <param name="rationale">As it was when it was asked for.</param>
    /// <param name="written">What came.</param>
    /// <param name="paragraphs">How many paragraphs the solution has.</param>
    /// <param name="parameters">The job's.</param>
    /// <param name="specialTokens">Special-token strings of the job's models.</param>
    /// <exception cref="InvalidOperationException">The rationale did not wait for the judge.</exception>
    public static Rationale Wrote(Rationale rationale, Completion written, int paragraphs, RationaleParameters parameters, ImmutableArray<string> specialTokens)
    {
        ArgumentNullException.ThrowIfNull(written);
        if (Next(rationale, parameters) is not RationaleAction.Generate)
            throw new InvalidOperationException($"a rationale that is {rationale.Class} with {(rationale.PendingCode is null ? "no " : "")}code to run did not wait for the judge");

        var wasConcluding = rationale.Class == RationaleClass.Concluding;
        rationale = rationale with
        {
            Parts = rationale.Parts.Add(new(PartKind.Written, written.Text)),
            Tokens = rationale.Tokens + written.Tokens,
            Continuations = rationale.Continuations + 1,
        };
        if (ControlTokens.FirstInOwnTurn(written.Text, specialTokens) is { } token)
            return rationale with { Class = RationaleClass.SpecialToken, Reason = $"the judge wrote {token}" };
        if (wasConcluding)
            return Conclude(rationale, written.Text.Split('}')[0], paragraphs);

        if (RationaleText.EndingBlock(rationale) is { } block)
        {
            rationale = EndLine(rationale, block.Behind);
            if (rationale.RunCode.Count() >= parameters.MaxBlocks && block.Code is not null)
                return End(rationale, RationaleClass.TooManyBlocks, paragraphs, parameters);
            rationale = block.Code is { } code ? rationale with { PendingCode = code } : Feed(rationale, CodeFeedback.NoCode, null, BlockClass.NoCode, null);
            return rationale.Tokens < parameters.Sampling.MaxNewTokens || rationale.PendingCode is not null
                ? rationale
                : End(rationale, RationaleClass.Cut, paragraphs, parameters);
        }

        return written.Finish switch
        {
            FinishReason.Length => End(rationale, RationaleClass.Cut, paragraphs, parameters),
            FinishReason.EndToken => End(rationale, RationaleClass.NoIndex, paragraphs, parameters),
            _ when written.Text.EndsWith(JudgePrompt.ThinkEnd, StringComparison.Ordinal) => End(rationale, RationaleClass.NoIndex, paragraphs, parameters),
            _ when rationale.Tokens >= parameters.Sampling.MaxNewTokens => End(rationale, RationaleClass.Cut, paragraphs, parameters),
            _ => rationale, // Stopped at the opening of an untagged block: it goes on.
        };
    }

    /// <summary>The waiting block has run.</summary>
    /// <exception cref="InvalidOperationException">No block was waiting.</exception>
    /// <exception cref="ArgumentException">The sandbox was lost: run the blocks again.</exception>
    public static Rationale Ran(Rationale rationale, SandboxOutcome outcome, int paragraphs, RationaleParameters parameters, ImmutableArray<string> specialTokens)
    {
        ArgumentNullException.ThrowIfNull(rationale);
        ArgumentNullException.ThrowIfNull(parameters);
        var code = rationale.PendingCode ?? throw new InvalidOperationException("the rationale has no code to run");
        var (text, @class) = CodeFeedback.Of(outcome, parameters.OutputCharacters);
        rationale = Feed(rationale with { PendingCode = null }, text, code, @class, outcome with { Output = CodeFeedback.Cut(outcome.Output, parameters.OutputCharacters) });
        if (ControlTokens.FirstIn(text, specialTokens) is { } token)
            return rationale with { Class = RationaleClass.SpecialToken, Reason = $"the code printed {token}" };
        return rationale.Tokens < parameters.Sampling.MaxNewTokens ? rationale : End(rationale, RationaleClass.Cut, paragraphs, parameters);
    }

    private static Rationale Feed(Rationale rationale, string text, string? code, BlockClass @class, SandboxOutcome? outcome) =>
        rationale with { Parts = rationale.Parts.Add(new(PartKind.Fed, CodeFeedback.Fence(text), code, @class, outcome)) };

    /// <summary>Cuts the last written part behind its closing fence and ends the fence's line, where the judge did not.</summary>
    private static Rationale EndLine(Rationale rationale, int surplus)
    {
        var last = rationale.Parts[^1];
        var text = last.Text[..^surplus];
        return rationale with { Parts = rationale.Parts.SetItem(rationale.Parts.Length - 1, last with { Text = text.EndsWith('\n') ? text : text + "\n" }) };
    }

    /// <summary>The judge has ended, or must: an index that it wrote counts, else it is made to name one, else the class says what was missing.</summary>
    private static Rationale End(Rationale rationale, RationaleClass without, int paragraphs, RationaleParameters parameters)
    {
        if (RationaleText.WrittenIndex(rationale) is { } index)
            return Conclude(rationale, index, paragraphs);
        if (!parameters.ForceConclusion)
            return rationale with { Class = without };
        var think = parameters.Reasoning && !RationaleText.HasEndedThinking(rationale) ? $"\n{JudgePrompt.ThinkEnd}" : "";
        return rationale with
        {
            Class = RationaleClass.Concluding,
            Reason = without == RationaleClass.NoIndex ? null : $"made to conclude: {ClassCounts.NameOf(without)}",
            Parts = rationale.Parts.Add(new(PartKind.Given, $"{think}\n\n{JudgePrompt.Conclusion}")),
        };
    }

    private static Rationale Conclude(Rationale rationale, string named, int paragraphs) => JudgeIndex.Parse(named) switch
    {
        { } index when index == -1 || (index >= 1 && index <= paragraphs) => rationale with { Class = RationaleClass.Concluded, Index = index },
        _ => rationale with { Class = RationaleClass.BadIndex, Reason = $"the judge named '{named}', which is not -1 and not 1 to {paragraphs}" },
    };
}
