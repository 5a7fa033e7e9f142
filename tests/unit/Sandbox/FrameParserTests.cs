using CsCheck;
using GenPrm.Sandbox.Protocol;

namespace GenPrm.Tests.Unit.Sandbox;

public sealed class FrameParserTests
{
    private static readonly Gen<(char Kind, byte[] Payload)> AnyFrame = Gen.Select(Gen.Int[0, 4].Select(index => "RODXC"[index]), Gen.Byte.Array[0, 50]);

    [Fact]
    public void Take_FramesInPiecesOfAnySize_GivesTheSameFrames() =>
        Gen.Select(AnyFrame.Array[0, 10], Gen.Int[1, 40].Array[1, 20]).Sample((sent, sizes) =>
        {
            byte[] stream = [.. sent.SelectMany(frame => Frame.Encode(frame.Kind, frame.Payload))];
            var parser = new FrameParser();
            var got = new List<Frame>();
            for (int at = 0, piece = 0; at < stream.Length; piece++)
            {
                var size = Math.Min(sizes[piece % sizes.Length], stream.Length - at);
                parser.Take(stream.AsSpan(at, size), got);
                at += size;
            }
            Assert.Equal(sent.Select(frame => (frame.Kind, Convert.ToHexString(frame.Payload))), got.Select(frame => (frame.Kind, Convert.ToHexString(frame.Payload))));
        });

    [Theory]
    [InlineData(new byte[] { (byte)'O', 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { (byte)'O', 0x00, 0x01, 0x00, 0x01 })]
    public void Take_LengthThatIsNeverSent_IsRefused(byte[] header) =>
        Assert.Throws<InvalidDataException>(() => new FrameParser().Take(header, []));

    [Fact]
    public void EncodeBlock_LimitAndCode_StandInThisOrder() =>
        Assert.Equal([(byte)'B', 0, 0, 0, 6, 0, 0, 1, 0, (byte)'h', (byte)'i'], Frame.EncodeBlock(256, "hi"u8));
}
