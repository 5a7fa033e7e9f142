// Here each number is held until its call is over.
#pragma warning disable RS0030

using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Torch;

/// <summary>Sums, and operations of a tensor with a number, whose native number lives until the call is over.</summary>
/// <remarks>TorchSharp's own forms hand the native call a number's address alone. The collector may then free the number while the call still
/// reads it, and the result is wrong, or an error, once in many hours: BannedSymbols.txt keeps them out.</remarks>
internal static class NumberOperations
{
    private static readonly Scalar One = 1.ToScalar();

    /// <summary>The only number of a tensor, on any device, in any type.</summary>
    public static double Number(this Tensor tensor)
    {
        using var here = tensor.to(ScalarType.Float64, CPU);
        return here.item<double>();
    }

    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary><c>left + factor · right</c></summary>
    public static Tensor Plus(this Tensor left, Tensor right, double factor)
    {
        using var number = factor.ToScalar();
        return left.add(right, number);
    }

    public static Tensor Times(this Tensor tensor, double factor)
    {
        using var number = factor.ToScalar();
        return tensor.mul(number);
    }

    /// <summary>Each number, or <paramref name="most"/> where it is larger.</summary>
    public static Tensor AtMost(this Tensor tensor, long most)
    {
        using var number = most.ToScalar();
        return tensor.clamp_max(number);
    }

    /// <summary>A copy with <paramref name="value"/> wherever <paramref name="mask"/> is true.</summary>
    public static Tensor Masked(this Tensor tensor, Tensor mask, double value)
    {
        using var number = value.ToScalar();
        return tensor.masked_fill(mask, number);
    }

    public static Tensor AddInPlace(this Tensor tensor, Tensor addend) => tensor.add_(addend, One);

    /// <summary><c>tensor += factor · addend</c></summary>
    public static Tensor AddInPlace(this Tensor tensor, Tensor addend, double factor)
    {
        using var number = factor.ToScalar();
        return tensor.add_(addend, number);
    }

    public static Tensor AddInPlace(this Tensor tensor, double addend)
    {
        using var number = addend.ToScalar();
        return tensor.add_(number, One);
    }

    public static Tensor MultiplyInPlace(this Tensor tensor, double factor)
    {
        using var number = factor.ToScalar();
        return tensor.mul_(number);
    }

    public static Tensor DivideInPlace(this Tensor tensor, double divisor)
    {
        using var number = divisor.ToScalar();
        return tensor.div_(number);
    }

    /// <summary><c>tensor += factor · left · right</c>, number by number.</summary>
    public static Tensor AddProductInPlace(this Tensor tensor, Tensor left, Tensor right, double factor)
    {
        using var number = factor.ToScalar();
        return tensor.addcmul_(left, right, number);
    }

    /// <summary><c>tensor += factor · left / right</c>, number by number.</summary>
    public static Tensor AddQuotientInPlace(this Tensor tensor, Tensor left, Tensor right, double factor)
    {
        using var number = factor.ToScalar();
        return tensor.addcdiv_(left, right, number);
    }

    /// <summary>Adds rows at the rows given by <paramref name="index"/>, in their order.</summary>
    public static Tensor AddRowsInPlace(this Tensor tensor, Tensor index, Tensor rows) => tensor.index_add_(0, index, rows, One);
}
