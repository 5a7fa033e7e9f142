using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

public sealed class FinalAnswerTests
{
    [Theory]
    [InlineData(@"so \boxed{1} and then $\boxed{\frac{1}{2}}$.", @"\frac{1}{2}")]
    [InlineData(@"\boxed {7}", "7")]
    [InlineData(@"\boxed{\{1,2\}}", @"\{1,2\}")]
    [InlineData(@"\boxed{3} and \boxed{cut", "3")]
    [InlineData(@"\boxed{1}, \boxed{2} and $\boxed{3}$.", "1, 2, 3")]
    [InlineData(@"\boxed{1} is what we had, so now \boxed{2}", "2")]
    [InlineData(@"\boxed{7} and then \boxed{}", "7")]
    [InlineData(@"\\boxed{004}", "004")]
    [InlineData(@"\boxed 5.", "5")]
    [InlineData(@"\fbox{x}", "x")]
    [InlineData(@"\boxed{a_{b_{c}}}", "a_{b_{c}}")]
    public void Find_Boxes_GivesTheLastWholeOne(string solution, string answer)
        => Assert.Equal(new FoundAnswer(answer, AnswerRule.Boxed), FinalAnswer.Find(solution, allowStated: false));

    [Fact]
    public void Find_StatedAnswer_CountsOnlyWhereAllowed()
    {
        const string solution = "We add.\nThe final answer is 12.\n";
        Assert.Null(FinalAnswer.Find(solution, allowStated: false));
        Assert.Equal(new FoundAnswer("12", AnswerRule.Stated), FinalAnswer.Find(solution, allowStated: true));
    }

    [Theory]
    [InlineData("The final answer is $\\frac{1}{2}$. I hope it is correct.", "\\frac{1}{2}")]
    [InlineData("So the answer is: 3.5. Done", "3.5")]
    [InlineData("**Final Answer:** \\(x=2\\)", "x=2")]
    [InlineData("The answer is 4. No, the answer is 5", "5")]
    public void Find_StatedForms_GiveTheLast(string solution, string answer)
        => Assert.Equal(new FoundAnswer(answer, AnswerRule.Stated), FinalAnswer.Find(solution, allowStated: true));

    [Fact]
    public void Find_BoxAndStatement_PrefersTheBox()
        => Assert.Equal(new FoundAnswer("1", AnswerRule.Boxed), FinalAnswer.Find(@"\boxed{1}. The answer is 2.", allowStated: true));

    [Fact]
    public void Find_MillionsOfOpenBoxes_GivesNone() => Assert.Null(FinalAnswer.Find(Repeated(@"\boxed{", 1_000_000), allowStated: true));

    [Fact]
    public void Find_MillionOfBoxes_GivesTheLastOnes()
        => Assert.Equal(new FoundAnswer("7", AnswerRule.Boxed), FinalAnswer.Find(Repeated(@"so \boxed{1} ", 1_000_000) + @"so \boxed{7}", allowStated: true));

    [Fact]
    public void Find_MillionOfDollars_GivesTheStatedAnswer()
        => Assert.Equal(new FoundAnswer("7", AnswerRule.Stated), FinalAnswer.Find(Repeated("$", 1_000_001) + "The answer is $7$.", allowStated: true));

    [Fact]
    public void Find_MillionOfStatements_GivesTheLast()
        => Assert.Equal(new FoundAnswer("7", AnswerRule.Stated), FinalAnswer.Find(Repeated("the answer is \\(", 1_000_000) + "the answer is 7", allowStated: true));

    // So many statements that say nothing are passed over, and no more.
    [Theory]
    [InlineData(49, "7")]
    [InlineData(50, null)]
    public void Find_StatementsThatSayNothing_ArePassedOverUpToALimit(int statements, string? answer)
        => Assert.Equal(answer, FinalAnswer.Find("The answer is 7.\n" + Repeated("The answer is .\n", statements), allowStated: true)?.Text);

    [Fact]
    public void Find_StatementWithoutEnd_GivesNone() => Assert.Null(FinalAnswer.Find("The answer is " + new string('x', 10_000_000), allowStated: true));

    [Theory]
    [InlineData(@"The answer is \$5 and not $6$", "6")]
    [InlineData(@"The answer is \[ x \] or \( y \)", "x")]
    [InlineData("The answer is $$x$$ so", "x")]
    [InlineData("The answer is $$$", "$$$")]
    [InlineData(@"The answer is \(x \(y\)", "y")]
    public void Find_DelimitersOfEveryKind_GiveWhatStandsInThem(string solution, string answer)
        => Assert.Equal(answer, FinalAnswer.Find(solution, allowStated: true)?.Text);

    [Fact]
    public void Find_NoAnswer_IsNull() => Assert.Null(FinalAnswer.Find("We do not know.", allowStated: true));

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
