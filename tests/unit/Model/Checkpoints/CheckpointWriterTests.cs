using CsCheck;
using GenPrm.Model.Checkpoints;

namespace GenPrm.Tests.Unit.Model.Checkpoints;

public sealed class CheckpointWriterTests : IDisposable
{
    private const string Config = """{ "model_type": "llama", "torch_dtype": "float32", "made_up": [1, 2] }""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_AnyTensorsAndShardSize_LoadBackBitForBit()
    {
        var tensor = Gen.Select(Gen.Enum<ElementType>(), Gen.Long[0, 5].Array[0, 3]).SelectMany((type, shape) =>
            Gen.Byte.Array[(int)shape.Aggregate((long)type.ByteSize(), (product, size) => product * size)].Select(bytes => (type, shape, bytes)));
        Gen.Select(tensor.Array[1, 6], Gen.Long[1, 300]).Sample(
            (tensors, largestShard) =>
            {
                using var target = new TemporaryFolder();
                var path = Path.Combine(target.Path, "model");
                CheckpointWriter.Write(path, Config, new Dictionary<string, byte[]>(), [.. tensors.Select((one, index) => Content($"t.{index}", one.type, one.bytes, one.shape))], largestShard);
                using var reader = CheckpointReader.Open(path);
                return reader.Tensors.Count == tensors.Length && tensors.Select((one, index) => (one, entry: reader.Tensors[$"t.{index}"])).All(pair =>
                    pair.entry.Type == pair.one.type && pair.entry.Shape.SequenceEqual(pair.one.shape) && reader.Read(pair.entry).AsSpan().SequenceEqual(pair.one.bytes));
            },
            iter: 60);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Write_LikeAnotherFolder_GivesTheSameModel(string row)
    {
        var from = TestMaterial.ModelFolder(row);
        var to = Path.Combine(folder.Path, "copy");
        using var source = CheckpointReader.Open(from);
        CheckpointWriter.Write(to, from, [.. source.Tensors.Values.Select(entry => Content(entry.Name, entry.Type, source.Read(entry), [.. entry.Shape]))], 100_000);

        Assert.Equivalent(ModelConfig.Load(from), ModelConfig.Load(to));
        using var copy = CheckpointReader.Open(to);
        Assert.Equal(source.Tensors.Keys.Order(), copy.Tensors.Keys.Order());
        Assert.All(source.Tensors.Values, entry => Assert.Equal(source.Read(entry), copy.Read(copy.Find(entry.Name, entry.Shape.AsSpan()))));
        Assert.Equal(File.ReadAllBytes(Path.Combine(from, "tokenizer.json")), File.ReadAllBytes(Path.Combine(to, "tokenizer.json")));
    }

    /// <summary>The small ones: a large model would be copied whole and show the same.</summary>
    public static TheoryData<string> Models() => [.. TestMaterial.ModelsWith("config.json").Select(row => (string)row).Where(row => row == TestMaterial.None
        || Directory.EnumerateFiles(Path.GetFullPath(row, TestMaterial.RepositoryRoot)).Sum(file => new FileInfo(file).Length) < 20_000_000)];

    [Fact]
    public void Write_ThatFailsInTheMiddle_LeavesTheOldCheckpointWhole()
    {
        var path = Path.Combine(folder.Path, "model");
        Write(path, Content("a", ElementType.Float32, new byte[4], 1));
        Assert.Throws<InvalidOperationException>(() => Write(path, Content("a", ElementType.Float32, new byte[3], 1)));
        using (var reader = CheckpointReader.Open(path))
            Assert.Equal(4, reader.Tensors["a"].ByteLength);

        Write(path, Content("b", ElementType.BFloat16, new byte[2], 1));
        using (var reader = CheckpointReader.Open(path))
            Assert.Equal("b", Assert.Single(reader.Tensors.Keys));
        Assert.Contains("bfloat16", File.ReadAllText(Path.Combine(path, "config.json")), StringComparison.Ordinal);
        Assert.Contains("made_up", File.ReadAllText(Path.Combine(path, "config.json")), StringComparison.Ordinal);
        Assert.Equal(["model"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    private static void Write(string path, TensorContent tensor) => CheckpointWriter.Write(path, Config, new Dictionary<string, byte[]>(), [tensor]);

    private static TensorContent Content(string name, ElementType type, byte[] bytes, params long[] shape) => new(name, type, [.. shape], stream => stream.Write(bytes));
}
