using System.Text;
using GenPrm.Model.Cpu;
using GenPrm.Model.Torch;
using GenPrm.Model.Transformer;
using static TorchSharp.torch;

namespace GenPrm.Tests.Model;

public sealed class TorchTests
{
    [Fact]
    public void Lowered_LibraryThatNamesTheVersion_NamesTheOlderOneInStringAndHash()
    {
        // The version entry of GLIBCXX_3.4.32 as linkers write it: hash, flags, number; and the string table.
        byte[] library = [1, 2, 3, 4, 0x42, 0xF8, 0x97, 0x02, 0, 0, 0x12, 0, .. Encoding.ASCII.GetBytes("x\0GLIBCXX_3.4.32\0y")];
        var lowered = GlibcxxVersion.Lowered(library)!;
        Assert.Equal([0x40, 0xF8, 0x97, 0x02], lowered[4..8]);
        Assert.Equal("x\0GLIBCXX_3.4.30\0y", Encoding.ASCII.GetString(lowered[12..]));
        Assert.Null(GlibcxxVersion.Lowered([1, 2, 3, 4]));
    }

    [Theory]
    [InlineData("gpu", "bf16", "auto, cpu, or cuda:N")]
    [InlineData("cuda:x", "bf16", "auto, cpu, or cuda:N")]
    [InlineData("cpu", "int8", "bf16, f32")]
    public void Parse_UnknownText_SaysWhatIsKnown(string device, string dtype, string remedy) =>
        Assert.Contains(remedy, Assert.Throws<ArgumentException>(() => TorchTarget.Parse(device, dtype)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_AutoOnACpu_IsBFloat16OnlyWhereItsPackedProductsAre()
    {
        var target = TorchTarget.Parse("cpu", "auto");
        Assert.Equal(PackedLinear.Takes(ScalarType.BFloat16) ? "bf16" : "f32", target.DtypeName);
        Assert.Equal("bf16", TorchTarget.Parse("cpu", "bf16").DtypeName);
        Assert.True(PackedLinear.Takes(ScalarType.Float32));
        Assert.False(PackedLinear.Takes(ScalarType.Float64));
    }

    [Fact]
    public void ThreadTeam_Loop_CallsEachIndexOnceAndPassesErrorsOn()
    {
        var calls = new int[1000];
        ThreadTeam.For(1000, index => Interlocked.Increment(ref calls[index]));
        Assert.All(calls, count => Assert.Equal(1, count));
        var error = Assert.Throws<InvalidOperationException>(() => ThreadTeam.For(10, index => throw new FormatException($"at {index}")));
        Assert.IsType<FormatException>(error.InnerException);
    }
}
