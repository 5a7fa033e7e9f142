using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using GenPrm.Model.Training;
using GenPrm.Model.Transformer;

namespace GenPrm.Tests.Unit.Training;

/// <summary>Models of a few hundred weights, random, one of each family.</summary>
internal static class TinyModels
{
    public static ModelConfig Config(Architecture architecture) => new()
    {
        Architecture = architecture,
        VocabularySize = 23,
        HiddenSize = 12,
        IntermediateSize = 20,
        LayerCount = 2,
        HeadCount = 4,
        KeyValueHeadCount = 2,
        HeadSize = 6,
        RmsNormEpsilon = 1e-5,
        RopeTheta = 10000,
        MaxPositions = 64,
        TiedEmbeddings = architecture != Architecture.Llama,
        QueryKeyValueBias = architecture == Architecture.Qwen2,
        AttentionOutputBias = false,
        FeedForwardBias = false,
        QueryKeyNorms = architecture == Architecture.Qwen3,
        EndTokens = [1],
    };

    public static TrainableModel Create(Architecture architecture, string dtype, HeadKind head = HeadKind.Language, LoraOptions? lora = null)
    {
        var target = TorchTarget.Parse("cpu", dtype);
        var random = Weights.Random(target with { Dtype = TrainableModelBuilder.MasterType(target) }, seed: 7);
        // Larger than a trained model's, so that every part has a gradient worth comparing.
        WeightSource source = (name, shape) => name.Contains("norm", StringComparison.Ordinal) ? random(name, shape) : random(name, shape).MultiplyInPlace(15);
        return new TrainableModelBuilder(Config(architecture), target, source, lora, seed: 3).Build(head, _ => false);
    }

    /// <summary>Three sequences of different lengths with some trained positions.</summary>
    public static MicroBatch Batch(bool binary = false) => MicroBatch.Pack([.. Sequences(binary)]);

    public static IEnumerable<TrainingSequence> Sequences(bool binary = false)
    {
        var stream = new GenPrm.Core.Identity.RandomStream(5);
        foreach (var length in (int[])[7, 1, 11])
        {
            var tokens = Enumerable.Range(0, length).Select(_ => stream.NextInt32(23)).ToArray();
            var sequence = TrainingSequence.FromMask([.. tokens], [.. tokens.Select(token => token % 3 > 0)]);
            yield return binary ? sequence with { Targets = [.. sequence.Targets.Select(target => target with { Target = target.Target % 2 })] } : sequence;
        }
    }
}
