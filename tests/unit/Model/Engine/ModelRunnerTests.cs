using GenPrm.Core.Identity;
using GenPrm.Model.Cpu;
using GenPrm.Model.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Tests.Model;

public sealed class ModelRunnerTests
{
    public static TheoryData<int, int, int, bool, string> Shapes => new()
    {
        { 64, 6, 2, false, "f32" },
        { 16, 4, 4, false, "f32" },
        { 32, 7, 1, true, "f32" },
        { 80, 3, 1, false, "f32" },
        { 64, 6, 2, true, "bf16" },
    };

    /// <summary>Prompts longer than a chunk that share a beginning, continuations that end at different times: kernels and torch's
    /// operations over the same steps, and for each continuation the same sequence run whole, without a cache.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Run_KernelsTorchAndNoCache_Agree(int headSize, int heads, int keyHeads, bool norms, string dtype)
    {
        var config = RandomModel.Config(headSize, heads, keyHeads, norms);
        using var fast = new ModelRunner(RandomModel.Fast(config, dtype), blocks: 200);
        using var portable = new ModelRunner(RandomModel.Portable(config, dtype), blocks: 200, portable: true);
        using var whole = RandomModel.Portable(config, dtype);
        var tolerance = dtype == "bf16" ? 0.15 : 1e-3;
        var random = new RandomStream(5);
        int[] beginning = [.. Enumerable.Range(0, 150).Select(_ => random.NextInt32(300))];
        var scheduler = new Scheduler(200, maxRunning: 6, prefillRows: 70);
        scheduler.Add(new Job([.. beginning, 1, 2, 3], [5, 18, 30]));
        scheduler.Add(new Job([.. beginning, 9], [20, 4]));
        scheduler.Add(new Job([7], [12, 3]));
        var compared = 0;
        while (scheduler.Next() is { } step)
        {
            using var scope = NewDisposeScope();
            var batch = Batch.Of(step);
            var (left, right) = (fast.Run(batch), portable.Run(batch));
            scheduler.Ran(step);
            for (var row = 0; row < step.Decodes.Count; row++)
            {
                var continuation = step.Decodes[row];
                Assert.InRange(Difference(left![row], right![row]), 0, tolerance);
                if (compared++ % 7 == 0)
                {
                    int[] sequence = [.. continuation.Job.Prompt, .. continuation.Tokens];
                    Assert.InRange(Difference(left[row], whole.SequenceLogits(sequence)[^1]), 0, tolerance);
                }
                continuation.Append(random.NextInt32(300));
                if (continuation.Tokens.Count == continuation.Limit)
                    scheduler.Finish(continuation);
            }
        }
        Assert.Equal(5 + 18 + 30 + 20 + 4 + 12 + 3, compared);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_ThousandStepsWithContinuationsReplaced_LeavesNoTensorBehind(bool portable)
    {
        var config = RandomModel.Config(16, 4, 2);
        using var runner = new ModelRunner(portable ? RandomModel.Portable(config, "f32") : RandomModel.Fast(config, "f32"), blocks: 40, portable);
        ISampler sampler = portable ? new TorchSampler() : new CpuSampler<F32>();
        var scheduler = new Scheduler(40, maxRunning: 4, prefillRows: 16);
        var random = new RandomStream(11);
        long after100 = 0;
        for (var turn = 0; turn < 1000; turn++)
        {
            if (scheduler.Waiting == 0)
                scheduler.Add(new Job([.. Enumerable.Range(0, 1 + random.NextInt32(30)).Select(_ => random.NextInt32(300))], [1 + random.NextInt32(9), 5]));
            var step = scheduler.Next()!;
            using (var logits = runner.Run(Batch.Of(step)))
            {
                var drawn = logits is null ? [] : sampler.Choose(logits, [.. step.Decodes.Select(_ => new Draw(1, 0.9, 0, random.NextDouble(), -1, true))]);
                scheduler.Ran(step);
                for (var row = 0; row < step.Decodes.Count; row++)
                {
                    step.Decodes[row].Append(drawn[row].Token);
                    if (step.Decodes[row].Tokens.Count == step.Decodes[row].Limit)
                        scheduler.Finish(step.Decodes[row]);
                }
            }
            if (turn == 100)
                after100 = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
        Assert.Equal(after100, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static double Difference(Tensor left, Tensor right) =>
        (left.to_type(ScalarType.Float32).log_softmax(-1) - right.to_type(ScalarType.Float32).log_softmax(-1)).abs().max().item<float>();
}
