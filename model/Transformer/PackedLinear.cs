using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Transformer;

/// <summary>Weights laid out once for oneDNN's matrix products on a CPU, in bf16 or f32. For inference only: no gradients.</summary>
public sealed class PackedLinear : Linear
{
    private static readonly Lazy<jit.ScriptModule> Operations = new(LoadOperations);
    private static readonly Lazy<bool> TakesBFloat16 = new(TryBFloat16);
    private readonly Tensor packed;
    private readonly Tensor? bias;

    private PackedLinear(Tensor weight, Tensor? bias)
    {
        packed = (Tensor)Operations.Value.invoke("pack", weight);
        packed.DetachFromDisposeScope();
        this.bias = bias;
        weight.Dispose();
    }

    public static Linear Create(Tensor weight, Tensor? bias) => new PackedLinear(weight, bias);

    /// <summary>Whether this machine's CPU has packed products in a type. Those in bf16 want AVX-512 or the like.</summary>
    public static bool Takes(ScalarType dtype) => dtype == ScalarType.Float32 || (dtype == ScalarType.BFloat16 && TakesBFloat16.Value);

    public override Tensor Forward(Tensor input) => (Tensor)(bias is null
        ? Operations.Value.invoke("linear", input, packed)
        : Operations.Value.invoke("linear_with_bias", input, packed, bias));

    protected override void Dispose(bool disposing)
    {
        packed.Dispose();
        bias?.Dispose();
    }

    /// <summary>oneDNN says it best itself.</summary>
    private static bool TryBFloat16()
    {
        _ = Operations.Value; // trouble of the library itself is told as such
        try
        {
            using var scope = NewDisposeScope();
            using var layer = new PackedLinear(zeros(16, 16, dtype: ScalarType.BFloat16), null);
            return true;
        }
        catch (ExternalException)
        {
            return false;
        }
    }

    /// <summary>TorchSharp has no call for these operators, and its script compiler knows those of <c>aten</c> alone; code inside a
    /// saved module may name any. So this writes the smallest saved module and loads it.</summary>
    private static jit.ScriptModule LoadOperations()
    {
        NativeTorch.EnsureLoaded();
        // The 1 of pack, a batch size, is a hint for the layout: it keeps single rows fast and costs large batches nothing. It stands in the code because
        // TorchSharp wraps a number in an object that the collector may free before the native call has read it.
        const string Code = """
            class Operations(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def pack(self: __torch__.Operations, weight: Tensor) -> Tensor:
                return ops.mkldnn._reorder_linear_weight(weight, 1)
              def linear(self: __torch__.Operations, x: Tensor, packed: Tensor) -> Tensor:
                return ops.mkldnn._linear_pointwise(x, packed, None, "none", [], "")
              def linear_with_bias(self: __torch__.Operations, x: Tensor, packed: Tensor, bias: Tensor) -> Tensor:
                return ops.mkldnn._linear_pointwise(x, packed, bias, "none", [], "")

            """;
        // Python pickles: an Operations object whose state is {"training": False}, and an empty tuple of constants.
        const string State = "\u0080\u0002c__torch__\nOperations\n)\u0081}X\u0008\0\0\0training\u0089sb.";
        const string Constants = "\u0080\u0002).";
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in new[] { ("data.pkl", State), ("constants.pkl", Constants), ("version", "3\n"), ("code/__torch__.py", Code) })
            {
                using var entry = archive.CreateEntry("operations/" + name, CompressionLevel.NoCompression).Open();
                entry.Write(Encoding.Latin1.GetBytes(content));
            }
        }
        return jit.load(bytes.ToArray());
    }
}
