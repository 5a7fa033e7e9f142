using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Problems;
using GenPrm.Grains.Jobs;
using GenPrm.Grains.Problems;
using GenPrm.Grains.Rollouts;
using GenPrm.Tests.Cluster.Support;

namespace GenPrm.Tests.Cluster.Jobs;

/// <summary>What users do to jobs while they run and afterwards.</summary>
public sealed class SteeringTests(FiveSilos silos) : IClassFixture<FiveSilos>
{
    private RoleCluster Cluster => silos.Cluster;

    [Fact]
    public async Task Run_HandedInTwice_IsTheSameJob()
    {
        var problems = ScriptedJobs.Problems(2);
        var job = await Cluster.RunAsync("twice", problems);
        var first = await Cluster.UntilDoneAsync(job);

        var again = Assert.IsType<CreateOutcome.Exists>(await job.Create(ScriptedJobs.Request(problems)));
        Assert.Equal(JobState.Done, again.State);
        Assert.Empty(again.Grown);
        Assert.Equal(JobState.Done, await job.Run());
        Assert.Equal(first.Work, (await job.Summary()).Work);
        Assert.Contains("twice", await Cluster.Grains.GetGrain<IJobIndexGrain>(IJobIndexGrain.Key).List());
    }

    [Fact]
    public async Task Create_OtherParametersUnderTheSameName_IsRefusedByName()
    {
        var problems = ScriptedJobs.Problems(1);
        var job = await Cluster.RunAsync("other", problems);
        var changed = ScriptedJobs.Parameters with { Seed = 7 };
        var conflict = Assert.IsType<CreateOutcome.Conflict>(await job.Create(ScriptedJobs.Request(problems, changed)));
        Assert.Contains("seed: was 1, now 7", Assert.Single(conflict.Differences), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Summary_OfNoJob_IsUnknown() => Assert.Equal(JobState.Unknown, (await Cluster.Job("nobody").Summary()).State);

    [Fact]
    public async Task Problem_ThatPoisonsItsUnits_FailsAloneAndIsDoneAfterRequeue()
    {
        Cluster.Model.Healed = false;
        var job = await Cluster.RunAsync("poison", ScriptedJobs.Problems(3, "", "[poison]"));
        var summary = await Cluster.UntilDoneAsync(job);
        Assert.Equal((2, 1), (summary.Problems["done"], summary.Problems["failed"]));
        var failure = Assert.Single(summary.Failures);
        Assert.Equal(1, failure.Problem);
        Assert.Contains("Given up after 3 tries: this prompt breaks the engine", failure.Reason, StringComparison.Ordinal);

        Cluster.Model.Healed = true;
        Assert.Equal(1, await job.Requeue(null));
        summary = await Cluster.UntilAsync(job, seen => seen.State == JobState.Done && seen.Problems["failed"] == 0, "the requeued problem is done");
        Assert.Equal(3, summary.Problems["done"]);
        SummaryAssert.AddsUp(summary, ScriptedJobs.Parameters);
    }

    [Fact]
    public async Task Pause_InTheMiddle_AsksForNothingUntilItIsResumed()
    {
        var cluster = Cluster;
        cluster.Model.Hold();
        var asked = new TaskCompletionSource();
        void OnAsked(Core.Generation.GenerationRequest request) => asked.TrySetResult();
        cluster.Model.Asked += OnAsked;
        var job = await cluster.RunAsync("pause", ScriptedJobs.Problems(6), window: 2);
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        cluster.Model.Asked -= OnAsked;

        Assert.Equal(JobState.Paused, await job.Pause());
        cluster.Model.Release();
        // What was under way is taken in; then the queues hold nothing of the job.
        await cluster.UntilAsync(job, seen => seen.Queues.All(queue => queue is { Leased: 0, Waiting: 0 }), "what was under way has ended");
        var paused = await job.Summary();
        Assert.Equal(JobState.Paused, paused.State);
        Assert.Equal(0, paused.Problems["done"]);

        Assert.Equal(JobState.Running, await job.Run());
        SummaryAssert.AddsUp(await cluster.UntilDoneAsync(job), ScriptedJobs.Parameters);
    }

    [Fact]
    public async Task Cancel_InTheMiddle_CountsTheRestAsCancelled()
    {
        Cluster.Model.Hold();
        var job = await Cluster.RunAsync("cancel", ScriptedJobs.Problems(5), window: 2);
        Assert.Equal(JobState.Cancelled, await job.Cancel());
        Cluster.Model.Release();
        var summary = await job.Summary();
        Assert.Equal((5, 5), (summary.Problems.Total, summary.Problems["cancelled"]));
        Assert.Equal(JobState.Cancelled, await job.Run());
    }

    [Fact]
    public async Task Relabel_DoneJob_MakesANewLogWithoutSampling()
    {
        var job = await Cluster.RunAsync("relabel", ScriptedJobs.Problems(4));
        var before = await Cluster.UntilDoneAsync(job);
        var read = await Cluster.ReadLogAsync("relabel", 1);
        var served = Cluster.Model.Served.Count;

        var number = await job.Relabel(new Labelling(0, Estimator.Hard, 0, StartEstimate.Policy, KTable.Paper, 0));
        Assert.Equal(2, number);
        var after = await Cluster.UntilAsync(job, seen => seen.State == JobState.Done && seen.Labellings.Length == 2, "the new labelling is made");

        Assert.Equal(served, Cluster.Model.Served.Count);
        Assert.Equal(before.Work, after.Work);
        Assert.Equal(read.Select(entry => entry.Sample.Id), (await Cluster.ReadLogAsync("relabel", 1)).Select(entry => entry.Sample.Id));
        Assert.Equal(before.Samples, after.Labellings[0].Samples);
        SummaryAssert.AddsUp(after, ScriptedJobs.Parameters);
        var hard = await Cluster.ReadLogAsync("relabel", 2);
        Assert.Equal(after.Samples["accepted"], hard.Length);
        Assert.All(hard, entry => Assert.Equal(2, entry.Sample.Id.Labelling));
        Assert.Equal(3, await job.Relabel(new Labelling(0, Estimator.Ratio, 0.5m, StartEstimate.Completer, KTable.Paper, 0)));
        SummaryAssert.AddsUp(await Cluster.UntilAsync(job, seen => seen.State == JobState.Done && seen.Labellings.Length == 3, "the third labelling is made"), ScriptedJobs.Parameters);
        Assert.Equal(served, Cluster.Model.Served.Count);
        Assert.Equal(2, await job.Relabel(new Labelling(0, Estimator.Hard, 0.5m, StartEstimate.Policy, KTable.Paper, 0)));
    }

    [Fact]
    public async Task Run_WithALargerK_TopsUpAndRedoesNothing()
    {
        // A seed of its own, so that no other test's job asks for the same continuations.
        var parameters = ScriptedJobs.Parameters with { Seed = 99 };
        var elsewhere = Cluster.Model.Served.Keys.ToHashSet();
        var problems = ScriptedJobs.Problems(3);
        var job = await Cluster.RunAsync("topup", problems, parameters);
        var before = await Cluster.UntilDoneAsync(job);
        var read = await Cluster.ReadLogAsync("topup", 1);

        var larger = parameters with { Completions = ScriptedJobs.Parameters.Completions with { K = KTable.Paper with { Hard = 12, Medium = 12, Easy = 12 } } };
        var grown = Assert.IsType<CreateOutcome.Exists>(await job.Create(ScriptedJobs.Request(problems, larger)));
        Assert.Contains("completions.k", Assert.Single(grown.Grown), StringComparison.Ordinal);
        Assert.Equal(JobState.Running, await job.Run());
        var after = await Cluster.UntilDoneAsync(job);

        Assert.True(after.Work.Continuations > before.Work.Continuations);
        Assert.Equal(before.Rollouts, after.Rollouts);
        Assert.Equal(before.Rationales, after.Rationales);
        Assert.All(Cluster.Model.Served.Where(continuation => !elsewhere.Contains(continuation.Key)), continuation => Assert.Equal(1, continuation.Value));
        Assert.Equal(2, after.Labellings.Length);
        Assert.Equal(read.Select(entry => entry.Sample.Id), (await Cluster.ReadLogAsync("topup", 1)).Select(entry => entry.Sample.Id));
        SummaryAssert.AddsUp(after, larger);
    }

    [Fact]
    public async Task Inspect_DoneJob_ShowsProblemsRolloutsAndStepsInFull()
    {
        var job = await Cluster.RunAsync("inspect", ScriptedJobs.Problems(2));
        await Cluster.UntilDoneAsync(job);
        Assert.Equal(["p0", "p1"], (await job.ListProblems(0, 10)).Select(row => row.Id));

        var problem = await Cluster.Grains.GetGrain<IProblemViews>(GrainKeys.Problem("inspect", 1)).View();
        Assert.NotNull(problem);
        Assert.Null(problem.WaitingFor);
        var kept = problem.Rollouts.Where(row => row.Kept).ToArray();
        Assert.Equal(4, kept.Length);
        Assert.Equal(2, kept.Count(row => row.Correct == true));

        var rollout = Cluster.Grains.GetGrain<IRolloutViews>(GrainKeys.Part("inspect", $"1/r{kept.First(row => row.Correct == true).Index}"));
        var view = await rollout.View();
        Assert.NotNull(view);
        Assert.Equal(4, view.Steps.Length);
        Assert.Equal("concluded", Assert.Single(view.Rationales).State);
        Assert.NotEqual("pending", Assert.Single(Assert.Single(view.Labellings).Samples).Class);

        var step = await rollout.ViewStep(2);
        Assert.NotNull(step);
        Assert.Equal("completions", step.State);
        Assert.Equal(step.Wanted, step.Completions.Length);
        Assert.Contains("looked at", step.Critique, StringComparison.Ordinal);
        Assert.Equal("print(2)", Assert.Single(step.Blocks).Code.Trim());
        Assert.Equal("2", step.Blocks[0].Outcome.Output.Trim());
        Assert.Null(await rollout.ViewStep(9));
        Assert.Null(await Cluster.Grains.GetGrain<IProblemViews>(GrainKeys.Problem("inspect", 99)).View());
    }
}
