using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using GenPrm.Model.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Tests.Model;

public sealed class DecoderModelTests
{
    public static TheoryData<string> Folders => TestMaterial.ModelsWith("reference.json");

    [Theory]
    [MemberData(nameof(Folders))]
    public void SequenceLogits_Float32_GiveTheReferencesLogProbabilities(string row)
    {
        var folder = TestMaterial.ModelFolder(row);
        using var model = DecoderModel.Load(folder, TorchTarget.Parse("cpu", "f32"));
        var tolerance = model.Config.HiddenSize < 256 ? 1e-4 : 1e-3;
        foreach (var reference in ReferenceCase.Load(folder).Take(4))
        {
            int[] tokens = [.. reference.Prompt, .. reference.Greedy];
            float[] expected = [.. reference.LogProbabilities, .. reference.GreedyLogProbabilities];
            Assert.Equal(0, Assert.Single([Largest(model, tokens, expected)]), tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void SequenceLogits_PackedAndPlain_Agree(string row)
    {
        var folder = TestMaterial.ModelFolder(row);
        var target = TorchTarget.Parse("cpu", "f32");
        using var packed = DecoderModel.Load(folder, target);
        using var checkpoint = CheckpointReader.Open(folder);
        using var plain = new DecoderModel(packed.Config, target, Weights.From(checkpoint, target), PlainLinear.Create, new TorchOperations());
        int[] tokens = [5, 6, 7, 300, 301, 9];
        using var scope = NewDisposeScope();
        var difference = (packed.SequenceLogits(tokens) - plain.SequenceLogits(tokens)).abs().max().item<float>();
        Assert.InRange(difference, 0, 5e-4);
    }

    [Fact]
    public void New_AWeightIsMissing_FreesWhatWasRead()
    {
        var target = TorchTarget.Parse("cpu", "f32");
        var config = ModelConfig.Load(TestMaterial.ModelFolder(Path.Combine("tests", "data", "tiny-llama")));
        var random = Weights.Random(target, 1);
        var read = new List<Tensor>();
        WeightSource source = (name, shape) =>
        {
            if (name == "model.norm.weight")
                throw new CheckpointException("it is missing");
            read.Add(random(name, shape));
            return read[^1];
        };
        Assert.Throws<CheckpointException>(() => new DecoderModel(config, target, source, PlainLinear.Create, new TorchOperations()));
        Assert.True(read.Count > 9);
        Assert.All(read, tensor => Assert.True(tensor.IsInvalid));
    }

    private static double Largest(DecoderModel model, int[] tokens, float[] expected)
    {
        using var scope = NewDisposeScope();
        var logs = model.SequenceLogits(tokens).log_softmax(-1);
        return Enumerable.Range(1, tokens.Length - 1).Max(place => Math.Abs(logs[place - 1, tokens[place]].item<float>() - expected[place - 1]));
    }
}
