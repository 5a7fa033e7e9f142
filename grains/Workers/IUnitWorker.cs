using GenPrm.Core.Execution;
using GenPrm.Core.Generation;
using GenPrm.Grains.Queues;

namespace GenPrm.Grains.Workers;

/// <summary>Does one kind of unit, outside any grain call.</summary>
internal interface IUnitWorker
{
    /// <summary>How many of the units' sizes it takes at once.</summary>
    int Capacity { get; }

    /// <exception cref="GenerationException">It would fail again in the same way.</exception>
    /// <exception cref="GeneratorUnavailableException">It is not the unit's fault, nor is <see cref="SandboxUnavailableException"/> unless code ends sandboxes.</exception>
    Task<WorkOutcome> DoAsync(Work work, CancellationToken cancellationToken);
}

/// <summary>Hands prompts to the generator.</summary>
internal sealed class GenerationWorker(IGenerator generator, WorkerOptions options) : IUnitWorker
{
    public int Capacity => options.Continuations;

    public async Task<WorkOutcome> DoAsync(Work work, CancellationToken cancellationToken)
    {
        var generate = (Work.Generate)work;
        return new WorkOutcome.Generated(await generator.GenerateAsync(generate.Request, cancellationToken), generate.Indices);
    }
}

/// <summary>Runs code blocks in the interpreters of their rationales.</summary>
internal sealed class ExecutionWorker(HeldInterpreters interpreters, WorkerOptions options) : IUnitWorker
{
    public int Capacity => options.Sandboxes;

    public async Task<WorkOutcome> DoAsync(Work work, CancellationToken cancellationToken)
    {
        var execute = (Work.Execute)work;
        return new WorkOutcome.Executed(await interpreters.RunAsync(execute.Rationale, execute.Blocks, execute.BlockTime, cancellationToken));
    }
}
