using System.Collections.Frozen;

namespace GenPrm.Model.Tokenization;

/// <summary>The printable stand-ins for bytes in which byte-level vocabularies are written: a byte that is a visible Latin-1 character is
/// itself, the others are U+0100, U+0101, … in order.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] Letters = MakeLetters();
    private static readonly FrozenDictionary<char, byte> Bytes = Letters.Select((letter, value) => (letter, value)).ToFrozenDictionary(pair => pair.letter, pair => (byte)pair.value);

    public static char LetterOf(byte value) => Letters[value];

    /// <summary>The bytes that a token stands for; null where it holds a character that stands for none.</summary>
    public static byte[]? BytesOf(string token)
    {
        var bytes = new byte[token.Length];
        for (var index = 0; index < token.Length; index++)
        {
            if (!Bytes.TryGetValue(token[index], out bytes[index]))
                return null;
        }

        return bytes;
    }

    private static char[] MakeLetters()
    {
        var letters = new char[256];
        var next = 256;
        for (var value = 0; value < letters.Length; value++)
            letters[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)value : (char)next++;
        return letters;
    }
}
