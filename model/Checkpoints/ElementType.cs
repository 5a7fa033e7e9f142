namespace GenPrm.Model.Checkpoints;

/// <summary>The number formats in which weights are read and written.</summary>
public enum ElementType
{
    Float32,
    Float16,
    BFloat16,
}

/// <summary>A format's name in safetensors files, and its size.</summary>
public static class ElementTypes
{
    /// <summary>The name that a safetensors header uses.</summary>
    public static string SafetensorsName(this ElementType type) => type switch
    {
        ElementType.Float32 => "F32",
        ElementType.Float16 => "F16",
        _ => "BF16",
    };

    /// <summary>Bytes of one number.</summary>
    public static int ByteSize(this ElementType type) => type == ElementType.Float32 ? 4 : 2;

    /// <summary>The format of a safetensors name, or null for one in which no weights are read.</summary>
    internal static ElementType? FromSafetensors(string name) => name switch
    {
        "F32" => ElementType.Float32,
        "F16" => ElementType.Float16,
        "BF16" => ElementType.BFloat16,
        _ => null,
    };

    /// <summary>Bits of one number of any format that safetensors has a name for; 0 for an unknown name.</summary>
    internal static int BitsOf(string safetensorsName) => safetensorsName switch
    {
        "F64" or "I64" or "U64" or "C64" => 64,
        "F32" or "I32" or "U32" => 32,
        "F16" or "BF16" or "I16" or "U16" => 16,
        "BOOL" or "I8" or "U8" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" => 8,
        "F6_E2M3" or "F6_E3M2" => 6,
        "F4" => 4,
        _ => 0,
    };
}
