using System.Collections.Immutable;
using GenPrm.Core.Equality;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Core.Rollouts;
using GenPrm.Grains.Hosting;
using GenPrm.Grains.Problems;
using GenPrm.Grains.Queues;
using GenPrm.Grains.Views;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace GenPrm.Grains.Jobs;

/// <summary>Keeps a window of problems going, by sweeps: each sweep asks every problem in flight to go on, which asks its rollouts, which ask their steps. That
/// mends whatever was lost, so nobody else has to remember what he asked for. Never waits for a problem, so problems may wait for it.</summary>
[GrainType("genprm.job"), Role(SiloRole.Coordinate), ActivationCountBasedPlacement]
internal sealed partial class JobGrain(
    [PersistentState("job", GrainStore.Provider)] IPersistentState<JobRecord> stored,
    GrainsOptions options,
    TimeProvider time,
    ILogger<JobGrain> log) : Grain, IJobGrain, IJobParts, IRemindable
{
    private const string Reminder = "sweep";
    private readonly RateWindow rates = new();
    private DateTimeOffset nextSweep;

    private string Id => this.GetPrimaryKeyString();

    private JobRecord Job => stored.State;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var tick = options.SweepPeriod / 10;
        this.RegisterGrainTimer(_ => TickAsync(), new GrainTimerCreationOptions(tick, tick));
        return Task.CompletedTask;
    }

    public async Task<CreateOutcome> Create(JobRequest request)
    {
        var now = time.GetUtcNow();
        if (Job.Request is null)
        {
            await GrainFactory.GetGrain<IJobIndexGrain>(IJobIndexGrain.Key).Register(Id);
            await stored.CommitAsync(Job.Create(request, Answers.CheckerVersion, now), this);
            LogCreated(Id, request.ProblemCount);
        }

        var differences = SpecComparison.Compare(Job.Request!.Spec, request.Spec);
        if (differences.Any(difference => !difference.Allowed))
            return new CreateOutcome.Conflict([.. differences.Select(difference => difference.ToString())]);
        if (Job.Loaded < Job.Request.ProblemCount)
            return new CreateOutcome.Loading(Job.Loaded);
        if (request.Window != Job.Request.Window)
            await stored.CommitAsync(Job with { Request = Job.Request with { Window = request.Window } }, this);
        if (differences.Count > 0)
            await stored.CommitAsync(Job.Grow(request, Answers.CheckerVersion), this);
        return new CreateOutcome.Exists(Job.State, [.. differences.Select(difference => difference.ToString())]);
    }

    public async Task AddProblems(ImmutableArray<Problem> problems)
    {
        if (Job.Request is null || problems.Length > IJobGrain.MaxBatch || problems.Any(problem => problem.Ordinal < 0 || problem.Ordinal >= Job.Request.ProblemCount)
            || problems.Where((problem, index) => problem.Ordinal != problems[0].Ordinal + index).Any())
        {
            throw new ArgumentException($"Problems go in after Create, at most {IJobGrain.MaxBatch} a call, with ordinals in a row from 0 up to the job's count.", nameof(problems));
        }

        await Task.WhenAll(problems.Select(problem => GrainFactory.GetGrain<IProblemGrain>(GrainKeys.Problem(Id, problem.Ordinal)).Put(problem)));
        await Task.WhenAll(problems.GroupBy(problem => problem.Ordinal / IProblemPageGrain.Size).Select(page =>
            PageOf(page.Key * IProblemPageGrain.Size).ReportAll([.. page.Select(problem => ProblemReport.Queued(problem.Ordinal, problem.Id))])));
        if (!problems.IsEmpty && problems[0].Ordinal <= Job.Loaded)
            await stored.CommitAsync(Job.Load(problems[^1].Ordinal + 1), this);
    }

    public async Task<JobState> Run()
    {
        if (Job.Request is not { } request)
            return JobState.Unknown;
        if (Job.Loaded < request.ProblemCount)
            throw new InvalidOperationException($"{Id} has {Job.Loaded} of its {request.ProblemCount} problems. Hand the others in first: run it again with the same file.");
        await stored.CommitAsync(Job.Run(time.GetUtcNow()), this);
        if (Job.State == JobState.Running)
        {
            await this.RegisterOrUpdateReminder(Reminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
            await Task.WhenAll(Queues().Select(queue => GrainFactory.GetGrain<IWorkQueueGrain>(queue).Admit(Id)));
            await SweepAsync();
        }

        return Job.State;
    }

    public async Task<JobState> Pause()
    {
        await stored.CommitAsync(Job.Pause(), this);
        await SweepAsync();
        return Job.State;
    }

    public async Task<JobState> Cancel()
    {
        await stored.CommitAsync(Job.Cancel(time.GetUtcNow()), this);
        await SweepAsync();
        return Job.State;
    }

    public async Task<int> Requeue(int? problem)
    {
        if (Job.State is not (JobState.Running or JobState.Paused or JobState.Done))
            throw new InvalidOperationException($"{Id} is {Job.State}: only a job that runs, is paused or done can try failed problems again.");
        var pages = await Task.WhenAll(Pages().Select(page => page.List()));
        int[] failed = [.. pages.SelectMany(page => page).Where(report => report.Class == ProblemClass.Failed && (problem is null || report.Ordinal == problem)).Select(report => report.Ordinal)];
        await Task.WhenAll(failed.Select(ordinal => GrainFactory.GetGrain<IProblemGrain>(GrainKeys.Problem(Id, ordinal)).Forgive()));
        await GoOnAsync(Job.TryAgain(failed));
        return failed.Length;
    }

    public async Task<int> Relabel(Labelling rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (Job.Request is null || Job.State == JobState.Cancelled)
            throw new InvalidOperationException($"{Id} is {Job.State}: there is nothing that can be labelled anew.");
        rule = rule with { K = Job.Request.Spec.Parameters.Completions.K, CheckerVersion = Answers.CheckerVersion };
        var next = Job.Label(rule);
        if (!ReferenceEquals(next, Job))
            await GoOnAsync(next.NewPass());
        return Job.Labellings.First(rule.SameRule).Number;
    }

    public async Task<JobSummary> Summary()
    {
        var pages = await Task.WhenAll(Pages().Select(page => page.Totals()));
        var queues = await Task.WhenAll(Queues().Select(queue => GrainFactory.GetGrain<IWorkQueueGrain>(queue).View()));
        return JobSummaries.Of(Id, Job, pages.Aggregate(JobTotals.None, (sum, page) => sum.Plus(page)), [.. queues], rates, time.GetUtcNow());
    }

    public Task<JobRequest?> Request() => Task.FromResult(Job.Request);

    public Task<ImmutableArray<Labelling>> Labellings() => Task.FromResult(Job.Labellings);

    public async Task<ImmutableArray<ProblemRow>> ListProblems(int from, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        var to = Math.Min(Job.Request?.ProblemCount ?? 0, from + Math.Min(count, IJobGrain.MaxBatch));
        if (to <= from)
            return [];
        var first = from / IProblemPageGrain.Size;
        var pages = await Task.WhenAll(Pages().Skip(first).Take(((to - 1) / IProblemPageGrain.Size) - first + 1).Select(page => page.List()));
        return [.. pages.SelectMany(page => page).Where(report => report.Ordinal >= from && report.Ordinal < to).Select(ProblemRows.Row)];
    }

    public Task Nudge()
    {
        nextSweep = DateTimeOffset.MinValue;
        return Task.CompletedTask;
    }

    public async Task ProblemEnded(int problem, int pass)
    {
        var before = Job;
        await stored.CommitAsync(Job.End(problem, pass, time.GetUtcNow()), this);
        if (Job.State != JobState.Running)
            await SweepAsync();
        foreach (var ordinal in Job.InFlight.Except(before.InFlight))
            Continue(ordinal);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => TickAsync();

    private async Task GoOnAsync(JobRecord next)
    {
        await stored.CommitAsync(next, this);
        if (Job.State is JobState.Running or JobState.Done)
            await Run();
    }

    private Task TickAsync()
    {
        // A job with something to watch stays in memory; one that was only looked at leaves it.
        if (Job.State is JobState.Running or JobState.Paused)
            DelayDeactivation(options.SweepPeriod * 6);
        return time.GetUtcNow() >= nextSweep && Job.Request is not null ? SweepAsync() : Task.CompletedTask;
    }

    /// <summary>Brings everybody into the job's state: asks a running job's problems to go on, keeps a paused one's work out of the queues.</summary>
    private async Task SweepAsync()
    {
        nextSweep = time.GetUtcNow() + options.SweepPeriod;
        if (Job.State == JobState.Running)
        {
            await GrainFactory.GetGrain<IQueueDirectoryGrain>(IQueueDirectoryGrain.Key).Announce(Queues());
            foreach (var ordinal in Job.InFlight)
                Continue(ordinal);
            return;
        }

        if (Job.State is JobState.Paused or JobState.Cancelled)
            await Task.WhenAll(Queues().Select(queue => GrainFactory.GetGrain<IWorkQueueGrain>(queue).Hold(Id)));
        if (Job.State == JobState.Cancelled)
        {
            foreach (var ordinal in Job.InFlight)
                GrainFactory.GetGrain<IProblemGrain>(GrainKeys.Problem(Id, ordinal)).Halt().Ignore();
        }

        if (await this.GetReminder(Reminder) is { } reminder)
            await this.UnregisterReminder(reminder);
        if (Job.State is JobState.Done or JobState.Cancelled)
            nextSweep = DateTimeOffset.MaxValue;
    }

    private void Continue(int ordinal) =>
        GrainFactory.GetGrain<IProblemGrain>(GrainKeys.Problem(Id, ordinal)).Continue(new(Id, Job.Request!.Spec, Job.Labellings, Job.Pass)).Ignore();

    private ImmutableArray<string> Queues()
    {
        if (Job.Request?.Spec.Models is not { } models)
            return [];
        return [.. new[] { models.Policy, models.Completer, models.Judge }.Distinct().Select(IWorkQueueGrain.Generate), IWorkQueueGrain.Sandbox];
    }

    private IEnumerable<IProblemPageGrain> Pages() =>
        Enumerable.Range(0, ((Job.Request?.ProblemCount ?? 0) + IProblemPageGrain.Size - 1) / IProblemPageGrain.Size).Select(page => PageOf(page * IProblemPageGrain.Size));

    private IProblemPageGrain PageOf(int ordinal) => GrainFactory.GetGrain<IProblemPageGrain>(IProblemPageGrain.KeyOf(Id, ordinal));

    [LoggerMessage(LogLevel.Information, "Job {JobId} was created with {Count} problems")]
    private partial void LogCreated(string jobId, int count);
}
