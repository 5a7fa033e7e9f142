using GenPrm.Core.Identity;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Cpu;
using GenPrm.Model.Engine;
using GenPrm.Model.Torch;
using GenPrm.Model.Transformer;

namespace GenPrm.Bench;

/// <summary>The engine's own loop without callers: schedule, run, sample. Tokens are drawn at temperature 1 from the whole vocabulary.</summary>
internal sealed class ModelRun : IDisposable
{
    private const int Blocks = 4096;
    private readonly ModelRunner runner;
    private readonly ISampler sampler;
    private readonly ModelConfig config;

    public ModelRun(ModelConfig config, TorchTarget target)
    {
        this.config = config;
        runner = new ModelRunner(DecoderModel.ForInference(config, target, Weights.Random(target, seed: 1)), Blocks);
        sampler = CpuPath.Sampler(target) ?? new TorchSampler();
    }

    /// <summary>Runs one prompt and its continuations to their limit.</summary>
    /// <param name="stepped">Called before each step with its numbers of continuations and prompt tokens.</param>
    public void Generate(int promptTokens, int continuations, int newTokens, int prefillTokens, Action<int, int> stepped)
    {
        var random = new RandomStream(7);
        var scheduler = new Scheduler(Blocks, continuations, prefillTokens);
        int[] prompt = [.. Enumerable.Range(0, promptTokens).Select(_ => random.NextInt32(config.VocabularySize))];
        scheduler.Add(new Job(prompt, Enumerable.Repeat(newTokens, continuations)));
        while (scheduler.Next() is { } step)
        {
            stepped(step.Decodes.Count, step.Prefills.Sum(chunk => chunk.Count));
            using var logits = runner.Run(Batch.Of(step));
            var drawn = logits is null ? [] : sampler.Choose(logits, [.. step.Decodes.Select(_ => new Draw(1, 1, 0, random.NextDouble(), -1, false))]);
            scheduler.Ran(step);
            for (var row = 0; row < step.Decodes.Count; row++)
            {
                step.Decodes[row].Append(drawn[row].Token);
                if (step.Decodes[row].Tokens.Count == step.Decodes[row].Limit)
                    scheduler.Finish(step.Decodes[row]);
            }
        }
        stepped(0, 0);
    }

    public void Dispose() => runner.Dispose();
}
