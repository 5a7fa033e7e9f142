using System.Collections.Immutable;

namespace GenPrm.Model.Checkpoints;

/// <summary>Where one tensor lies.</summary>
/// <param name="Name">The checkpoint's name of it, such as <c>model.layers.0.mlp.up_proj.weight</c>.</param>
/// <param name="Format">The safetensors name of its number format, such as <c>BF16</c>.</param>
/// <param name="Shape">Sizes, outermost first; the numbers lie in row-major order.</param>
/// <param name="File">The safetensors file.</param>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="ByteLength">Its size in bytes.</param>
public sealed record TensorEntry(string Name, string Format, ImmutableArray<long> Shape, string File, long Offset, long ByteLength)
{
    /// <summary>The format of its numbers.</summary>
    /// <exception cref="CheckpointException">It is one in which weights are not read.</exception>
    public ElementType Type => ElementTypes.FromSafetensors(Format)
        ?? throw new CheckpointException($"{File}: tensor {Name} is in {Format}; weights are read in F32, F16 and BF16");
}
