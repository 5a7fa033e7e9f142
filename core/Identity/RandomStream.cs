using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace GenPrm.Core.Identity;

/// <summary>A stream of uniform numbers that depends on nothing but its seed: the same on every machine, thread and silo.</summary>
/// <remarks>SplitMix64: state moves by a constant, the output is a mix of it; any 64-bit seed is good.</remarks>
public struct RandomStream(ulong seed) : IEquatable<RandomStream>
{
    private ulong state = seed;

    /// <summary>The seed of a unit of work, from the job's seed and the unit's identity.</summary>
    /// <param name="jobSeed">The job's seed.</param>
    /// <param name="identity">The unit's path, such as <c>17/r3/s2/c5</c>.</param>
    public static ulong SeedOf(ulong jobSeed, string identity)
    {
        var name = Encoding.UTF8.GetBytes(identity);
        Span<byte> input = stackalloc byte[8 + name.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(input, jobSeed);
        name.CopyTo(input[8..]);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, digest);
        return BinaryPrimitives.ReadUInt64LittleEndian(digest);
    }

    public ulong NextUInt64()
    {
        state += 0x9E3779B97F4A7C15UL;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>Uniform in [0, 1), with 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 .. <paramref name="bound"/> - 1.</summary>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    public readonly bool Equals(RandomStream other) => state == other.state;

    public override readonly bool Equals(object? obj) => obj is RandomStream other && Equals(other);

    public override readonly int GetHashCode() => state.GetHashCode();

    public static bool operator ==(RandomStream left, RandomStream right) => left.Equals(right);

    public static bool operator !=(RandomStream left, RandomStream right) => !left.Equals(right);
}
