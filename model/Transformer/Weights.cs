using GenPrm.Model.Checkpoints;
using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Model.Transformer;

/// <summary>Where a model's weights come from: a checkpoint's name and the shape that the configuration asks for give a dense tensor,
/// which then belongs to the caller.</summary>
public delegate Tensor WeightSource(string name, params long[] shape);

/// <summary>Weight sources.</summary>
public static class Weights
{
    /// <summary>Reads from a model folder, converted to the target's number type and moved to its device.</summary>
    public static WeightSource From(CheckpointReader checkpoint, TorchTarget target) => (name, shape) =>
    {
        var entry = checkpoint.Find(name, shape);
        using var stored = empty(shape, dtype: TypeOf(entry.Type));
        checkpoint.Read(entry, NativeTorch.DataOf(stored));
        return stored.to(target.Dtype, target.Device, copy: true).DetachFromDisposeScope();
    };

    /// <summary>Random weights of the right shapes, for benchmarks: normal, with the spread of a trained model's.</summary>
    public static WeightSource Random(TorchTarget target, long seed)
    {
        var generator = new Generator((ulong)seed, CPU);
        return (name, shape) =>
        {
            using var values = name.EndsWith("norm.weight", StringComparison.Ordinal)
                ? ones(shape)
                : randn(shape, generator: generator).MultiplyInPlace(0.02f);
            return values.to(target.Dtype, target.Device, copy: true).DetachFromDisposeScope();
        };
    }

    /// <summary>Tensors one below the other, [rows of all, …]; takes them over.</summary>
    internal static Tensor Joined(Tensor[] parts)
    {
        if (parts.Length == 1)
            return parts[0];
        var joined = cat(parts, 0).DetachFromDisposeScope();
        foreach (var part in parts)
            part.Dispose();
        return joined;
    }

    private static ScalarType TypeOf(ElementType type) => type switch
    {
        ElementType.BFloat16 => ScalarType.BFloat16,
        ElementType.Float16 => ScalarType.Float16,
        ElementType.Float32 => ScalarType.Float32,
        _ => throw new CheckpointException($"element type {type} is not one of a weight"),
    };
}
