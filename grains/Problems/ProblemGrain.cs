using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rollouts;
using GenPrm.Grains.Hosting;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Queues;
using GenPrm.Grains.Rollouts;
using GenPrm.Grains.Steps;
using GenPrm.Grains.Views;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace GenPrm.Grains.Problems;

/// <summary>Samples rollouts in rounds by <see cref="RoundPlan"/>, sees the kept ones to their ends, and tells its page and its job.</summary>
[GrainType("genprm.problem"), Role(SiloRole.Coordinate), ActivationCountBasedPlacement]
internal sealed partial class ProblemGrain(
    [PersistentState("progress", GrainStore.Provider)] IPersistentState<ProblemProgress> progress,
    [PersistentState("sampling", GrainStore.Provider)] IPersistentState<ProblemSampling> sampling,
    ILogger<ProblemGrain> log) : Grain, IProblemGrain, IProblemViews
{
    private JobContext? context;
    private StateScore start = StateScore.Empty;
    private bool halted;

    private Problem Problem => progress.State.Problem!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (sampling.State.PassAtOne is not null)
            start = await StartGrain().Score();
    }

    public Task Put(Problem problem) => progress.CommitAsync(progress.State.Put(problem), this);

    public Task Forgive() => progress.CommitAsync(progress.State.Forgive(), this);

    public async Task Continue(JobContext context)
    {
        this.context = context;
        halted = false;
        await GoOnAsync(context, sweep: true);
    }

    public Task Halt()
    {
        halted = true;
        HaltRollouts();
        return Task.CompletedTask;
    }

    public async Task<Receipt> Deliver(string unit, WorkOutcome outcome)
    {
        if (outcome is WorkOutcome.Generated generated && !generated.Indices.Except(sampling.State.Facts.Select(fact => fact.Index)).Any())
            return Receipt.Dropped;
        if (context is null)
            return GrainFactory.AskForTask(this.GetPrimaryKeyString());
        if (outcome is WorkOutcome.Failed failed)
        {
            await PartFailed($"rollouts could not be sampled: {failed.Reason}");
            return Receipt.Taken;
        }

        var (parameters, special) = (context.Parameters, context.Spec.SpecialTokens);
        var next = ((WorkOutcome.Generated)outcome).Numbered().Aggregate(sampling.State, (sum, one) =>
            sum.Apply(RolloutReader.Read(one.Index, one.Completion, Problem.Answer, parameters, special), parameters.Rollouts));
        await sampling.CommitAsync(next, this);
        await GoOnSafelyAsync(context);
        return Receipt.Taken;
    }

    public async Task RolloutReported(RolloutReport report)
    {
        var next = progress.State.Take(report);
        if (ReferenceEquals(next, progress.State) || context is null)
            return;
        await progress.CommitAsync(next, this);
        await GoOnSafelyAsync(context);
    }

    public async Task Scored(int step, StateScore score)
    {
        var isNew = score.Completions.Length > start.Completions.Length;
        start = score;
        if (context is not null && isNew)
            await GoOnAsync(context, sweep: true);
    }

    public Task ScoreFailed(int step, string reason) => PartFailed($"the bare problem could not be scored: {reason}");

    public async Task PartFailed(string reason)
    {
        if (context is null || halted || progress.State.EndedPass >= context.Pass)
            return;
        await EndAsync(context, ProblemClass.Failed, reason);
        HaltRollouts();
    }

    public Task<ProblemView?> View() => Task.FromResult(progress.State.Problem is null ? null : ProblemRows.View(progress.State, sampling.State, start, context));

    /// <summary>Whatever is told of is stored by now: a failure here is mended by the next sweep and must not make a worker deliver again.</summary>
    private async Task GoOnSafelyAsync(JobContext context)
    {
        try
        {
            await GoOnAsync(context, sweep: false);
        }
        catch (Exception trouble)
        {
            LogStopped(Problem.Ordinal, trouble.Message);
        }
    }

    private async Task GoOnAsync(JobContext context, bool sweep)
    {
        if (progress.State.EndedPass >= context.Pass)
        {
            if (sweep)
                await TellAsync(context);
            return;
        }

        if (progress.State.Class == ProblemClass.Failed)
        {
            await EndAsync(context, ProblemClass.Failed, progress.State.Reason);
            return;
        }

        if (halted)
            return;
        switch (RoundPlan.Next(sampling.State, context.Parameters.Rollouts))
        {
            case SamplingDecision.Sample missing:
                await progress.CommitAsync(progress.State.Sampling(), this);
                await SampleAsync(context, missing);
                await TellAsync(context);
                break;
            case SamplingDecision.Discard discard:
                await EndAsync(context, discard.Class, discard.Reason);
                break;
            case SamplingDecision.Keep keep:
                await KeepAsync(context, keep, sweep);
                break;
        }
    }

    private Task SampleAsync(JobContext context, SamplingDecision.Sample missing)
    {
        var units = WorkUnits.Generate(context, Problem.Ordinal, this.GetGrainId(), $"{Problem.Ordinal}/r", missing.Indices,
            indices => UnitRequests.Rollouts(context.Spec, Problem, indices));
        return GrainFactory.OfferAsync(context.Spec.Models.Policy, units);
    }

    private async Task KeepAsync(JobContext context, SamplingDecision.Keep keep, bool sweep)
    {
        var isNew = progress.State.Class != ProblemClass.Estimating;
        await sampling.CommitAsync(sampling.State.End(keep), this);
        await progress.CommitAsync(progress.State.Keep(keep.Indices), this);
        var k = context.Parameters.Completions.K.For(keep.PassAtOne);
        var startIsMissing = context.Parameters.Completions.ScoreStart && !start.Missing(k).IsEmpty;
        if (isNew || sweep)
        {
            if (startIsMissing)
                StartGrain().Continue(new(context, Problem, -1, [], 0, k, this.GetGrainId())).Ignore();
            foreach (var index in keep.Indices.Where(index => !(progress.State.Reports.GetValueOrDefault(index)?.EndedPass >= context.Pass)))
                RolloutOf(index).Continue(new(context, Problem, sampling.State.Held.First(held => held.Index == index), keep.PassAtOne, start)).Ignore();
        }

        if (!startIsMissing && progress.State.HaveKeptEnded(context.Pass))
            await EndAsync(context, ProblemClass.Done, null);
        else
            await TellAsync(context);
    }

    private async Task EndAsync(JobContext context, ProblemClass @class, string? reason)
    {
        await progress.CommitAsync(progress.State.End(@class, reason, context.Pass), this);
        LogEnded(Problem.Ordinal, @class, reason);
        await TellAsync(context);
    }

    /// <summary>Tells the page how things stand, and the job when the problem has ended. Both are stored here already.</summary>
    private async Task TellAsync(JobContext context)
    {
        await GrainFactory.GetGrain<IProblemPageGrain>(IProblemPageGrain.KeyOf(context.Job, Problem.Ordinal))
            .Report(progress.State.Report(sampling.State, start, context.Pass));
        if (progress.State.EndedPass < context.Pass)
            return;
        await GrainFactory.GetGrain<IJobParts>(context.Job).ProblemEnded(Problem.Ordinal, context.Pass);
        // Memory is for the window: what has ended is read again when somebody looks at it.
        DeactivateOnIdle();
    }

    private void HaltRollouts()
    {
        foreach (var index in progress.State.Kept)
            RolloutOf(index).Halt().Ignore();
    }

    private IStepGrain StartGrain() => GrainFactory.GetGrain<IStepGrain>($"{this.GetPrimaryKeyString()}/s0");

    private IRolloutGrain RolloutOf(int index) => GrainFactory.GetGrain<IRolloutGrain>($"{this.GetPrimaryKeyString()}/r{index}");

    [LoggerMessage(LogLevel.Information, "Problem {ProblemId} ended {Class} {Reason}")]
    private partial void LogEnded(int problemId, ProblemClass @class, string? reason);

    [LoggerMessage(LogLevel.Debug, "Problem {ProblemId} stands still until the next sweep: {Trouble}")]
    private partial void LogStopped(int problemId, string trouble);
}
