using GenPrm.Core.Identity;
using GenPrm.Model.Engine;

namespace GenPrm.Tests.Model;

public sealed class SchedulerTests
{
    [Fact]
    public void Next_SharedPrompt_ComputesItOnce()
    {
        var scheduler = new Scheduler(100, maxRunning: 8, prefillRows: 64);
        int[] prompt = [.. Enumerable.Range(1, 40)];
        var (first, second) = (new Job(prompt, [4, 4, 4]), new Job([.. prompt, 99, 98], [4]));
        scheduler.Add(first);
        scheduler.Add(second);
        var prefilled = 0;
        while (scheduler.Next() is { } step)
        {
            prefilled += step.Prefills.Sum(chunk => chunk.Count);
            Run(scheduler, step, token: 7);
        }
        // 39 tokens of the first; of the second 41, of which it shares 39 or, after the first's continuations began with token 40, more.
        Assert.InRange(prefilled, 40, 41);
        Assert.Equal(0, scheduler.Running);
    }

    [Fact]
    public void Next_PromptThatExtendsAContinuation_ReusesIt()
    {
        var scheduler = new Scheduler(100, maxRunning: 8, prefillRows: 64);
        scheduler.Add(new Job([1, 2, 3], [20]));
        while (scheduler.Next() is { } step)
            Run(scheduler, step, token: 5);
        scheduler.Add(new Job([1, 2, 3, .. Enumerable.Repeat(5, 19), 6, 6], [1]));
        var next = scheduler.Next()!;
        Assert.Equal(1, next.Prefills.Sum(chunk => chunk.Count));
    }

    [Fact]
    public void Next_LongPrompt_RunsInPartsBesideContinuations()
    {
        var scheduler = new Scheduler(100, maxRunning: 8, prefillRows: 16);
        scheduler.Add(new Job([1], [50]));
        Run(scheduler, scheduler.Next()!, token: 3);
        scheduler.Add(new Job([.. Enumerable.Range(100, 65)], [1]));
        for (var part = 0; part < 4; part++)
        {
            var step = scheduler.Next()!;
            Assert.Equal((1, 16), (step.Decodes.Count, step.Prefills.Sum(chunk => chunk.Count)));
            Run(scheduler, step, token: 3);
        }
        Assert.Equal(2, scheduler.Next()!.Decodes.Count);
    }

    [Fact]
    public void Add_JobLargerThanTheMemory_Throws() =>
        Assert.Throws<ArgumentException>(() => new Scheduler(4, 8, 16).Add(new Job([1, 2], [65])));

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    public void Scheduler_RandomJobsAndCancellations_KeepsTheBudgetAndEndsAll(ulong seed)
    {
        var random = new RandomStream(seed);
        var scheduler = new Scheduler(24, maxRunning: 5, prefillRows: 7);
        var open = new List<Job>();
        var ended = 0;
        for (var turn = 0; turn < 1500; turn++)
        {
            if (turn < 1000 && scheduler.Waiting < 6 && random.NextInt32(3) == 0)
            {
                // Few different tokens: prompts often begin alike.
                int[] prompt = [.. Enumerable.Range(0, 1 + random.NextInt32(60)).Select(_ => random.NextInt32(2) * random.NextInt32(2))];
                var limit = 1 + random.NextInt32(40);
                var job = new Job(prompt, Enumerable.Repeat(limit, 1 + random.NextInt32(4)));
                scheduler.Add(job);
                open.Add(job);
            }
            if (open.Count > 0 && random.NextInt32(12) == 0)
            {
                var index = random.NextInt32(open.Count);
                scheduler.Cancel(open[index]);
                open.RemoveAt(index);
            }
            if (scheduler.Next() is not { } step)
                continue;
            Assert.All(step.Decodes, continuation => Assert.Contains(continuation.Job, open));
            _ = Batch.Of(step);
            ended += Run(scheduler, step, random.NextInt32(2), random.NextInt32(8) == 0);
            open.RemoveAll(job => job.Continuations.All(continuation => continuation.Tokens.Count >= continuation.Limit) && !step.Prefills.Any(chunk => chunk.Job == job));
        }
        Assert.Equal((0, 0), (scheduler.Running, scheduler.Waiting));
        Assert.Equal(0, scheduler.Tree.HeldBlocks());
        Assert.True(ended > 100);
        scheduler.Tree.Evict(24);
        Assert.Equal(24, scheduler.Blocks.Free);
    }

    /// <summary>Runs a step as the engine would: every continuation gets the token, and ends at its limit or if told to.</summary>
    private static int Run(Scheduler scheduler, Step step, int token, bool endAll = false)
    {
        scheduler.Ran(step);
        var ended = 0;
        foreach (var continuation in step.Decodes)
        {
            continuation.Append(token);
            if (!endAll && continuation.Tokens.Count < continuation.Limit)
                continue;
            scheduler.Finish(continuation);
            ended++;
        }
        return ended;
    }
}
