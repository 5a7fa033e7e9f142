using System.Buffers;
using System.Text;

namespace GenPrm.Sandbox.Protocol;

/// <summary>Collects what a block prints, up to a limit, and turns it into text.</summary>
internal sealed class OutputText(int limit)
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    public bool Full => bytes.WrittenCount >= limit;

    public void Add(ReadOnlySpan<byte> chunk) => bytes.Write(chunk[..Math.Min(chunk.Length, limit - bytes.WrittenCount)]);

    /// <summary>The text. Bytes that are no UTF-8 become U+FFFD, always the same way; of a character that the limit cut in two nothing is left.</summary>
    public override string ToString()
    {
        var span = bytes.WrittenSpan;
        return Encoding.UTF8.GetString(Full ? WithoutCutCharacter(span) : span);
    }

    private static ReadOnlySpan<byte> WithoutCutCharacter(ReadOnlySpan<byte> span)
    {
        for (var back = 1; back <= Math.Min(3, span.Length); back++)
        {
            var unit = span[^back];
            if ((unit & 0xC0) == 0x80)
                continue;
            var length = unit switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
            return length > back ? span[..^back] : span;
        }
        return span;
    }
}
