using System.Collections.Immutable;
using GenPrm.Core.Execution;

namespace GenPrm.Core.Rationales;

/// <summary>Who put a part of a rationale there.</summary>
public enum PartKind
{
    /// <summary>We: the beginning of the turn, the forced conclusion.</summary>
    Given,

    /// <summary>The judge.</summary>
    Written,

    /// <summary>The sandbox: a <c>[Code Output]</c> block.</summary>
    Fed,
}

/// <summary>What became of a code block of a rationale.</summary>
public enum BlockClass
{
    /// <summary>It ran to its end.</summary>
    Completed,

    /// <summary>It ran and raised an exception.</summary>
    Failed,

    /// <summary>It is no Python: nothing of it ran.</summary>
    SyntaxError,

    TimedOut,

    OutOfMemory,

    OutputTooLarge,

    /// <summary>A fenced block without Python in it; nothing was run.</summary>
    NoCode,
}

/// <summary>A stretch of a rationale from one hand. The stretches, joined, are the assistant's turn.</summary>
/// <param name="Kind">Whose hand.</param>
/// <param name="Text">The text.</param>
/// <param name="Code">For <see cref="PartKind.Fed"/>: the code that ran, or null where there was none.</param>
/// <param name="Block">For <see cref="PartKind.Fed"/>: what became of it.</param>
/// <param name="Outcome">For <see cref="PartKind.Fed"/>: what the sandbox said, its output cut at what may be fed back; null where nothing ran.</param>
[GenerateSerializer, Immutable, Alias("genprm.rationale-part")]
public sealed record RationalePart(
    [property: Id(0)] PartKind Kind,
    [property: Id(1)] string Text,
    [property: Id(2)] string? Code = null,
    [property: Id(3)] BlockClass? Block = null,
    [property: Id(4)] SandboxOutcome? Outcome = null);

/// <summary>How a rationale stands. All but <see cref="Writing"/> and <see cref="Concluding"/> are ends.</summary>
public enum RationaleClass
{
    /// <summary>It is being written.</summary>
    Writing,

    /// <summary>It is being made to name its index.</summary>
    Concluding,

    /// <summary>It named an index: -1, or one of the solution's paragraphs.</summary>
    Concluded,

    /// <summary>It ended without an index.</summary>
    NoIndex,

    /// <summary>What it named is no paragraph's index and not -1.</summary>
    BadIndex,

    /// <summary>Its length limit was reached, and it was not to be made to conclude.</summary>
    Cut,

    /// <summary>It wanted to run more code blocks than it may, and was not to be made to conclude.</summary>
    TooManyBlocks,

    /// <summary>Its text or what its code printed holds a special-token string of a model, which would end a turn where none ends.</summary>
    SpecialToken,

    /// <summary>It could not be made, for the reason that it keeps (a context too short, no sandbox to be had).</summary>
    Failed,
}

/// <summary>A critique in the making, or made. <see cref="RationaleLoop"/> moves it on.</summary>
[GenerateSerializer, Immutable, Alias("genprm.rationale")]
public sealed record Rationale
{
    /// <summary>The assistant's turn so far.</summary>
    [Id(0)] public ImmutableArray<RationalePart> Parts { get; init; } = [];

    [Id(1)] public RationaleClass Class { get; init; } = RationaleClass.Writing;

    /// <summary>A code block that was written and has not run.</summary>
    [Id(2)] public string? PendingCode { get; init; }

    /// <summary>Tokens generated.</summary>
    [Id(3)] public int Tokens { get; init; }

    /// <summary>How often the judge was asked to go on; numbers the next continuation's random stream.</summary>
    [Id(4)] public int Continuations { get; init; }

    /// <summary>For <see cref="RationaleClass.Concluded"/>: the first wrong paragraph, from 1, or -1.</summary>
    [Id(5)] public int? Index { get; init; }

    /// <summary>Why it ended as it did, where its class does not say all.</summary>
    [Id(6)] public string? Reason { get; init; }

    public bool HasEnded => Class is not (RationaleClass.Writing or RationaleClass.Concluding);

    /// <summary>The assistant's turn as one text.</summary>
    public string Text => string.Concat(Parts.Select(part => part.Text));

    /// <summary>The code that has run, in order; a fresh interpreter that runs it stands where the rationale's stood.</summary>
    public IEnumerable<string> RunCode => Parts.Where(part => part.Code is not null).Select(part => part.Code!);

    /// <summary>Ends it for a reason from outside.</summary>
    public Rationale Fail(string reason) => this with { Class = RationaleClass.Failed, PendingCode = null, Reason = reason };
}
