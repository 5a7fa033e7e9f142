using System.Buffers.Binary;
using System.Text;

namespace GenPrm.Model.Torch;

/// <summary>Lowers the C++ library version that a native library asks for, from GLIBCXX_3.4.32 to GLIBCXX_3.4.30.</summary>
/// <remarks>Debian 12 and Ubuntu 22.04 have 3.4.30. TorchSharp's library was linked against a newer one, but only the version's
/// tag is missing: the one symbol behind it is never called. An ELF file names a needed version twice: as a string, and as the
/// System V hash of it in the version table, which the loader compares first.</remarks>
public static class GlibcxxVersion
{
    private static readonly byte[] Wanted = Encoding.ASCII.GetBytes("GLIBCXX_3.4.32\0");
    private static readonly byte[] Present = Encoding.ASCII.GetBytes("GLIBCXX_3.4.30\0");

    /// <summary>A copy of <paramref name="library"/> that loads where GLIBCXX_3.4.30 is the newest version.</summary>
    /// <returns>Null if the library's version table does not name 3.4.32 exactly once.</returns>
    public static byte[]? Lowered(ReadOnlySpan<byte> library)
    {
        var entry = VersionEntry(library, ElfHash(Wanted));
        if (entry < 0)
            return null;
        var copy = library.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(entry), ElfHash(Present));
        // A linker's patching tool may leave an unused older string table behind: the name may stand there several times.
        var rest = copy.AsSpan();
        for (var at = rest.IndexOf(Wanted); at >= 0; at = rest.IndexOf(Wanted))
        {
            Present.CopyTo(rest[at..]);
            rest = rest[(at + Wanted.Length)..];
        }
        return copy;
    }

    /// <summary>The offset of the one aligned version entry (hash, then flags of zero) with this hash, or -1.</summary>
    private static int VersionEntry(ReadOnlySpan<byte> library, uint hash)
    {
        var found = -1;
        for (var at = 0; at + 8 <= library.Length; at += 4)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(library[at..]) != hash
                || BinaryPrimitives.ReadUInt16LittleEndian(library[(at + 4)..]) != 0)
                continue;
            if (found >= 0)
                return -1;
            found = at;
        }
        return found;
    }

    private static uint ElfHash(ReadOnlySpan<byte> zeroTerminated)
    {
        uint hash = 0;
        foreach (var character in zeroTerminated[..^1])
        {
            hash = (hash << 4) + character;
            var high = hash & 0xF0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }
        return hash;
    }
}
