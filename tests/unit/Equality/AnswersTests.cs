using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

public sealed class AnswersTests
{
    [Theory]
    [InlineData(@"\frac{1}{2}", "0.5")]
    [InlineData(@"\dfrac12", "1/2")]
    [InlineData("x=3", "3")]
    [InlineData(@"\sqrt{8}", @"2\sqrt2")]
    [InlineData(@"\{1,2\}", @"\{2,1\}")]
    [InlineData("x>5", @"(5,\infty)")]
    public void Compare_SameAnswer_IsEqual(string gold, string prediction)
        => Assert.Equal(Verdict.Equal, Answers.Compare(gold, prediction).Verdict);

    [Theory]
    [InlineData("(1,2)", "(2,1)")]
    [InlineData("x+1", "y+1")]
    [InlineData("101_2", "101_3")]
    [InlineData("9", "8")]
    public void Compare_AnotherAnswer_IsDifferent(string gold, string prediction)
        => Assert.Equal(Verdict.Different, Answers.Compare(gold, prediction).Verdict);
}
