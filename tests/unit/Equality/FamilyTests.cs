using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>Families of angles, congruences, and sets in the notations of other countries.</summary>
public sealed class FamilyTests
{
    [Theory]
    [InlineData(@"k\pi", @"n\pi")]
    [InlineData(@"\frac{\pi}{6}+2k\pi", @"2\pi n+\frac{\pi}{6}")]
    [InlineData(@"30^\circ+360^\circ k", @"30^\circ+360^\circ n")]
    [InlineData(@"x=k\pi, k\in\mathbb{Z}", @"x = n\pi")]
    [InlineData(@"x=\frac{\pi}{4}+n\pi \quad (n\in\mathbb{Z})", @"x=\frac{\pi}{4}+k\pi, k\in\mathbb{Z}")]
    [InlineData(@"\frac{\pi}{4}+n\pi (n\in\mathbb{Z})", @"\frac{\pi}{4}+k\pi")]
    [InlineData(@"\frac{\pi}{2}+k\pi, k\in\mathbb{Z}", @"-\frac{\pi}{2}-n\pi, n\in\mathbb{Z}")]
    [InlineData(@"x \equiv 10 \pmod 7", @"x\equiv 3\pmod{7}")]
    [InlineData(@"x<1 \cup x>2", @"(-\infty,1)\cup(2,\infty)")]
    [InlineData(@"\{x\in\mathbb{R} : x>2\}", @"(2,\infty)")]
    [InlineData(@"x \notin \{1,2\}", @"\mathbb{R}\setminus\{1,2\}")]
    [InlineData("]0,1[", "(0,1)")]
    [InlineData("[0,1[", "[0,1)")]
    [InlineData("0.(3)", @"\frac13")]
    [InlineData(@"0.\dot{1}4285\dot{7}", @"\frac17")]
    [InlineData("C_5^2", "10")]
    [InlineData(@"\binom52", "10")]
    [InlineData(@"2\operatorname{cis} 60^\circ", @"1+\sqrt3 i")]
    [InlineData("A(1,2)", "(1,2)")]
    [InlineData(@"3 \text{ to } 4", "3:4")]
    [InlineData(@"f^{-1}(x)=x-1", "x-1")]
    [InlineData(@"\frac{dy}{dx}=2x", "2x")]
    [InlineData(@"\frac{7}{9} \approx 0.778", @"\frac79")]
    [InlineData(@"\therefore x=5", "5")]
    [InlineData(@"\int_0^1 x\,dx", @"\int_0^1 x dx")]
    [InlineData("9.9e8.", "990000000")]
    public void Compare_OneSetInTwoNotations_IsEqual(string a, string b) => Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"k\pi", @"2k\pi")]
    [InlineData(@"\frac{\pi}{6}+2k\pi", @"\frac{\pi}{3}+2n\pi")]
    [InlineData(@"(n-2)\pi", @"n\pi")]
    [InlineData(@"\frac{\pi}{2}+k\pi, k\in\mathbb{Z}", @"\frac{\pi}{2}+2k\pi, k\in\mathbb{Z}")]
    [InlineData("2n+1", "2k+1")]
    [InlineData(@"x \equiv 3 \pmod 7", @"x\equiv 4\pmod{7}")]
    [InlineData(@"x \equiv 3 \pmod 7", @"x\equiv 3\pmod{8}")]
    [InlineData(@"x \notin \{1,2\}", @"\{1,2\}")]
    [InlineData("]0,1]", "(0,1)")]
    [InlineData("0.(3)", "0.3")]
    [InlineData("C_5^2", "25")]
    [InlineData("C_2^5", "10")]
    [InlineData("A(1,2)", "(2,1)")]
    [InlineData(@"3 \text{ to } 4", "3")]
    [InlineData(@"\frac{7}{9} \approx 0.778", "0.779")]
    public void Compare_OtherSets_AreDifferent(string a, string b) => Check(a, b, Verdict.Different);

    [Theory]
    [InlineData(@"n = 2k, k \in \mathbb{Z}", "2k")]
    [InlineData(@"n = 2k+1, k \in \mathbb{Z}", @"2m-1, m\in\mathbb{Z}")]
    [InlineData(@"\frac{a}{b} = \frac{3}{4}", @"\frac34")]
    [InlineData(@"\frac{a}{b}=2", @"\frac{b}{a}=\frac12")]
    [InlineData(@"\frac{y}{x}=2", "y=2x")]
    [InlineData(@"\frac{dy}{dx}=2x", "2x")]
    [InlineData(@"x=k\pi, k\in\mathbb{Z}", @"n\pi")]
    [InlineData("f(n)=n+1", "f(x)=x+1")]
    [InlineData("f(x,y)=x-y", "f(a,b)=a-b")]
    public void Compare_FunctionsFamiliesAndRatiosOfOneMeaning_AreEqual(string a, string b) => Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"n = 2k+1, k \in \mathbb{Z}", "2k")]
    [InlineData(@"n = 2k, k \in \mathbb{Z}", @"3k, k\in\mathbb{Z}")]
    [InlineData("2k", "2n")]
    [InlineData("2k+1", "2k-1")]
    [InlineData(@"\frac{a}{b}=2", @"\frac{b}{a}=2")]
    [InlineData(@"\frac{y}{x}=2", "x=2y")]
    [InlineData(@"x=k\pi, k\in\mathbb{Z}", @"2n\pi")]
    [InlineData(@"f(x)=\lfloor x\rfloor", @"f(x)=\lceil x\rceil")]
    [InlineData(@"f(x)=\pi x", @"f(x)=\pi x+\pi")]
    [InlineData(@"f(x)=\lfloor x\rfloor", "f(x)=x")]
    [InlineData("f(x,y)=x-y", "f(x,y)=y-x")]
    [InlineData("f(x)=x", "f(x)=x+1")]
    [InlineData("f(x)=2x", "f(x)=2x+2")]
    public void Compare_FunctionsAreNoFamilies_AreDifferent(string a, string b) => Check(a, b, Verdict.Different);

    private static void Check(string a, string b, Verdict verdict)
    {
        var comparison = Answers.Compare(a, b);
        Assert.True(verdict == comparison.Verdict, $"{a} | {b}: {comparison}");
        Assert.Equal(comparison, Answers.Compare(b, a));
    }
}
