using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using GenPrm.Core.Identity;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using GenPrm.Model.Training;
using GenPrm.Model.Transformer;
using TorchSharp;

namespace GenPrm.Bench;

/// <summary>Whole optimizer steps of SmolLM2-135M's shape: 4 rows of 512 tokens, forward, backward, clipping and AdamW, as a share of what
/// matrix products reach in this process. 6 FLOP a parameter (a tied matrix once) and token of a row are counted, whatever is recomputed
/// or left out.</summary>
internal static class SftBenchmark
{
    private const int Rows = 4, RowLength = 512;

    /// <summary>The kind of model that is trained from nothing in minutes on a laptop.</summary>
    private static readonly ModelConfig Tiny = ModelShape.All[0].Config with
    {
        VocabularySize = 256,
        HiddenSize = 128,
        IntermediateSize = 352,
        LayerCount = 3,
        HeadCount = 4,
        KeyValueHeadCount = 4,
        HeadSize = 32,
        MaxPositions = 1024,
    };

    private static readonly ModelConfig Config = ModelShape.All[0].Config;

    public static async IAsyncEnumerable<Figure> Run(string only, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var dtype in (string[])["f32", "bf16"])
        {
            var name = $"sft/tiny-0.6m/{dtype}";
            if (!name.Contains(only, StringComparison.Ordinal))
                continue;
            var target = TorchTarget.Parse("cpu", dtype);
            using var model = Model(Tiny, target);
            using var optimizer = new AdamW(model.TrainedWeights, new());
            var batches = Batches(Enumerable.Range(0, 32).Select(row => Sequence(Tiny, (ulong)row, 60 + (140 * row / 31), 0.4)), 4096);
            yield return new Figure(name, batches.Sum(batch => batch.Tokens.Length) / Median(model, optimizer, batches, 40, cancellationToken), "tokens/s");
        }

        foreach (var dtype in (string[])["bf16", "f32"])
        {
            var name = $"sft/smollm2-135m/{dtype}";
            string[] kinds = ["/all-trained", "/half-trained", "/padded", "/packed"];
            if (kinds.All(kind => !(name + kind).Contains(only, StringComparison.Ordinal)))
                continue;
            var target = TorchTarget.Parse("cpu", dtype);
            using var model = Model(Config, target);
            using var optimizer = new AdamW(model.TrainedWeights, new());
            foreach (var (kind, share) in new[] { (kinds[0], 1.0), (kinds[1], 0.5) })
            {
                if (!(name + kind).Contains(only, StringComparison.Ordinal))
                    continue;
                var batch = MicroBatch.Pack([.. Enumerable.Range(0, Rows).Select(row => Sequence(Config, (ulong)row, RowLength, 1 - share))]);
                var before = GemmPeak.Measure(target.Dtype);
                var seconds = Median(model, optimizer, [batch], 3, cancellationToken);
                var peak = Math.Max(before, GemmPeak.Measure(target.Dtype));
                var rate = Rows * RowLength / seconds;
                yield return new Figure(name + kind, rate, "tokens/s", string.Create(CultureInfo.InvariantCulture, $"GEMM peak, {peak:0} GFLOP/s"), 6e-9 * Config.ParameterCount * rate / peak);
            }

            if (kinds[2..].Any(kind => (name + kind).Contains(only, StringComparison.Ordinal)))
            {
                var samples = Samples();
                var trained = samples.Sum(sample => sample.Targets.Length);
                // One sample a row of 512, against the same samples laid end to end up to the same 2048 tokens.
                var padded = trained / Median(model, optimizer, Batches(samples.Select(sample => sample.PadTo(RowLength, 0)), Rows * RowLength), 3, cancellationToken);
                var packed = trained / Median(model, optimizer, Batches(samples, Rows * RowLength), 3, cancellationToken);
                yield return new Figure($"{name}/padded", padded, "trained/s");
                yield return new Figure($"{name}/packed", packed, "trained/s", "one sample a row padded to 512", packed / padded);
            }

            yield return new Figure($"{name}/memory", PeakGibibytes(), "GiB", "bound 6 GiB, whole process", PeakGibibytes() / 6);
        }

        await Task.CompletedTask;
    }

    private static TrainableModel Model(ModelConfig config, TorchTarget target) =>
        new TrainableModelBuilder(config, target, Weights.Random(target with { Dtype = torch.ScalarType.Float32 }, seed: 1)).Build(HeadKind.Language, _ => false);

    private static double Median(TrainableModel model, AdamW optimizer, IReadOnlyCollection<MicroBatch> batches, int steps, CancellationToken cancellationToken)
    {
        var schedule = new LearningRateSchedule(ScheduleKind.Constant, 1e-5, 0, 0);
        OptimizerStep.Run(model, optimizer, schedule, batches, cancellationToken);
        var seconds = new double[steps];
        for (var step = 0; step < steps; step++)
        {
            var start = Stopwatch.GetTimestamp();
            OptimizerStep.Run(model, optimizer, schedule, batches, cancellationToken);
            seconds[step] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(seconds);
        return seconds[steps / 2];
    }

    /// <summary>A sequence whose last part is trained.</summary>
    private static TrainingSequence Sequence(ModelConfig config, ulong seed, int length, double untrained)
    {
        var stream = new RandomStream(seed);
        var tokens = ImmutableArray.CreateBuilder<int>(length);
        for (var at = 0; at < length; at++)
            tokens.Add(stream.NextInt32(config.VocabularySize));
        return TrainingSequence.FromMask(tokens.MoveToImmutable(), [.. Enumerable.Range(0, length).Select(at => at >= untrained * length)]);
    }

    /// <summary>12 samples with lengths like GSM8K's: 80 to 400 tokens, most of them short, two thirds trained.</summary>
    private static List<TrainingSequence> Samples()
    {
        var stream = new RandomStream(12);
        return [.. Enumerable.Range(0, 12).Select(number => Sequence(Config, (ulong)number, 80 + (int)(320 * Math.Pow(stream.NextDouble(), 2)), 1.0 / 3))];
    }

    private static List<MicroBatch> Batches(IEnumerable<TrainingSequence> sequences, int tokens)
    {
        var batches = new List<MicroBatch>();
        var open = new List<TrainingSequence>();
        foreach (var sequence in sequences)
        {
            if (open.Sum(one => one.Tokens.Length) + sequence.Tokens.Length > tokens)
            {
                batches.Add(MicroBatch.Pack(open));
                open.Clear();
            }

            open.Add(sequence);
        }

        batches.Add(MicroBatch.Pack(open));
        return batches;
    }

    private static double PeakGibibytes() => File.ReadLines("/proc/self/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / (1 << 20)).First();
}
