using System.Text;

namespace GenPrm.Model.Tokenization;

/// <summary>Turns tokens into text one by one: a character whose bytes lie in several tokens comes with the last of them.</summary>
/// <remarks>All texts it gives, joined, are what <see cref="Tokenizer.Decode"/> gives for the same ids.</remarks>
public sealed class TokenDecoder
{
    private readonly Tokenizer tokenizer;
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    internal TokenDecoder(Tokenizer tokenizer) => this.tokenizer = tokenizer;

    /// <summary>The text that is complete with this token; may be empty.</summary>
    public string Add(int id) => Convert(tokenizer.BytesOf(id), flush: false);

    /// <summary>What is left at the end: a replacement character for an unfinished one.</summary>
    public string Finish() => Convert([], flush: true);

    private string Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> units = stackalloc char[256];
        if (bytes.Length + 4 > units.Length)
            units = new char[bytes.Length + 4];
        return units[..decoder.GetChars(bytes, units, flush)].ToString();
    }
}
