using GenPrm.Core.Generation;
using GenPrm.Model.Chat;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Tokenization;

namespace GenPrm.Tests.Unit.Model.TinyCheckpoints;

/// <summary>The checkpoints of <c>tests/data</c> are what today's writer makes; with <c>GENPRM_WRITE_TEST_DATA=1</c> they are made anew.</summary>
public sealed class TinyCheckpointTests
{
    public static TheoryData<string> Names() => [.. TinyCheckpoint.All.Select(tiny => tiny.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void TestData_IsWhatTheWriterMakes(string name)
    {
        var tiny = TinyCheckpoint.All.Single(one => one.Name == name);
        var stored = Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", name);
        if (Environment.GetEnvironmentVariable("GENPRM_WRITE_TEST_DATA") == "1")
            tiny.WriteTo(stored);
        using var folder = new TemporaryFolder();
        var made = Path.Combine(folder.Path, name);
        tiny.WriteTo(made);

        Assert.Equal(Files(made).Keys.Order(), Files(stored).Keys.Order());
        Assert.All(Files(made), pair => Assert.True(pair.Value.AsSpan().SequenceEqual(Files(stored)[pair.Key]), $"{pair.Key} differs"));
        Assert.InRange(Files(stored).Values.Sum(bytes => bytes.Length), 1, 300_000);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TestData_Loads(string name)
    {
        var folder = Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", name);
        var config = ModelConfig.Load(folder);
        using var weights = CheckpointReader.Open(folder);
        Assert.Equal(config.ParameterCount, weights.Tensors.Values.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size)));
        Assert.Equal([383, 381], config.EndTokens);

        var tokenizer = Tokenizer.Load(folder);
        const string Text = "Step 1: naïve ünïcode 🧮 <|im_end|>\n";
        Assert.Equal(TinyTokenizer.VocabularySize, tokenizer.VocabularySize);
        Assert.Equal(Text, tokenizer.Decode(tokenizer.Encode(Text, addSpecial: true)));
        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nStep 1:", ChatTemplate.Load(folder).RenderOpen([ChatMessage.User("Hi")], "Step 1:"));
    }

    private static Dictionary<string, byte[]> Files(string folder) => Directory.EnumerateFiles(folder).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
}
