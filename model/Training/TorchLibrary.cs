using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Training;

/// <summary>Operations of the native library that TorchSharp has no name for, called through a small compiled unit.</summary>
internal static class TorchLibrary
{
    // A number type is given by its index in the library: 6 is float32, 7 is float64. Functions take tensors alone: TorchSharp wraps a number
    // in an object that the collector may free before the native call has read it.
    private static readonly Lazy<jit.CompilationUnit> Unit = new(() => jit.compile(
        """
        def silu_gradient(gradient: Tensor, x: Tensor):
            return torch.silu_backward(gradient, x)

        def row_norm(x: Tensor):
            return torch.linalg_vector_norm(x, 2.0, [-1], True, dtype=6)

        def row_norm_of_doubles(x: Tensor):
            return torch.linalg_vector_norm(x, 2.0, [-1], True, dtype=7)

        """));

    /// <summary>The gradient of silu at <paramref name="x"/>.</summary>
    public static Tensor SiluGradient(Tensor gradient, Tensor x) => Unit.Value.invoke<Tensor>("silu_gradient", gradient, x);

    /// <summary>The Euclidean norm of each row [.., 1], summed and given in float32 (float64 for float64), in one pass.</summary>
    public static Tensor RowNorm(Tensor x) => Unit.Value.invoke<Tensor>(x.dtype == ScalarType.Float64 ? "row_norm_of_doubles" : "row_norm", x);
}
