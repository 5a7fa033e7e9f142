using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>What joins conditions, and the signs that make another quantity of a number.</summary>
public sealed class JointTests
{
    [Theory]
    [InlineData("x>1 and x<3", "(1,3)")]
    [InlineData(@"x>1 \land x<3", "1<x<3")]
    [InlineData("x>1, x<3", "(1,3)")]
    [InlineData("x>1 or x<3", @"\mathbb{R}")]
    [InlineData(@"x<1 \lor x>3", @"(-\infty,1)\cup(3,\infty)")]
    [InlineData("x<1 or 2<x and x<3", @"(-\infty,1)\cup(2,3)")]
    [InlineData("x<1, x>3", @"(-\infty,1)\cup(3,\infty)")]
    [InlineData("x<1 and x>3", "x<1 or x>3")]
    [InlineData(@"x\ne 1 \text{ or } 2", @"x\ne 1, x\ne 2")]
    [InlineData(@"x=1 \text{ or } x=2", "1, 2")]
    public void Compare_SameConditions_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData("x>1 and x<3", "x>1 or x<3")]
    [InlineData(@"x>1 \land x<3", @"x>1 \lor x<3")]
    [InlineData(@"x<-1 \land x>1", @"x<-1 \lor x>1")]
    [InlineData(@"x>1 \text{ or } x<3", "(1,3)")]
    public void Compare_OtherConditions_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData(@"30^\circ", @"\frac{\pi}{6}\text{ radians}")]
    [InlineData(@"30^\circ", @"\frac{\pi}{6}")]
    [InlineData(@"\frac{\pi}{6}\text{ rad}", @"\frac{\pi}{6}")]
    [InlineData(@"2\text{ radians}", "2 rad")]
    [InlineData(@"30^\circ", "30")]
    [InlineData("$5", "5 dollars")]
    [InlineData("$5", "5")]
    [InlineData("$0.05", "5 cents")]
    [InlineData("€5", "5 euros")]
    [InlineData("5€", @"5\text{ euros}")]
    [InlineData("5¢", @"\$0.05")]
    [InlineData("£5", "5 pounds")]
    [InlineData("¥500", "500 yen")]
    [InlineData("6 am", "6:00 a.m.")]
    [InlineData("one hundred and five", "105")]
    [InlineData("two hundred and six", "206")]
    [InlineData("two thousand three hundred and five", "2305")]
    [InlineData("three million", "3000000")]
    [InlineData("first", @"1^{\text{st}}")]
    [InlineData("Third", @"3^{\text{rd}}")]
    public void Compare_SameQuantities_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"30^\circ", @"30\text{ radians}")]
    [InlineData(@"30^\circ", @"30\text{ rad}")]
    [InlineData(@"\frac{\pi}{6}", @"\frac{\pi}{6}^\circ")]
    [InlineData(@"\frac{\pi}{6}\text{ rad}", @"\frac{\pi}{6}^\circ")]
    [InlineData("$5", "5 cents")]
    [InlineData("5 dollars", "5 euros")]
    [InlineData("$5", "€5")]
    [InlineData(@"\$5", "5¢")]
    [InlineData("€5", "¥5")]
    [InlineData("3 wins", "3 losses")]
    [InlineData("6 am", "6 pm")]
    [InlineData("one hundred and five", "100, 5")]
    [InlineData("five hundred", "500 thousand")]
    [InlineData("one hundred, five", "105")]
    public void Compare_OtherQuantities_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);
}
