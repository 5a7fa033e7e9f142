using CsCheck;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Grains.Jobs;

namespace GenPrm.Tests.Unit.Grains;

public sealed class JobRecordTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Run_FillsTheWindowInOrder()
    {
        var job = Loaded(count: 10, window: 3).Run(Now);
        Assert.Equal([0, 1, 2], job.InFlight);
        Assert.Equal([0, 2, 3], job.End(1, 0, Now).InFlight);
    }

    [Fact]
    public void Run_NoProblems_IsDone() => Assert.Equal(JobState.Done, Loaded(0, 3).Run(Now).State);

    [Fact]
    public void End_EveryProblemInAnyOrder_IsDoneExactlyThen() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 8], Gen.Int[0, 1000]).Sample((count, window, seed) =>
        {
            var job = Loaded(count, window).Run(Now);
            var random = new Core.Identity.RandomStream((ulong)seed);
            for (var ended = 0; ended < count; ended++)
            {
                Assert.Equal(JobState.Running, job.State);
                Assert.InRange(job.InFlight.Count, 1, window);
                var one = job.InFlight[random.NextInt32(job.InFlight.Count)];
                job = job.End(one, 0, Now).End(one, 0, Now);
            }

            Assert.Equal(JobState.Done, job.State);
        });

    [Fact]
    public void NewPass_ProblemThatEndedInTheOldPass_IsLookedAtAgain()
    {
        var job = Loaded(count: 3, window: 2).Run(Now).NewPass();
        // 0 ends in the old pass before the cursor comes to it: it leaves, and is met again.
        job = job.End(0, 0, Now);
        Assert.Contains(0, job.InFlight);
        // Its old message may come a second time: it stays.
        Assert.Same(job, job.End(0, 0, Now));
        while (job.State == JobState.Running)
            job = job.End(job.InFlight[0], job.Pass, Now);
        Assert.Equal((3, JobState.Done), (job.Cursor, job.State));
    }

    [Fact]
    public void TryAgain_DoneJob_RunsOnlyThose()
    {
        var job = Loaded(2, 2).Run(Now).End(0, 0, Now).End(1, 0, Now);
        Assert.Equal(JobState.Done, job.State);
        job = job.TryAgain([1]).Run(Now);
        Assert.Equal((JobState.Running, 1), (job.State, Assert.Single(job.InFlight)));
        Assert.Null(job.EndedAt);
    }

    [Fact]
    public void Label_EqualRule_IsFound()
    {
        var job = Loaded(1, 1);
        Assert.Same(job, job.Label(job.Labellings[0] with { Number = 9 }));
        Assert.Equal(2, job.Label(job.Labellings[0] with { Estimator = Estimator.Hard }).Labellings[1].Number);
    }

    [Fact]
    public void Grow_LargerK_MakesALabellingAndAPass()
    {
        var job = Loaded(1, 1);
        var parameters = job.Request!.Spec.Parameters;
        var larger = job.Request with { Spec = job.Request.Spec with { Parameters = parameters with { Completions = parameters.Completions with { K = KTable.Paper with { Hard = 256 } } } } };
        var grown = job.Grow(larger, 1);
        Assert.Equal((1, 2, 256), (grown.Pass, grown.Labellings.Length, grown.Labellings[1].K.Hard));
    }

    [Fact]
    public void Cancel_DoneJob_StaysDone() => Assert.Equal(JobState.Done, Loaded(0, 1).Run(Now).Cancel(Now).State);

    private static JobRecord Loaded(int count, int window) => new JobRecord()
        .Create(new(new(new("p", "c", "j"), new(), [], "digest", []), count, ClassCounts.Empty, window), 1, Now).Load(count);
}
