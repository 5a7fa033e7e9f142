using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>Tensors as the safetensors writer wants them: each is converted and read from its device when its turn to be written comes.</summary>
internal static class TensorContents
{
    private const int Piece = 1 << 26;

    /// <summary>Contents that read <paramref name="value"/>, which must live until they are written.</summary>
    public static TensorContent Of(string name, Tensor value, ElementType type) => Of(name, value.shape, () => value.alias(), type);

    /// <summary>Contents made when they are written.</summary>
    public static TensorContent Of(string name, long[] shape, Func<Tensor> value, ElementType type) =>
        new(name, type, [.. shape], stream => Write(stream, value, type));

    private static unsafe void Write(Stream stream, Func<Tensor> value, ElementType type)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var stored = value().to(DtypeOf(type), CPU, copy: true).contiguous();
        var (address, left) = (NativeTorch.DataOf(stored), stored.numel() * type.ByteSize());
        while (left > 0)
        {
            var count = (int)Math.Min(left, Piece);
            stream.Write(new ReadOnlySpan<byte>((void*)address, count));
            address += count;
            left -= count;
        }
    }

    private static ScalarType DtypeOf(ElementType type) => type switch
    {
        ElementType.Float32 => ScalarType.Float32,
        ElementType.Float16 => ScalarType.Float16,
        _ => ScalarType.BFloat16,
    };
}
