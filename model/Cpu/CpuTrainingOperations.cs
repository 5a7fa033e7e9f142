using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GenPrm.Model.Torch;
using GenPrm.Model.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Cpu;

/// <summary>The passes of training between matrix products on a CPU, one over memory each, computed in f32.</summary>
/// <remarks>Widths are multiples of 16, a head's of 32. Rows are cut into parts by their number alone and sums added up part by part, so
/// that a result does not depend on how many threads there are.</remarks>
internal sealed unsafe class CpuTrainingOperations<T> : ITrainingOperations
    where T : unmanaged, IElement<T>
{
    /// <summary>Numbers below which a second thread costs more than it brings.</summary>
    private const int Grain = 8192;

    public (Tensor Output, Tensor Scale) RmsNorm(Tensor x, TrainableWeight weight, double epsilon)
    {
        x = x.contiguous();
        var (rows, width) = Shape(x);
        var scale = empty([.. x.shape[..^1], 1], ScalarType.Float32);
        var output = empty(x.shape, x.dtype);
        using var finest = Finest(weight);
        T* from = Data(x), to = Data(output);
        float* scales = Floats(scale), weights = Floats(finest);
        Parts(rows, width, (_, row) =>
        {
            scales[row] = Scale(from + (row * width), width, (float)epsilon);
            Normalize(from + (row * width), scales[row], weights, to + (row * width), width);
        });
        return (output, scale);
    }

    public Tensor RmsNormAgain(Tensor x, Tensor scale, TrainableWeight weight)
    {
        x = x.contiguous();
        var (rows, width) = Shape(x);
        var output = empty(x.shape, x.dtype);
        using var finest = Finest(weight);
        T* from = Data(x), to = Data(output);
        float* scales = Floats(scale), weights = Floats(finest);
        Parts(rows, width, (_, row) => Normalize(from + (row * width), scales[row], weights, to + (row * width), width));
        return output;
    }

    public Tensor RmsNormGradient(Tensor x, Tensor scale, TrainableWeight weight, Tensor outputGradient, Tensor? residual)
    {
        (x, outputGradient, residual) = (x.contiguous(), outputGradient.contiguous(), residual?.contiguous());
        var (rows, width) = Shape(x);
        var gradient = empty(x.shape, x.dtype);
        using var finest = Finest(weight);
        using var sums = zeros([PartCount(rows, width), width], ScalarType.Float32);
        T* from = Data(x), after = Data(outputGradient), to = Data(gradient), beside = residual is null ? null : Data(residual);
        float* scales = Floats(scale), weights = Floats(finest), weightSums = Floats(sums);
        Parts(rows, width, (part, row) => NormGradient(
            from + (row * width), after + (row * width), beside is null ? null : beside + (row * width), scales[row], weights,
            weightSums + ((long)part * width), to + (row * width), width));
        if (weight.Trained)
        {
            using var sum = sums.sum(dim: 0);
            weight.Accumulate(sum);
        }

        return gradient;
    }

    public Tensor SwiGlu(Tensor gateUp)
    {
        var (rows, width) = (gateUp.shape[0], (int)gateUp.shape[1] / 2);
        var output = empty([rows, width], gateUp.dtype);
        T* from = Data(gateUp), to = Data(output);
        Parts(rows, 2 * width, (_, row) => Gate(from + (2 * row * width), to + (row * width), width));
        return output;
    }

    public Tensor SwiGluGradient(Tensor gateUp, Tensor outputGradient)
    {
        var (rows, width) = (gateUp.shape[0], (int)gateUp.shape[1] / 2);
        var gradient = empty(gateUp.shape, gateUp.dtype);
        outputGradient = outputGradient.contiguous();
        T* from = Data(gateUp), after = Data(outputGradient), to = Data(gradient);
        Parts(rows, 2 * width, (_, row) => GateGradient(from + (2 * row * width), after + (row * width), to + (2 * row * width), width));
        return gradient;
    }

    public void Rotate(Tensor heads, int count, Rotary rotary, int sign)
    {
        var (rows, all, size) = (heads.shape[0], (int)heads.shape[1], (int)heads.shape[2]);
        T* first = Data(heads);
        float* cosines = Floats(rotary.Cosine), sines = Floats(rotary.Sine);
        Parts(rows, count * size, (_, row) =>
        {
            for (var head = 0; head < count; head++)
                Turn(first + (((row * all) + head) * size), cosines + (row * size / 2), sines + (row * size / 2), size / 2, sign);
        });
    }

    public PackedAttention Attend(Tensor queries, Tensor keys, Tensor values, AttentionLayout layout, bool differentiable) =>
        typeof(T) == typeof(F32) && Blas.IsAvailable
            ? CpuPackedAttention.Forward(queries, keys, values, layout)
            : TorchPackedAttention.Forward(queries, keys, values, layout, differentiable);

    public double CrossEntropy(Tensor logits, ReadOnlySpan<TrainedPosition> targets, double? scale)
    {
        var (rows, width) = Shape(logits);
        var wanted = targets.ToArray();
        var losses = new double[rows];
        T* first = Data(logits);
        Parts(rows, width, (_, row) => losses[row] = Entropy(first + (row * width), width, wanted[row].Target, scale));
        return losses.Sum();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Scale(T* x, int width, float epsilon)
    {
        Vector512<float> even = default, odd = default;
        for (var at = 0; at < width; at += 16)
        {
            var v = T.Load(x + at);
            (even, odd) = (odd, Vector512.FusedMultiplyAdd(v, v, even));
        }

        return 1 / MathF.Sqrt((Vector512.Sum(even + odd) / width) + epsilon);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalize(T* x, float scale, float* weight, T* output, int width)
    {
        var s = Vector512.Create(scale);
        for (var at = 0; at < width; at += 16)
            T.Store(T.Load(x + at) * s * Vector512.Load(weight + at), output + at);
    }

    /// <summary>x̂ = x·s;  ∂w += g·x̂;  ∂x = s·(g·w − x̂·mean(g·w·x̂)), plus what goes past the norm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NormGradient(T* x, T* after, T* beside, float scale, float* weight, float* weightSums, T* gradient, int width)
    {
        var s = Vector512.Create(scale);
        Vector512<float> sum = default;
        for (var at = 0; at < width; at += 16)
        {
            var product = T.Load(after + at) * (T.Load(x + at) * s);
            (Vector512.Load(weightSums + at) + product).Store(weightSums + at);
            sum = Vector512.FusedMultiplyAdd(product, Vector512.Load(weight + at), sum);
        }

        var mean = Vector512.Create(Vector512.Sum(sum) / width);
        for (var at = 0; at < width; at += 16)
        {
            var own = ((T.Load(after + at) * Vector512.Load(weight + at)) - (T.Load(x + at) * s * mean)) * s;
            T.Store(beside is null ? own : own + T.Load(beside + at), gradient + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gate(T* gate, T* output, int width)
    {
        for (var at = 0; at < width; at += 16)
        {
            var x = T.Load(gate + at);
            T.Store(x * Sigmoid(x) * T.Load(gate + width + at), output + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GateGradient(T* gate, T* after, T* gradient, int width)
    {
        for (var at = 0; at < width; at += 16)
        {
            var (x, g) = (T.Load(gate + at), T.Load(after + at));
            var sigmoid = Sigmoid(x);
            var silu = x * sigmoid;
            T.Store(g * T.Load(gate + width + at) * (sigmoid + (silu * (Vector512<float>.One - sigmoid))), gradient + at);
            T.Store(g * silu, gradient + width + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(T* head, float* cosine, float* sine, int half, float sign)
    {
        var direction = Vector512.Create(sign);
        for (var at = 0; at < half; at += 16)
        {
            Vector512<float> real = T.Load(head + at), imaginary = T.Load(head + half + at), c = Vector512.Load(cosine + at), s = Vector512.Load(sine + at) * direction;
            T.Store((real * c) - (imaginary * s), head + at);
            T.Store((imaginary * c) + (real * s), head + half + at);
        }
    }

    /// <summary>A row's cross entropy; its logits become <c>(softmax − one at the target) · scale</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Entropy(T* logits, int width, int target, double? scale)
    {
        var whole = width / 16 * 16;
        var most = Vector512.Create(float.NegativeInfinity);
        for (var at = 0; at < whole; at += 16)
            most = Vector512.Max(most, T.Load(logits + at));
        var largest = VectorMath.Largest(most);
        for (var at = whole; at < width; at++)
            largest = MathF.Max(largest, T.LoadOne(logits + at));
        var shift = Vector512.Create(largest);
        Vector512<float> even = default, odd = default;
        for (var at = 0; at < whole; at += 16)
            (even, odd) = (odd, even + VectorMath.Exp(T.Load(logits + at) - shift));
        var sum = (double)Vector512.Sum(even + odd);
        for (var at = whole; at < width; at++)
            sum += MathF.Exp(T.LoadOne(logits + at) - largest);
        var loss = largest + Math.Log(sum) - T.LoadOne(logits + target);
        if (scale is not { } factor)
            return loss;
        var atTarget = (float)((Math.Exp(-loss) - 1) * factor);
        var share = (float)(factor / sum);
        var shares = Vector512.Create(share);
        for (var at = 0; at < whole; at += 16)
            T.Store(VectorMath.Exp(T.Load(logits + at) - shift) * shares, logits + at);
        for (var at = whole; at < width; at++)
            T.StoreOne(MathF.Exp(T.LoadOne(logits + at) - largest) * share, logits + at);
        T.StoreOne(atTarget, logits + target);
        return loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sigmoid(Vector512<float> x) =>
        Vector512<float>.One / (Vector512<float>.One + VectorMath.Exp(Vector512.Min(-x, Vector512.Create(80f))));

    private static int PartCount(long rows, int width) => (int)Math.Clamp(rows * width / Grain, 1, Math.Min(rows, 16));

    /// <summary>Calls with every row and the number of its part.</summary>
    private static void Parts(long rows, int width, Action<int, long> body)
    {
        if (rows == 0)
            return;
        var parts = PartCount(rows, width);
        ThreadTeam.For(parts, part =>
        {
            for (var row = part * rows / parts; row < (part + 1) * rows / parts; row++)
                body(part, row);
        });
    }

    private static (long Rows, int Width) Shape(Tensor x) => (x.numel() / x.shape[^1], (int)x.shape[^1]);

    /// <summary>The weight in f32; a tensor of one's own.</summary>
    private static Tensor Finest(TrainableWeight weight) => weight.Finest.dtype == ScalarType.Float32 ? weight.Finest.alias() : weight.Finest.to(ScalarType.Float32);

    private static T* Data(Tensor tensor) => (T*)NativeTorch.DataOf(tensor);

    private static float* Floats(Tensor tensor) => (float*)NativeTorch.DataOf(tensor);
}
