using GenPrm.Core.Identity;
using GenPrm.Core.Jobs;
using GenPrm.Core.Rationales;
using GenPrm.Grains.Hosting;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Queues;
using GenPrm.Grains.Rollouts;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace GenPrm.Grains.Rationales;

/// <summary>Moves one <see cref="Rationale"/> on by <see cref="RationaleLoop"/>, a unit of the judge's or the sandbox's queue at a time.</summary>
[GrainType("genprm.rationale"), Role(SiloRole.Coordinate), ActivationCountBasedPlacement]
internal sealed partial class RationaleGrain(
    [PersistentState("rationale", GrainStore.Provider)] IPersistentState<Rationale> rationale,
    ILogger<RationaleGrain> log) : Grain, IRationaleGrain
{
    private RationaleTask? task;
    private bool halted;

    public Task<Rationale> Read() => Task.FromResult(rationale.State);

    public Task Continue(RationaleTask task)
    {
        this.task = task;
        halted = false;
        return GoOnAsync(task);
    }

    public Task Halt()
    {
        halted = true;
        return Task.CompletedTask;
    }

    public Task Rest()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task<Receipt> Deliver(string unit, WorkOutcome outcome)
    {
        if (rationale.State.HasEnded)
            return Receipt.Dropped;
        if (task is null)
            return GrainFactory.AskForTask(this.GetPrimaryKeyString());
        if (unit != AwaitedUnit(task))
            return Receipt.Dropped;
        if (outcome is WorkOutcome.Failed { Permanent: false } tired)
        {
            await RolloutOf(task).RationaleFailed(task.Index, tired.Reason);
            return Receipt.Taken;
        }

        var (parameters, special) = (task.Context.Parameters.Rationales, task.Context.Spec.SpecialTokens);
        await rationale.CommitAsync(outcome switch
        {
            WorkOutcome.Generated generated => RationaleLoop.Wrote(Begun(task), generated.Result.Completions[0], task.Steps.Length, parameters, special),
            WorkOutcome.Executed executed => RationaleLoop.Ran(Begun(task), executed.Outcome, task.Steps.Length, parameters, special),
            WorkOutcome.Failed failed => Begun(task).Fail(failed.Reason),
            _ => throw new ArgumentException($"A rationale can do nothing with {outcome.GetType().Name}.", nameof(outcome)),
        }, this);
        if (!halted)
            await GoOnAsync(task);
        return Receipt.Taken;
    }

    /// <summary>Asks for what is needed next, or tells that there is nothing more. What was reached is stored: if this fails, the rollout asks again.</summary>
    private async Task GoOnAsync(RationaleTask task)
    {
        try
        {
            switch (Next(task))
            {
                case RationaleAction.Generate go:
                    await GrainFactory.OfferAsync(task.Context.Spec.Models.Judge, [UnitOf(task, new Work.Generate(
                        UnitRequests.Rationale(task.Context.Spec, task.Problem, task.Rollout, task.Steps, task.Index, go), [go.Continuation]))]);
                    break;
                case RationaleAction.Run run:
                    await GrainFactory.GetGrain<IWorkQueueGrain>(IWorkQueueGrain.Sandbox)
                        .Offer([UnitOf(task, new Work.Execute(this.GetPrimaryKeyString(), run.Blocks, task.Context.Parameters.Rationales.BlockTime))]);
                    break;
                default:
                    await RolloutOf(task).RationaleEnded(task.Index, rationale.State);
                    break;
            }
        }
        catch (Exception trouble)
        {
            LogStopped(task.Name, trouble.Message);
        }
    }

    private WorkUnit UnitOf(RationaleTask task, Work work) =>
        new(AwaitedUnit(task)!, task.Context.Job, task.Problem.Ordinal, this.GetGrainId(), work);

    /// <summary>The one unit that can move the rationale on: a result of any other came twice or too late.</summary>
    private string? AwaitedUnit(RationaleTask task) => Next(task) switch
    {
        RationaleAction.Generate go => GrainKeys.Part(task.Context.Job, UnitName.Continuation(task.Name, go.Continuation)),
        RationaleAction.Run run => GrainKeys.Part(task.Context.Job, $"{task.Name}/x{run.Blocks.Length}"),
        _ => null,
    };

    private RationaleAction Next(RationaleTask task) => RationaleLoop.Next(Begun(task), task.Context.Parameters.Rationales);

    private Rationale Begun(RationaleTask task) =>
        rationale.State.Parts.IsEmpty && !rationale.State.HasEnded ? RationaleLoop.Begin(task.Context.Parameters.Rationales) : rationale.State;

    private IRolloutGrain RolloutOf(RationaleTask task) =>
        GrainFactory.GetGrain<IRolloutGrain>(GrainKeys.Part(task.Context.Job, UnitName.Rollout(task.Problem.Ordinal, task.Rollout)));

    [LoggerMessage(LogLevel.Debug, "{RationaleName} stands still until it is asked again: {Trouble}")]
    private partial void LogStopped(string rationaleName, string trouble);
}
