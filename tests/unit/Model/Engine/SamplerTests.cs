using GenPrm.Core.Identity;
using GenPrm.Model.Cpu;
using GenPrm.Model.Engine;
using GenPrm.Model.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace GenPrm.Tests.Model;

public sealed class SamplerTests
{
    private static readonly float[] FourTokens = [0.1f, 0.4f, 0.2f, 0.3f];
    private static readonly float[] TwoTokens = [0.25f, 0.75f];

    public SamplerTests() => NativeTorch.EnsureLoaded();

    public static TheoryData<double, double, int> Settings => new()
    {
        { 0, 1, 0 },
        { 1, 1, 0 },
        { 0.7, 0.9, 0 },
        { 1.4, 1, 20 },
        { 1, 0.5, 7 },
        { 3, 0.999, 0 },
        { 1, 1e-9, 0 },
        { 1, 1, 1 },
        { 1e-4, 0.9, 0 },
        { 1e-40, 0.9, 0 },
        { 1e-320, 0.9, 5 },
        { 100, 0.9, 0 },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Choose_KernelAndTorch_TakeTheSameTokens(double temperature, double topP, int topK)
    {
        var random = new RandomStream(1);
        using var logits = Logits(64, 1003, 2);
        Draw[] draws = [.. Enumerable.Range(0, 64).Select(_ => new Draw(temperature, topP, topK, random.NextDouble(), -1, true))];
        var (left, right) = (new CpuSampler<F32>().Choose(logits, draws), new TorchSampler().Choose(logits, draws));
        Assert.Equal(right.Select(drawn => drawn.Token), left.Select(drawn => drawn.Token));
        Assert.All(left.Zip(right), pair => Assert.Equal(pair.Second.LogProbability, pair.First.LogProbability, 1e-4));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Choose_ManyDraws_FollowTheProbabilities(bool kernel)
    {
        using var scope = NewDisposeScope();
        float[] probabilities = [0.5f, 0.25f, 0.125f, 0.0625f, 0.0625f];
        var logits = tensor(probabilities).log().repeat(4000, 1);
        var random = new RandomStream(9);
        Draw[] draws = [.. Enumerable.Range(0, 4000).Select(_ => new Draw(1, 1, 0, random.NextDouble(), -1, false))];
        var drawn = (kernel ? (ISampler)new CpuSampler<F32>() : new TorchSampler()).Choose(logits, draws);
        for (var token = 0; token < 5; token++)
            Assert.Equal(probabilities[token], drawn.Count(one => one.Token == token) / 4000.0, 0.03);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Choose_TopPAndTopK_DrawNothingElse(bool kernel)
    {
        using var scope = NewDisposeScope();
        var logits = tensor(FourTokens).log().repeat(200, 1);
        var random = new RandomStream(4);
        var sampler = kernel ? (ISampler)new CpuSampler<F32>() : new TorchSampler();
        // 0.4 + 0.3 reach 0.65; the two largest are the same two.
        Assert.Equal([1, 3], Tokens(new Draw(1, 0.65, 0, 0, -1, false)));
        Assert.Equal([1, 3], Tokens(new Draw(1, 1, 2, 0, -1, false)));
        Assert.Equal([1, 2, 3], Tokens(new Draw(1, 0.75, 0, 0, -1, false)));

        IEnumerable<int> Tokens(Draw draw) => sampler
            .Choose(logits, [.. Enumerable.Range(0, 200).Select(_ => draw with { Uniform = random.NextDouble() })])
            .Select(drawn => drawn.Token).Distinct().Order();
    }

    [Fact]
    public void Choose_Bf16_TakesTheTokensOfTheSameNumbersInF32()
    {
        using var scope = NewDisposeScope();
        var narrow = Logits(16, 515, 3).to_type(ScalarType.BFloat16);
        var random = new RandomStream(2);
        Draw[] draws = [.. Enumerable.Range(0, 16).Select(_ => new Draw(0.8, 0.95, 0, random.NextDouble(), -1, true))];
        Assert.Equal(new CpuSampler<F32>().Choose(narrow.to_type(ScalarType.Float32), draws), new CpuSampler<Bf16>().Choose(narrow, draws));
    }

    [Fact]
    public void Choose_Forced_TakesTheTokenAndItsLogProbability()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(TwoTokens).log().unsqueeze(0);
        var drawn = Assert.Single(new CpuSampler<F32>().Choose(logits, [new Draw(0.1, 0.1, 1, 0.5, 0, true)]));
        Assert.Equal(0, drawn.Token);
        Assert.Equal(Math.Log(0.25), drawn.LogProbability, 1e-5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Choose_TemperatureTooSmallToDivideBy_TakesTheMostProbable(bool kernel)
    {
        using var scope = NewDisposeScope();
        var logits = tensor(FourTokens).log().repeat(3, 1);
        var sampler = kernel ? (ISampler)new CpuSampler<F32>() : new TorchSampler();
        var drawn = sampler.Choose(logits, [new(1e-5, 0.9, 0, 0.99, -1, false), new(1e-40, 0.9, 0, 0.99, -1, false), new(1e-320, 0.9, 0, 0.99, -1, false)]);
        Assert.All(drawn, one => Assert.Equal(1, one.Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Choose_RowThatIsNoNumbers_IsBrokenAndNoOther(bool kernel)
    {
        using var scope = NewDisposeScope();
        var logits = tensor(FourTokens).log().repeat(4, 1);
        logits[1, 2] = float.NaN;
        logits[2, 0] = float.PositiveInfinity;
        var sampler = kernel ? (ISampler)new CpuSampler<F32>() : new TorchSampler();
        foreach (var draw in new[] { new Draw(1, 0.5, 2, 0.3, -1, true), new Draw(0, 1, 0, 0.3, -1, false), new Draw(1, 1, 0, 0.3, 3, true) })
            Assert.Equal([false, true, true, false], sampler.Choose(logits, [draw, draw, draw, draw]).Select(drawn => drawn.IsBroken));
    }

    private static Tensor Logits(int rows, int vocabulary, float spread)
    {
        using var generator = new Generator(17, CPU);
        return randn(rows, vocabulary, generator: generator).MultiplyInPlace(spread);
    }
}
