using System.Collections.Immutable;
using CsCheck;
using GenPrm.Core.Generation;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;
using GenPrm.Core.Rollouts;

namespace GenPrm.Tests.Unit.Rollouts;

public sealed class RoundPlanTests
{
    private static readonly RolloutParameters Four = new() { FirstRound = 4, Round = 2, Max = 8, Kept = 4 };

    [Fact]
    public void Next_NothingSampled_AsksForTheFirstRound() =>
        Assert.Equal(Enumerable.Range(0, 32), Assert.IsType<SamplingDecision.Sample>(RoundPlan.Next(ProblemSampling.Empty, new RolloutParameters())).Indices);

    [Fact]
    public void Next_RoundHalfArrived_AsksForTheRest() =>
        Assert.Equal([0, 2], Assert.IsType<SamplingDecision.Sample>(RoundPlan.Next(Sampled(Four, ".+.+"), Four)).Indices);

    [Fact]
    public void Next_OneKindShort_AsksForALaterRound() =>
        Assert.Equal([4, 5], Assert.IsType<SamplingDecision.Sample>(RoundPlan.Next(Sampled(Four, "+++-"), Four)).Indices);

    [Fact]
    public void Next_BothHalves_KeepsTheFirstOfEither()
    {
        var keep = Assert.IsType<SamplingDecision.Keep>(RoundPlan.Next(Sampled(Four, "++x+--"), Four));
        Assert.Equal([0, 1, 4, 5], keep.Indices);
        Assert.Equal(new Share(3, 6), keep.PassAtOne);
    }

    [Theory]
    [InlineData("+++-++++", new[] { 0, 1, 2, 3 })]
    [InlineData("--xx+x--", new[] { 0, 1, 4, 6 })]
    public void Next_LimitWithOneKindShort_TopsUpFromTheOther(string sampled, int[] kept) =>
        Assert.Equal(kept, Assert.IsType<SamplingDecision.Keep>(RoundPlan.Next(Sampled(Four, sampled), Four)).Indices);

    [Theory]
    [InlineData("--------", ProblemClass.TooHard)]
    [InlineData("xxxxxxxx", ProblemClass.TooHard)]
    [InlineData("++++++++", ProblemClass.TooEasy)]
    [InlineData("+x+x++++", ProblemClass.TooEasy)]
    public void Next_LimitWithOneKindMissing_Discards(string sampled, ProblemClass expected) =>
        Assert.Equal(expected, Assert.IsType<SamplingDecision.Discard>(RoundPlan.Next(Sampled(Four, sampled), Four)).Class);

    [Fact]
    public void Next_KeptCountGrows_KeepsWhatWasKeptAndTheFirstPassAtOne()
    {
        var sampling = Sampled(Four, "+-+-");
        var first = Assert.IsType<SamplingDecision.Keep>(RoundPlan.Next(sampling, Four));
        sampling = sampling.End(first);
        var more = Four with { Kept = 6 };
        Assert.Equal([4, 5], Assert.IsType<SamplingDecision.Sample>(RoundPlan.Next(sampling, more)).Indices);
        sampling = sampling.Apply(Make(4, '+'), more).Apply(Make(5, '-'), more);
        var second = Assert.IsType<SamplingDecision.Keep>(RoundPlan.Next(sampling, more));
        Assert.Equal(new Share(2, 4), second.PassAtOne);
        Assert.Superset(first.Indices.ToHashSet(), second.Indices.ToHashSet());
    }

    [Fact]
    public void Apply_ArrivingTwice_CountsOnce()
    {
        var once = Sampled(Four, "+-");
        Assert.Same(once, once.Apply(Make(1, '+'), Four));
    }

    [Fact]
    public void Next_AnyOutcomes_EndsBalancedWhateverTheOrderOfArrival()
    {
        Gen.Select(Gen.Char["+++--x"].Array[40], Gen.Int[2, 9], Gen.Int[1, 7], Gen.Int[2, 40], Gen.ULong).Sample((outcomes, first, round, max, seed) =>
        {
            var parameters = new RolloutParameters { FirstRound = first, Round = round, Max = max, Kept = Math.Min(4, max) };
            var (inOrder, calm) = Run(parameters, outcomes, null);
            var (shuffled, mixed) = Run(parameters, outcomes, seed);
            Assert.Equal(calm.ToString(), mixed.ToString());
            Assert.Equal(inOrder.Facts, shuffled.Facts);
            Assert.True(inOrder.Facts.Length <= max);
            if (calm is not SamplingDecision.Keep keep || mixed is not SamplingDecision.Keep other)
                return;
            Assert.Equal(keep.Indices, other.Indices);
            Assert.Contains(keep.Indices, i => outcomes[i] == '+');
            Assert.Contains(keep.Indices, i => outcomes[i] == '-');
            Assert.True(keep.Indices.Length == parameters.Kept || inOrder.Facts.Length == max);
        });
    }

    private static (ProblemSampling, SamplingDecision) Run(RolloutParameters parameters, char[] outcomes, ulong? shuffle)
    {
        var sampling = ProblemSampling.Empty;
        while (RoundPlan.Next(sampling, parameters) is SamplingDecision.Sample sample)
        {
            var order = sample.Indices.ToArray();
            if (shuffle is { } seed)
                order = [.. order.OrderBy(i => Core.Identity.RandomStream.SeedOf(seed, $"{i}"))];
            foreach (var index in order)
                sampling = sampling.Apply(Make(index, outcomes[index]), parameters);
        }

        return (sampling, RoundPlan.Next(sampling, parameters));
    }

    private static ProblemSampling Sampled(RolloutParameters parameters, string outcomes) =>
        outcomes.Select((outcome, index) => (outcome, index)).Where(one => one.outcome != '.')
            .Aggregate(ProblemSampling.Empty, (sampling, one) => sampling.Apply(Make(one.index, one.outcome), parameters));

    /// <summary>+ is a correct rollout, - an incorrect one, x an invalid one.</summary>
    private static Rollout Make(int index, char outcome) =>
        new(new(index, outcome == '+' ? RolloutClass.Correct : outcome == '-' ? RolloutClass.Incorrect : RolloutClass.Cut, "1", 1, 9), $"Step 1: {outcome}");
}
