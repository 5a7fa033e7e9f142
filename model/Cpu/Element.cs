using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GenPrm.Model.Cpu;

/// <summary>A number type of tensors, read and written as f32.</summary>
internal unsafe interface IElement<T>
    where T : unmanaged
{
    /// <summary>16 numbers from memory.</summary>
    static abstract Vector512<float> Load(T* source);

    /// <summary>16 numbers to memory, rounded to nearest.</summary>
    static abstract void Store(Vector512<float> values, T* destination);

    static abstract float LoadOne(T* source);

    static abstract void StoreOne(float value, T* destination);
}

/// <summary>IEEE single precision.</summary>
[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly unsafe struct F32 : IElement<F32>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(F32* source) => Vector512.Load((float*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, F32* destination) => values.Store((float*)destination);

    public static float LoadOne(F32* source) => *(float*)source;

    public static void StoreOne(float value, F32* destination) => *(float*)destination = value;
}

/// <summary>bfloat16: the upper half of a single.</summary>
[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly unsafe struct Bf16 : IElement<Bf16>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(Bf16* source)
    {
        var narrow = Vector256.Load((ushort*)source);
        if (Avx512F.IsSupported)
            return Vector512.ShiftLeft(Avx512F.ConvertToVector512UInt32(narrow), 16).AsSingle();
        var (lower, upper) = Vector256.Widen(narrow);
        return Vector512.ShiftLeft(Vector512.Create(lower, upper), 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, Bf16* destination)
    {
        // To nearest, ties to even: add half of the last kept place, less one if the last kept bit is 0.
        var wide = values.AsUInt32();
        var rounded = wide + Vector512.Create(0x7FFFu) + (Vector512.ShiftRightLogical(wide, 16) & Vector512.Create(1u));
        var kept = Vector512.ShiftRightLogical(rounded, 16);
        var narrow = Avx512F.IsSupported
            ? Avx512F.ConvertToVector256UInt16(kept)
            : Vector256.Narrow(kept.GetLower(), kept.GetUpper());
        narrow.Store((ushort*)destination);
    }

    public static float LoadOne(Bf16* source) => BitConverter.UInt32BitsToSingle((uint)*(ushort*)source << 16);

    public static void StoreOne(float value, Bf16* destination)
    {
        var wide = BitConverter.SingleToUInt32Bits(value);
        *(ushort*)destination = (ushort)((wide + 0x7FFF + ((wide >> 16) & 1)) >> 16);
    }
}
