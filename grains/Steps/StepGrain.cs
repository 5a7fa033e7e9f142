using GenPrm.Core.Labels;
using GenPrm.Grains.Hosting;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Queues;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace GenPrm.Grains.Steps;

/// <summary>Asks for the completions that are missing and counts those that come, each once.</summary>
[GrainType("genprm.step"), Role(SiloRole.Coordinate), ActivationCountBasedPlacement]
internal sealed partial class StepGrain(
    [PersistentState("score", GrainStore.Provider)] IPersistentState<StateScore> score,
    ILogger<StepGrain> log) : Grain, IStepGrain
{
    private StepTask? task;

    public Task<StateScore> Score() => Task.FromResult(score.State);

    public Task Rest()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task Continue(StepTask task)
    {
        this.task = task;
        var missing = score.State.Missing(task.K);
        if (missing.IsEmpty)
        {
            await TellAsync(task, owner => owner.Scored(task.Step, score.State));
            return;
        }

        var units = WorkUnits.Generate(task.Context, task.Problem.Ordinal, this.GetGrainId(), $"{task.Name}/c", missing, task.Request);
        await GrainFactory.OfferAsync(task.Context.Spec.Models.Completer, units);
    }

    public async Task<Receipt> Deliver(string unit, WorkOutcome outcome)
    {
        if (outcome is WorkOutcome.Generated generated && !generated.Indices.Except(score.State.Completions.Select(fact => fact.Index)).Any())
            return Receipt.Dropped;
        if (task is null)
            return GrainFactory.AskForTask(this.GetPrimaryKeyString());
        if (outcome is WorkOutcome.Failed failed)
        {
            await TellAsync(task, owner => owner.ScoreFailed(task.Step, failed.Reason));
            return Receipt.Taken;
        }

        var stated = task.Context.Parameters.StatedAnswers;
        var facts = ((WorkOutcome.Generated)outcome).Numbered().Select(one => CompletionFact.Read(one.Index, one.Completion, task.Problem.Answer, stated));
        var next = score.State.Apply(facts);
        await score.CommitAsync(next, this);
        if (next.Missing(task.K).IsEmpty)
            await TellAsync(task, owner => owner.Scored(task.Step, next));
        return Receipt.Taken;
    }

    /// <summary>Tells the owner what is stored already. A message that does not get through is repeated when the owner asks again.</summary>
    private async Task TellAsync(StepTask task, Func<IScoreOwner, Task> tell)
    {
        try
        {
            await tell(GrainFactory.GetGrain(task.Owner).AsReference<IScoreOwner>());
        }
        catch (Exception trouble)
        {
            LogUntold(task.Name, trouble.Message);
        }
    }

    [LoggerMessage(LogLevel.Debug, "{StepName}: its owner was not reached and will ask again: {Trouble}")]
    private partial void LogUntold(string stepName, string trouble);
}
