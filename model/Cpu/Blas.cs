using GenPrm.Model.Torch;

namespace GenPrm.Model.Cpu;

/// <summary>Single-precision matrix products on memory, by the BLAS inside torch's library. In a loop of <see cref="ThreadTeam"/> a product takes
/// the thread that asks for it, unless OpenMP is told to nest.</summary>
internal static unsafe class Blas
{
    private static readonly delegate* unmanaged[Cdecl]<byte*, byte*, int*, int*, int*, float*, float*, int*, float*, int*, float*, float*, int*, void> Product =
        (delegate* unmanaged[Cdecl]<byte*, byte*, int*, int*, int*, float*, float*, int*, float*, int*, float*, float*, int*, void>)NativeTorch.TorchExport("sgemm_");

    /// <summary>Whether this torch has it; one that was built without a BLAS of its own does not.</summary>
    public static bool IsAvailable => Product != null;

    /// <summary><c>C = alpha · A · B + beta · C</c>, where C is [rows, columns] and A [rows, inner].</summary>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="inner">What is summed over.</param>
    /// <param name="alpha">Factor of the product.</param>
    /// <param name="a">The left matrix.</param>
    /// <param name="b">The right matrix.</param>
    /// <param name="beta">0 to overwrite, 1 to add.</param>
    /// <param name="c">The result; not transposed.</param>
    public static void Multiply(int rows, int columns, int inner, float alpha, Matrix a, Matrix b, float beta, Matrix c)
    {
        // BLAS stores by columns: C = A · B by rows is its Cᵀ = Bᵀ · Aᵀ.
        byte left = b.Transposed ? (byte)'T' : (byte)'N', right = a.Transposed ? (byte)'T' : (byte)'N';
        int aStride = a.Stride, bStride = b.Stride, cStride = c.Stride;
        Product(&left, &right, &columns, &rows, &inner, &alpha, b.Data, &bStride, a.Data, &aStride, &beta, c.Data, &cStride);
    }
}

/// <summary>A matrix in memory, row by row.</summary>
/// <param name="data">Its first number.</param>
/// <param name="stride">Numbers from one row to the next.</param>
/// <param name="transposed">Whether it stands for its transpose.</param>
internal readonly unsafe struct Matrix(float* data, int stride, bool transposed = false)
{
    public float* Data => data;

    public int Stride => stride;

    public bool Transposed => transposed;

    /// <summary>The transpose.</summary>
    public Matrix T => new(data, stride, !transposed);

    /// <summary>The matrix from a row on; a row as it is stored.</summary>
    public Matrix From(int row) => new(data + ((long)row * stride), stride, transposed);
}
