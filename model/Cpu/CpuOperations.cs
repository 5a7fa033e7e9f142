using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GenPrm.Model.Torch;
using GenPrm.Model.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Cpu;

/// <summary>Norms and gates on a CPU, one pass over memory each. For inference: no gradients, and sums are written in place.</summary>
/// <remarks>Widths must be multiples of 16; tensors of one number type, contiguous.</remarks>
internal sealed unsafe class CpuOperations<T> : IOperations
    where T : unmanaged, IElement<T>
{
    /// <summary>Numbers below which a second thread costs more than it brings.</summary>
    private const int Grain = 8192;

    public Tensor RmsNorm(Tensor input, Tensor weight, double epsilon)
    {
        var normalized = empty_like(input);
        T* source = Data(input), scales = Data(weight), destination = Data(normalized);
        Rows(input, (width, row) => Normalize(source + ((long)row * width), null, scales, destination + ((long)row * width), width, (float)epsilon));
        return normalized;
    }

    public (Tensor Sum, Tensor Normalized) AddRmsNorm(Tensor residual, Tensor addend, Tensor weight, double epsilon)
    {
        var normalized = empty_like(residual);
        T* sum = Data(residual), added = Data(addend), scales = Data(weight), destination = Data(normalized);
        Rows(residual, (width, row) => Normalize(sum + ((long)row * width), added + ((long)row * width), scales, destination + ((long)row * width), width, (float)epsilon));
        return (residual, normalized);
    }

    public Tensor SiluMultiply(Tensor gateAndUp)
    {
        var half = gateAndUp.shape[1] / 2;
        var product = empty([gateAndUp.shape[0], half], gateAndUp.dtype);
        T* source = Data(gateAndUp), products = Data(product);
        Rows(product, (width, row) => Gate(source + (2L * row * width), products + ((long)row * width), width));
        return product;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gate(T* gate, T* product, int width)
    {
        for (var at = 0; at < width; at += 16)
        {
            var x = T.Load(gate + at);
            var sigmoid = Vector512<float>.One / (Vector512<float>.One + VectorMath.Exp(Vector512.Min(-x, Vector512.Create(80f))));
            T.Store(x * sigmoid * T.Load(gate + width + at), product + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalize(T* row, T* addend, T* weight, T* destination, int width, float epsilon)
    {
        Vector512<float> even = default, odd = default;
        for (var at = 0; at < width; at += 16)
        {
            var x = T.Load(row + at);
            if (addend is not null)
            {
                x += T.Load(addend + at);
                T.Store(x, row + at);
                x = T.Load(row + at); // the norm is that of the sum as it is kept
            }
            (even, odd) = (odd, Vector512.FusedMultiplyAdd(x, x, even));
        }
        var scale = Vector512.Create(1 / MathF.Sqrt((Vector512.Sum(even + odd) / width) + epsilon));
        for (var at = 0; at < width; at += 16)
            T.Store(T.Load(row + at) * scale * T.Load(weight + at), destination + at);
    }

    /// <summary>Calls for every row, several threads sharing them where that pays.</summary>
    private static void Rows(Tensor tensor, Action<int, int> body)
    {
        int rows = (int)tensor.shape[0], width = (int)tensor.shape[1];
        var parts = Math.Clamp((int)((long)rows * width / Grain), 1, Math.Min(rows, 16));
        ThreadTeam.For(parts, part =>
        {
            for (var row = part * rows / parts; row < (part + 1) * rows / parts; row++)
                body(width, row);
        });
    }

    private static T* Data(Tensor tensor) => (T*)NativeTorch.DataOf(tensor);
}
