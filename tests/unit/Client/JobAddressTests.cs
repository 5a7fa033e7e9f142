using GenPrm.Client;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Jobs;

namespace GenPrm.Tests.Client;

public sealed class JobAddressTests
{
    [Theory]
    [InlineData("sums", "sums", null, null, null)]
    [InlineData("sums/17", "sums", 17, null, null)]
    [InlineData("sums/17/r3", "sums", 17, 3, null)]
    [InlineData("sums/17/r3/s2", "sums", 17, 3, 2)]
    public void Parse_EveryForm_GivesItsParts(string text, string job, int? problem, int? rollout, int? step) =>
        Assert.Equal(new JobAddress(job, problem, rollout, step), JobAddress.Parse(text));

    [Fact]
    public void Parse_Nothing_MeansTheNewestJob() => Assert.Equal(new JobAddress(Job: null), JobAddress.Parse(null));

    [Theory]
    [InlineData("sums/r3")]
    [InlineData("sums/17/3")]
    [InlineData("sums/17/r3/s2/c1")]
    [InlineData("/17")]
    [InlineData("sums/99999999999999999999")]
    public void Parse_AnotherForm_IsAUsageErrorThatShowsTheForms(string text)
    {
        var refused = Assert.Throws<CommandException>(() => JobAddress.Parse(text));
        Assert.Equal(ExitCodes.Usage, refused.ExitCode);
        Assert.Contains("JOB/17/r3/s2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_UniqueBeginning_FindsTheJob() => Assert.Equal("abc1", JobNames.Choose(["abc1", "xyz"], "ab"));

    [Fact]
    public void Choose_ExactNameThatBeginsAnother_FindsTheExactOne() => Assert.Equal("abc", JobNames.Choose(["abcd", "abc"], "abc"));

    [Fact]
    public void Choose_NoName_FindsTheNewest() => Assert.Equal("b", JobNames.Choose(["a", "b"], null));

    [Theory]
    [InlineData("a")]
    [InlineData("q")]
    public void Choose_NoneOrSeveral_NamesWhatThereIs(string asked)
    {
        var refused = Assert.Throws<CommandException>(() => JobNames.Choose(["ab", "ac"], asked));
        Assert.Contains("ab", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ac", refused.Message, StringComparison.Ordinal);
    }
}
