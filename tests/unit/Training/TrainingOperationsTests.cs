using System.Collections.Immutable;
using GenPrm.Model.Checkpoints;
using GenPrm.Model.Cpu;
using GenPrm.Model.Torch;
using GenPrm.Model.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Tests.Unit.Training;

/// <summary>The passes written for CPUs give what torch's operations give in float64.</summary>
public sealed class TrainingOperationsTests : IDisposable
{
    private readonly DisposeScope scope;
    private readonly IDisposable noGradient;
    private readonly Generator random;
    private readonly TorchTrainingOperations exact = new();

    public TrainingOperationsTests()
    {
        NativeTorch.EnsureLoaded();
        scope = NewDisposeScope();
        noGradient = no_grad();
        random = new Generator(3, CPU);
    }

    public static TheoryData<ScalarType> Types => [ScalarType.Float32, ScalarType.BFloat16];

    public void Dispose()
    {
        noGradient.Dispose();
        scope.Dispose();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void RmsNorm_AndItsGradient_AreTorchs(ScalarType type)
    {
        var (x, after, beside) = (Random(type, 70, 3, 32), Random(type, 70, 3, 32), Random(type, 70, 3, 32));
        var values = Random(ScalarType.Float32, 32);
        using var weight = Weight(values, type);
        using var exactWeight = Weight(values, ScalarType.Float64);

        var (output, scale) = Fast(type).RmsNorm(x, weight, 1e-5);
        var (wanted, wantedScale) = exact.RmsNorm(Exact(x), exactWeight, 1e-5);

        Near(wanted, output, type);
        Near(wantedScale, scale, ScalarType.Float32);
        Near(wanted, Fast(type).RmsNormAgain(x, scale, weight), type);
        foreach (var residual in new[] { beside, null })
        {
            Near(
                exact.RmsNormGradient(Exact(x), wantedScale, exactWeight, Exact(after), residual is null ? null : Exact(residual)),
                Fast(type).RmsNormGradient(x, scale, weight, after, residual),
                type);
        }

        Near(exactWeight.Gradient!, weight.Gradient!, ScalarType.Float32);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void RmsNorm_OfPartOfEachRow_IsTorchs(ScalarType type)
    {
        var heads = Random(type, 9, 5, 32);
        var values = Random(ScalarType.Float32, 32);
        using var weight = Weight(values, type);
        using var exactWeight = Weight(values, ScalarType.Float64);

        Near(exact.RmsNorm(Exact(heads.narrow(1, 1, 3)), exactWeight, 1e-5).Output, Fast(type).RmsNorm(heads.narrow(1, 1, 3), weight, 1e-5).Output, type);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void SwiGlu_AndItsGradient_AreTorchs(ScalarType type)
    {
        var (gateUp, after) = (Random(type, 300, 96).MultiplyInPlace(8), Random(type, 300, 48));

        Near(exact.SwiGlu(Exact(gateUp)), Fast(type).SwiGlu(gateUp), type);
        Near(exact.SwiGluGradient(Exact(gateUp), Exact(after)), Fast(type).SwiGluGradient(gateUp, after), type);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Rotate_OfTheFirstHeads_IsTorchsAndLeavesTheOthers(ScalarType type)
    {
        ImmutableArray<int> lengths = [40, 60];
        double[] frequencies = [.. Enumerable.Range(0, 16).Select(index => Math.Pow(10_000, -index / 16.0))];
        using var rotary = new Rotary(frequencies, lengths, ScalarType.Float32, CPU);
        using var exactRotary = new Rotary(frequencies, lengths, ScalarType.Float64, CPU);
        foreach (var sign in (int[])[1, -1])
        {
            var heads = Random(type, 100, 6, 32);
            var wanted = Exact(heads).clone();
            exact.Rotate(wanted, 4, exactRotary, sign);

            Fast(type).Rotate(heads, 4, rotary, sign);

            Near(wanted, heads, type);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32, 256)]
    [InlineData(ScalarType.Float32, 49)]
    [InlineData(ScalarType.BFloat16, 256)]
    [InlineData(ScalarType.BFloat16, 5)]
    public void CrossEntropy_AndItsGradient_AreTorchs(ScalarType type, int vocabulary)
    {
        var logits = Random(type, 200, vocabulary).MultiplyInPlace(30);
        TrainedPosition[] targets = [.. Enumerable.Range(0, 200).Select(row => new TrainedPosition(row, row * 7 % vocabulary))];
        var (wanted, wantedGradient) = (exact.CrossEntropy(Exact(logits), targets, null), Exact(logits).clone());
        exact.CrossEntropy(wantedGradient, targets, 0.125);

        Assert.Equal(1, Fast(type).CrossEntropy(logits, targets, null) / wanted, 1e-6);
        Assert.Equal(1, Fast(type).CrossEntropy(logits, targets, 0.125) / wanted, 1e-6);
        Near(wantedGradient, logits, type);
    }

    /// <summary>Sequences of one token, of a block and one more, of several blocks; heads that share keys and heads that do not.</summary>
    [Theory]
    [InlineData(6, 2, 32)]
    [InlineData(3, 3, 64)]
    public void Attend_AndItsGradient_AreTorchs(int heads, int keyHeads, int size)
    {
        var all = Random(ScalarType.Float32, 287, heads + (2 * keyHeads), size);
        var after = Random(ScalarType.Float32, 287, heads * size);
        using var layout = new AttentionLayout([1, 65, 17, 200, 4], CPU);
        using var attention = Attend(Fast(ScalarType.Float32), all);
        using var wanted = Attend(exact, Exact(all));

        Assert.IsType<CpuPackedAttention>(attention);
        // A weight is the exponential of a sum of as many products as a head has numbers.
        Near(wanted.Output, attention.Output, ScalarType.Float32, single: 5e-5);
        Near(wanted.Backward(Exact(after)), attention.Backward(after), ScalarType.Float32, single: 5e-5);

        PackedAttention Attend(ITrainingOperations operations, Tensor all) => operations.Attend(
            all.narrow(1, 0, heads), all.narrow(1, heads, keyHeads), all.narrow(1, heads + keyHeads, keyHeads), layout, differentiable: true);
    }

    [Fact]
    public void CrossEntropy_OfWhatIsNoNumber_IsNoNumber()
    {
        var logits = Random(ScalarType.Float32, 2, 40);
        logits[1, 3] = double.NaN;

        Assert.True(double.IsNaN(Fast(ScalarType.Float32).CrossEntropy(logits, [new(0, 1), new(1, 2)], 1)));
    }

    [Theory]
    [InlineData("f32")]
    [InlineData("bf16")]
    public void AdamW_OfFloat32_IsThatOfFloat64(string type)
    {
        using var model = TinyModels.Create(Architecture.Qwen2, type);
        using var exactModel = TinyModels.Create(Architecture.Qwen2, "f64");
        foreach (var (weight, exactWeight) in model.TrainedWeights.Zip(exactModel.TrainedWeights))
            exactWeight.Master!.copy_(weight.Master!);
        var options = new AdamWOptions { WeightDecay = 0.1, MaxGradientNorm = 0.5 };
        using var optimizer = new AdamW(model.TrainedWeights, options);
        using var exactOptimizer = new AdamW(exactModel.TrainedWeights, options);

        for (var step = 0; step < 4; step++)
        {
            foreach (var (weight, exactWeight) in model.TrainedWeights.Zip(exactModel.TrainedWeights))
            {
                weight.Accumulate(Random(ScalarType.Float32, weight.Master!.shape));
                exactWeight.Accumulate(weight.Gradient!);
            }

            var (norm, exactNorm) = (optimizer.GradientNorm(), exactOptimizer.GradientNorm());
            Assert.Equal(1, norm / exactNorm, 1e-6);
            optimizer.Update(0.01, norm);
            exactOptimizer.Update(0.01, exactNorm);
        }

        Assert.All(model.TrainedWeights.Zip(exactModel.TrainedWeights), pair =>
        {
            Near(pair.Second.Master!, pair.First.Master!, ScalarType.Float32);
            Assert.True(pair.First.Compute.equal(pair.First.Master!.to(pair.First.Compute.dtype)).all().item<bool>());
        });
    }

    private static ITrainingOperations Fast(ScalarType type) => type == ScalarType.BFloat16 ? new CpuTrainingOperations<Bf16>() : new CpuTrainingOperations<F32>();

    private static TrainableWeight Weight(Tensor values, ScalarType compute) =>
        new([new("w", 0, values.shape[0])], compute == ScalarType.Float64 ? Exact(values) : values.clone(), compute, trained: true);

    private static Tensor Exact(Tensor x) => x.to(ScalarType.Float64);

    private Tensor Random(ScalarType type, params long[] shape) => randn(shape, generator: random).to(type);

    /// <summary>Within a rounding of the type, relative to the number or to the tensor's scale where that is small.</summary>
    private static void Near(Tensor wanted, Tensor actual, ScalarType type, double single = 1e-5)
    {
        var tolerance = type == ScalarType.BFloat16 ? 1.0 / 200 : single;
        var scale = wanted.abs().Plus(wanted.abs().mean(), 0.1);
        var worst = actual.to(ScalarType.Float64).sub(wanted).abs().div(scale).max().Number();
        Assert.True(worst < tolerance, $"worst relative difference {worst}");
    }
}
