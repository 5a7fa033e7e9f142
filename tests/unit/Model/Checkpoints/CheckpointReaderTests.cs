using System.Buffers.Binary;
using System.Text;
using GenPrm.Model.Checkpoints;

namespace GenPrm.Tests.Unit.Model.Checkpoints;

public sealed class CheckpointReaderTests : IDisposable
{
    private const string TwoTensors = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[1,2],"data_offsets":[8,12]}}""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_SingleFile_GivesTheBytesAsStored()
    {
        WriteFile("model.safetensors", TwoTensors, [.. Enumerable.Range(0, 12).Select(value => (byte)value)]);
        using var reader = CheckpointReader.Open(folder.Path);
        Assert.Equal(ElementType.BFloat16, reader.Tensors["b"].Type);
        Assert.Equal([8, 9, 10, 11], reader.Read(reader.Find("b", 1, 2)));
    }

    [Fact]
    public void Find_MissingOrMisshapenTensor_IsNamed()
    {
        WriteFile("model.safetensors", TwoTensors, new byte[12]);
        using var reader = CheckpointReader.Open(folder.Path);
        Assert.Contains("tensor c is missing", Assert.Throws<CheckpointException>(() => reader.Find("c", 1)).Message, StringComparison.Ordinal);
        Assert.Contains("[1, 2]", Assert.Throws<CheckpointException>(() => reader.Find("b", 2, 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "tensor a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 8, "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "after the last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "before tensor a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "tensor b overlaps tensor a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775800,9223372036854775807]}}""", 8, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296,4294967296],"data_offsets":[0,8]}}""", 8, "larger than any file")]
    [InlineData("""{"a":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}}""", 8, "Q4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "tensor a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "header")]
    [InlineData("""["a"]""", 0, "header")]
    [InlineData("""{"a":""", 0, "header")]
    [InlineData("""{"a":{"dtype":"\ud800","shape":[2],"data_offsets":[0,8]}}""", 8, "header")]
    public void Open_CorruptFile_NamesFileAndFault(string header, int bytes, string named)
    {
        WriteFile("model.safetensors", header, new byte[bytes]);
        AssertRefused("model.safetensors", named);
    }

    [Fact]
    public void Open_EveryTruncation_IsRefused()
    {
        var whole = FileBytes(TwoTensors, new byte[12]);
        for (var length = 0; length < whole.Length; length++)
        {
            folder.Write("model.safetensors", whole[..length]);
            AssertRefused("model.safetensors", "model.safetensors");
        }
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001UL)]
    [InlineData(1_000UL)]
    public void Open_HeaderLengthBeyondTheFile_IsRefusedWithoutReadingIt(ulong length)
    {
        var bytes = FileBytes(TwoTensors, new byte[12]);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        folder.Write("model.safetensors", bytes);
        AssertRefused("model.safetensors", "header claims");
    }

    [Fact]
    public void Type_OfAFormatThatHoldsNoWeights_NamesTensorAndFormat()
    {
        WriteFile("model.safetensors", """{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", new byte[8]);
        using var reader = CheckpointReader.Open(folder.Path);
        var error = Assert.Throws<CheckpointException>(() => reader.Tensors["a"].Type);
        Assert.Contains("tensor a is in F64", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/shard.safetensors")]
    [InlineData("..")]
    [InlineData("")]
    public void Open_IndexThatLeadsElsewhere_IsRefused(string shard)
    {
        folder.Write("model.safetensors.index.json", $$$"""{ "weight_map": { "a": "{{{shard}}}" } }""");
        AssertRefused("model.safetensors.index.json", "tensor a");
    }

    [Fact]
    public void Open_ShardsThatLackWhatTheIndexNames_AreRefused()
    {
        folder.Write("model.safetensors.index.json", """{ "weight_map": { "a": "one.safetensors", "c": "one.safetensors" } }""");
        AssertRefused("one.safetensors", "is missing");
        WriteFile("one.safetensors", TwoTensors, new byte[12]);
        AssertRefused("one.safetensors", "tensor c is missing");
    }

    [Fact]
    public void Open_PickledWeightsAlone_SaysWhatToTake()
    {
        folder.Write("pytorch_model.bin", "x");
        AssertRefused("pytorch_model.bin", "safetensors release");
    }

    private void AssertRefused(string file, string named)
    {
        var error = Assert.Throws<CheckpointException>(() => CheckpointReader.Open(folder.Path));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private void WriteFile(string name, string header, byte[] data) => folder.Write(name, FileBytes(header, data));

    private static byte[] FileBytes(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return [.. length, .. text, .. data];
    }
}
