using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>Pairs in pieces and close constants by construction.</summary>
public sealed class ConstructedPieceTests
{
    [Theory]
    [InlineData(@"\sqrt{a^2b^2}", "|ab|")]
    [InlineData(@"\sin(10^{-3})", @"\sin\frac{1}{1000}")]
    [InlineData(@"\lceil 10^{-100}\rceil", "1")]
    public void Compare_PiecesInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData("|x+3|", "x+3")]
    [InlineData("|x|+x", "2x")]
    [InlineData("|xy|", "xy")]
    [InlineData(@"\sqrt{a^2b^2}", "ab")]
    [InlineData(@"\sqrt{(a-b)^2}", "a-b")]
    [InlineData(@"\max(a,b)", "a")]
    [InlineData(@"\max(a,b)", @"\max(a,b,c)")]
    [InlineData(@"\min(a,b,c)", @"\min(a,b)")]
    [InlineData("|a-b|+|b-c|", "|a-c|")]
    [InlineData(@"\max(x,y)+\min(x,z)", "x+y")]
    [InlineData(@"\lfloor 2x\rfloor", @"2\lfloor x\rfloor")]
    [InlineData(@"\lceil x\rceil-\lfloor x\rfloor", "1")]
    [InlineData(@"\lfloor\sqrt{n}\rfloor", @"\sqrt n")]
    [InlineData(@"\lfloor n/100\rfloor", @"\lfloor (n-1)/100\rfloor")]
    [InlineData(@"\left\lfloor\frac{n}{7}\right\rfloor+\left\lfloor\frac{n}{49}\right\rfloor", @"\left\lfloor\frac{n}{7}\right\rfloor")]
    [InlineData(@"\ln|x|", @"\ln x^3/3+0|x|+1")]
    [InlineData(@"\arccos(\cos x)", "x")]
    [InlineData(@"\arcsin x", @"\arctan x")]
    [InlineData(@"\arctan\frac{x}{y}", @"\frac{\pi}{2}-\arctan\frac{y}{x}")]
    [InlineData(@"\sqrt{1-\sin^2x}", @"\cos x")]
    [InlineData(@"\sqrt{x^4}", "-x^2")]
    [InlineData("|e^x-1|", "e^x-1")]
    [InlineData(@"\text{sgn}(x)", "1")]
    [InlineData("n!!", "n!")]
    [InlineData("(-1)^n", "1")]
    [InlineData("(-1)^{n(n+1)/2}", "(-1)^n")]
    [InlineData(@"\binom{2n}{n}", "2^n")]
    [InlineData("2^n", "n^2")]
    [InlineData(@"\gcd(m,n)", "1")]
    [InlineData(@"\ln(1+10^{-60})", "10^{-60}")]
    public void Compare_PiecesChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData("e^{-1000}+1", "1")]
    [InlineData(@"\sqrt{1+10^{-300}}", "1")]
    [InlineData(@"\arctan(10^{100})", @"\frac{\pi}{2}")]
    [InlineData(@"\coth 300", "1")]
    [InlineData("2^{10^{-50}}", "1")]
    [InlineData(@"\sqrt[3]{10^{90}+1}", "10^{30}")]
    [InlineData(@"\cos(\cos(10^{-60}))", @"\cos 1")]
    [InlineData(@"\sinh(10^{-40})", "10^{-40}")]
    [InlineData("e^{10^{-80}}", "1")]
    [InlineData(@"\lceil 10^{-100}\rceil", "0")]
    public void Compare_PiecesTooCloseToTell_AreNotEqual(string a, string b) => Assert.NotEqual(Verdict.Equal, Answers.Compare(a, b).Verdict);

    [Theory]
    [InlineData("(-1)^{n(n+1)/2}", "(-1)^{n(n-1)/2}(-1)^n")]
    [InlineData("(-2)^n", "(-1)^n2^n")]
    [InlineData(@"\gcd(m,n)\cdot\text{lcm}(m,n)", "|mn|")]
    [InlineData(@"\gcd(m,n)", @"\gcd(n,m)")]
    [InlineData(@"\arctan\sqrt3", @"\frac{\pi}{3}")]
    [InlineData(@"\arccos 0", @"\frac{\pi}{2}")]
    [InlineData(@"\arcsin 1", @"90^\circ")]
    [InlineData(@"\arctan(-1)", @"-\frac{\pi}{4}")]
    [InlineData(@"\arctan(2-\sqrt3)", @"\frac{\pi}{12}")]
    [InlineData(@"\arccos(-1)", @"\pi")]
    [InlineData(@"\arcsin\frac{\sqrt6+\sqrt2}{4}", @"75^\circ")]
    public void Compare_PowersOfMinusOneDivisorsArcsInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData("(-2)^n", "-2^n")]
    [InlineData(@"\gcd(n,6)", "6")]
    [InlineData(@"\arcsin\frac12", @"60^\circ")]
    public void Compare_PowersOfMinusOneDivisorsArcsChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);
}
