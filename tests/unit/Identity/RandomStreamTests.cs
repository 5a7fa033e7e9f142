using GenPrm.Core.Identity;

namespace GenPrm.Tests.Unit.Identity;

public sealed class RandomStreamTests
{
    [Fact]
    public void NextUInt64_KnownSeed_MatchesThePublishedSequence()
    {
        // SplitMix64's reference outputs for seed 1234567.
        var stream = new RandomStream(1234567);
        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL], new[] { stream.NextUInt64(), stream.NextUInt64(), stream.NextUInt64() });
    }

    [Fact]
    public void SeedOf_AnotherIdentityOrSeed_GivesAnotherSeed()
    {
        var seeds = new[] { RandomStream.SeedOf(1, "17/r3"), RandomStream.SeedOf(1, "17/r4"), RandomStream.SeedOf(2, "17/r3") };
        Assert.Equal(3, seeds.Distinct().Count());
        Assert.Equal(seeds[0], RandomStream.SeedOf(1, "17/r3"));
    }
}
