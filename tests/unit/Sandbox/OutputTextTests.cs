using System.Text;
using CsCheck;
using GenPrm.Sandbox.Protocol;

namespace GenPrm.Tests.Unit.Sandbox;

public sealed class OutputTextTests
{
    /// <summary>One of each length in UTF-8.</summary>
    private static readonly string[] Characters = ["a", "ü", "€", "𝄞"];

    [Fact]
    public void Text_InPiecesOfAnySize_ComesBack() => Gen.Select(Gen.String, Gen.Int[1, 5]).Sample((text, size) =>
    {
        // A lone surrogate has no UTF-8; what its encoding gives is what must come back.
        var bytes = Encoding.UTF8.GetBytes(text);
        var output = new OutputText(bytes.Length + 1);
        foreach (var piece in bytes.Chunk(size))
            output.Add(piece);
        Assert.Equal(Encoding.UTF8.GetString(bytes), output.ToString());
    });

    [Fact]
    public void Text_CutByTheLimit_IsAPrefixInWholeCharacters() =>
        Gen.Select(Gen.Int[0, 3].Select(index => Characters[index]).Array[1, 20], Gen.Int[1, 60]).Sample((characters, limit) =>
        {
            var text = string.Concat(characters);
            var output = new OutputText(limit);
            output.Add(Encoding.UTF8.GetBytes(text));
            var kept = output.ToString();
            Assert.StartsWith(kept, text, StringComparison.Ordinal);
            Assert.InRange(Encoding.UTF8.GetByteCount(kept), Math.Min(limit, Encoding.UTF8.GetByteCount(text)) - 3, limit);
        });

    [Fact]
    public void Bytes_ThatAreNoText_BecomeReplacementCharacters()
    {
        var output = new OutputText(100);
        output.Add([(byte)'a', 0xFF, 0xC3, (byte)'b']);
        Assert.Equal("a\uFFFD\uFFFDb", output.ToString());
    }
}
