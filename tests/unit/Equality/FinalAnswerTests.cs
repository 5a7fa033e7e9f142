using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

public sealed class FinalAnswerTests
{
    [Theory]
    [InlineData(@"so \boxed{1} and then $\boxed{\frac{1}{2}}$.", @"\frac{1}{2}")]
    [InlineData(@"\boxed {7}", "7")]
    [InlineData(@"\boxed{\{1,2\}}", @"\{1,2\}")]
    [InlineData(@"\boxed{3} and \boxed{cut", "3")]
    public void Find_Boxes_GivesTheLastWholeOne(string solution, string answer)
        => Assert.Equal(new FoundAnswer(answer, AnswerRule.Boxed), FinalAnswer.Find(solution, allowStated: false));

    [Fact]
    public void Find_StatedAnswer_CountsOnlyWhereAllowed()
    {
        const string solution = "We add.\nThe final answer is 12.\n";
        Assert.Null(FinalAnswer.Find(solution, allowStated: false));
        Assert.Equal(new FoundAnswer("12", AnswerRule.Stated), FinalAnswer.Find(solution, allowStated: true));
    }

    [Fact]
    public void Find_NoAnswer_IsNull() => Assert.Null(FinalAnswer.Find("We do not know.", allowStated: true));
}
