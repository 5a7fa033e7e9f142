using System.Collections.Immutable;
using GenPrm.Core.Identity;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Rationales;
using GenPrm.Core.Rollouts;
using GenPrm.Core.Samples;
using GenPrm.Grains.Hosting;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Log;
using GenPrm.Grains.Problems;
using GenPrm.Grains.Rationales;
using GenPrm.Grains.Steps;
using GenPrm.Grains.Views;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace GenPrm.Grains.Rollouts;

/// <summary>Has steps scored and critiques written, and decides for each labelling which critiques become samples.</summary>
[GrainType("genprm.rollout"), Role(SiloRole.Coordinate), ActivationCountBasedPlacement]
internal sealed partial class RolloutGrain(
    [PersistentState("rollout", GrainStore.Provider)] IPersistentState<RolloutState> state,
    ILogger<RolloutGrain> log) : Grain, IRolloutGrain, IRolloutViews
{
    private readonly HashSet<int> asked = [];
    private readonly Dictionary<int, Rationale> rationales = [];
    private ImmutableArray<Step> steps = [];
    private StateScore[] scores = [];
    private RolloutTask? task;
    private bool halted;

    public async Task Continue(RolloutTask task)
    {
        this.task = task;
        halted = false;
        asked.Clear();
        if (state.State.Rollout is null)
            await state.CommitAsync(state.State.Keep(task), this);
        await ReadPartsAsync(task.Context.Parameters.Rationales.PerRollout, again: false);
        await GoOnAsync(task);
    }

    public Task Halt()
    {
        halted = true;
        foreach (var index in rationales.Keys)
            RationaleOf(index).Halt().Ignore();
        return Task.CompletedTask;
    }

    public Task Scored(int step, StateScore score)
    {
        if (task is null)
            return Task.CompletedTask;
        scores[step - 1] = score;
        return GoOnAsync(task);
    }

    public Task RationaleEnded(int index, Rationale rationale)
    {
        if (task is null)
            return Task.CompletedTask;
        rationales[index] = rationale;
        return GoOnAsync(task);
    }

    public Task ScoreFailed(int step, string reason) => FailAsync($"step {step} could not be estimated: {reason}");

    public Task RationaleFailed(int index, string reason) => FailAsync($"rationale v{index} could not be written: {reason}");

    public async Task<RolloutView?> View() => await RowsAsync() is { } rows ? rows.View() : null;

    public async Task<StepView?> ViewStep(int step) =>
        await RowsAsync() is { } rows && step >= 1 && step <= steps.Length ? rows.Step(step, whole: true) : null;

    private async Task GoOnAsync(RolloutTask task)
    {
        if (!halted && state.State.EndedPass < task.Context.Pass)
        {
            Ask(task);
            await DecideAsync(task);
        }

        await TellAsync(task);
    }

    /// <summary>Asks, once a sweep, for the scores and critiques that are needed now.</summary>
    private void Ask(RolloutTask task)
    {
        var (context, problem, kept) = (task.Context, task.Problem, state.State);
        var k = context.Parameters.Completions.K.For(kept.PassAtOne);
        foreach (var step in StepPlan.Next(scores, k, kept.Correct, context.Parameters.Completions.Ahead).Where(asked.Add))
        {
            StepOf(step).Continue(new(context, problem, kept.Rollout!.Index, steps, step, k, this.GetGrainId())).Ignore();
        }

        foreach (var (index, rationale) in rationales)
        {
            if (!rationale.HasEnded && asked.Add(-1 - index))
                RationaleOf(index).Continue(new(context, problem, kept.Rollout!.Index, steps, index)).Ignore();
        }
    }

    /// <summary>Decides what can be decided. Samples go to the log first: it knows them by their ids, so a crash between the two writes repeats nothing.</summary>
    private async Task DecideAsync(RolloutTask task)
    {
        var next = state.State;
        foreach (var labelling in task.Context.Labellings)
        {
            if (next.LabelsOf(labelling, task.Start, scores) is not { } labels)
                continue;
            foreach (var (index, rationale) in rationales)
            {
                if (rationale.HasEnded && next.Labelled.GetValueOrDefault(labelling.Number)?.Samples.ContainsKey(index) != true)
                    next = next.Decide(labels, index, await SampleAsync(task, labels, index, rationale));
            }
        }

        if (next.IsDecided(task.Context.Labellings, rationales.Count) && StepPlan.Next(scores, K(task), next.Correct, 0).IsEmpty)
            next = next with { EndedPass = task.Context.Pass };
        await state.CommitAsync(next, this);
    }

    private async Task<SampleRecord> SampleAsync(RolloutTask task, RolloutLabels labels, int index, Rationale rationale)
    {
        var id = new SampleId(task.Context.Job, labels.Labelling, task.Problem.Ordinal, task.Rollout.Index, index);
        var outcome = SampleBuilder.Build(id, task.Problem, steps, labels, rationale);
        if (outcome is not SampleOutcome.Accepted accepted)
            return new(outcome.Class, (outcome as SampleOutcome.Discarded)?.Reason, 0);
        var samples = GrainFactory.GetGrain<ISampleLogGrain>(ISampleLogGrain.KeyOf(task.Context.Job, labels.Labelling));
        return new(outcome.Class, null, await samples.Append(accepted.Sample));
    }

    /// <summary>Tells the problem how things stand. A message that does not get through is repeated with the next change or sweep.</summary>
    private async Task TellAsync(RolloutTask task)
    {
        try
        {
            await ProblemOf(task).RolloutReported(state.State.Report(task.Context, scores, rationales));
            if (state.State.EndedPass >= task.Context.Pass)
                Rest();
        }
        catch (Exception trouble)
        {
            LogUntold(UnitName.Rollout(task.Problem.Ordinal, task.Rollout.Index), trouble.Message);
        }
    }

    /// <summary>Leaves memory with all parts: memory is for the window, and what has ended is read again when somebody looks at it.</summary>
    private void Rest()
    {
        foreach (var step in steps)
            StepOf(step.Number).Rest().Ignore();
        foreach (var index in rationales.Keys)
            RationaleOf(index).Rest().Ignore();
        DeactivateOnIdle();
    }

    private Task FailAsync(string reason) =>
        task is null ? Task.CompletedTask : ProblemOf(task).PartFailed($"rollout r{task.Rollout.Index}: {reason}");

    private static int K(RolloutTask task) => task.Context.Parameters.Completions.K.For(task.PassAtOne);

    private IProblemGrain ProblemOf(RolloutTask task) => GrainFactory.GetGrain<IProblemGrain>(GrainKeys.Problem(task.Context.Job, task.Problem.Ordinal));

    private IStepGrain StepOf(int step) => GrainFactory.GetGrain<IStepGrain>($"{this.GetPrimaryKeyString()}/s{step}");

    private IRationaleGrain RationaleOf(int index) => GrainFactory.GetGrain<IRationaleGrain>($"{this.GetPrimaryKeyString()}/v{index}");

    /// <summary>Reads what steps and rationales have stored.</summary>
    private async Task ReadPartsAsync(int rationaleCount, bool again)
    {
        if (steps.IsEmpty || again)
        {
            steps = state.State.Rollout!.Split().Steps;
            scores = await Task.WhenAll(steps.Select(step => StepOf(step.Number).Score()));
        }

        for (var index = 0; index < rationaleCount; index++)
        {
            if (again || !rationales.ContainsKey(index))
                rationales[index] = await RationaleOf(index).Read();
        }
    }

    private async Task<RolloutRows?> RowsAsync()
    {
        var job = GrainFactory.GetGrain<IJobGrain>(GrainKeys.JobOf(this.GetPrimaryKeyString()));
        if (state.State.Rollout is null || await job.Request() is not { } request)
            return null;
        await ReadPartsAsync(request.Spec.Parameters.Rationales.PerRollout, again: true);
        return new(state.State, steps, scores, rationales, await job.Labellings(), request.Spec);
    }

    [LoggerMessage(LogLevel.Debug, "{RolloutName}: its problem was not reached and will ask again: {Trouble}")]
    private partial void LogUntold(string rolloutName, string trouble);
}
