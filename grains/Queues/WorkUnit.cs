using System.Collections.Immutable;
using GenPrm.Core.Execution;
using GenPrm.Core.Generation;

namespace GenPrm.Grains.Queues;

/// <summary>One piece of generation or execution that a grain asks for and a worker does.</summary>
/// <param name="Id">Its durable identity, such as <c>sums/17/r3/s2/c1-32</c>: asking twice for the same id queues it once.</param>
/// <param name="Job">The job it belongs to: jobs take turns in a queue.</param>
/// <param name="Problem">The problem's ordinal: within a job the lowest goes first, so that problems that were begun are finished.</param>
/// <param name="Owner">The grain that asked and takes the result, an <see cref="IUnitOwner"/>.</param>
/// <param name="Work">What is to be done.</param>
[GenerateSerializer, Immutable, Alias("genprm.work-unit")]
public sealed record WorkUnit(
    [property: Id(0)] string Id,
    [property: Id(1)] string Job,
    [property: Id(2)] int Problem,
    [property: Id(3)] GrainId Owner,
    [property: Id(4)] Work Work);

/// <summary>What a worker is to do.</summary>
[GenerateSerializer, Immutable, Alias("genprm.work")]
public abstract record Work
{
    private Work()
    {
    }

    /// <summary>How much of a worker's capacity it takes: continuations, or sandboxes.</summary>
    public abstract int Size { get; }

    /// <summary>Make the continuations of a request.</summary>
    /// <param name="Request">What is continued, with a seed for each continuation.</param>
    /// <param name="Indices">The continuations' numbers at their owner, in the order of the seeds.</param>
    [GenerateSerializer, Immutable, Alias("genprm.work.generate")]
    public sealed record Generate([property: Id(0)] GenerationRequest Request, [property: Id(1)] ImmutableArray<int> Indices) : Work
    {
        public override int Size => Request.Seeds.Length;
    }

    /// <summary>Run the last of a rationale's blocks, after the earlier ones in the same interpreter.</summary>
    /// <param name="Rationale">The rationale's identity: a worker that still holds its interpreter runs only the last block.</param>
    /// <param name="Blocks">All its code blocks so far, at least one.</param>
    /// <param name="BlockTime">The time a block may take.</param>
    [GenerateSerializer, Immutable, Alias("genprm.work.execute")]
    public sealed record Execute([property: Id(0)] string Rationale, [property: Id(1)] ImmutableArray<string> Blocks, [property: Id(2)] TimeSpan BlockTime) : Work
    {
        public override int Size => 1;
    }
}

/// <summary>What became of a unit.</summary>
[GenerateSerializer, Immutable, Alias("genprm.work-outcome")]
public abstract record WorkOutcome
{
    private WorkOutcome()
    {
    }

    /// <summary>The continuations, in the order of the request's seeds.</summary>
    /// <param name="Result">What was written.</param>
    /// <param name="Indices">The continuations' numbers, as they were asked for.</param>
    [GenerateSerializer, Immutable, Alias("genprm.work-outcome.generated")]
    public sealed record Generated([property: Id(0)] GenerationResult Result, [property: Id(1)] ImmutableArray<int> Indices) : WorkOutcome
    {
        /// <summary>Each continuation with its number.</summary>
        public IEnumerable<(int Index, Completion Completion)> Numbered() => Indices.Zip(Result.Completions);
    }

    /// <summary>What the last block did.</summary>
    [GenerateSerializer, Immutable, Alias("genprm.work-outcome.executed")]
    public sealed record Executed([property: Id(0)] SandboxOutcome Outcome) : WorkOutcome;

    /// <summary>It can not be done.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Permanent">It would fail again in the same way; else it was tried as often as it may be.</param>
    [GenerateSerializer, Immutable, Alias("genprm.work-outcome.failed")]
    public sealed record Failed([property: Id(0)] string Reason, [property: Id(1)] bool Permanent) : WorkOutcome;
}

/// <summary>What a unit's owner did with a result.</summary>
public enum Receipt
{
    /// <summary>It was the first, and is stored.</summary>
    Taken,

    /// <summary>It was not wanted: a result was there already.</summary>
    Dropped,

    /// <summary>The owner was just woken and does not know its task yet: deliver again in a moment.</summary>
    Later,
}

/// <summary>A grain that asks for work.</summary>
[Alias("genprm.IUnitOwner")]
public interface IUnitOwner : IGrainWithStringKey
{
    /// <summary>Takes a unit's outcome; the first one counts.</summary>
    [Alias("Deliver")]
    Task<Receipt> Deliver(string unit, WorkOutcome outcome);
}
