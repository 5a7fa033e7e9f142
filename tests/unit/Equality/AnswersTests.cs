using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>Pairs by notation. Every pair is tried both ways round.</summary>
public sealed class AnswersTests
{
    [Theory]
    [InlineData("0.5", ".5")]
    [InlineData("7", "7.")]
    [InlineData("1,000,000", "10^6")]
    [InlineData(@"12{,}345", "12345")]
    [InlineData(@"12,\!345", "12345")]
    [InlineData(@"12\,345", "12345")]
    [InlineData("1 000", "1000")]
    [InlineData(@"\$23{,}000", "23000")]
    [InlineData("3.54e-07", @"3.54 \times 10^{-7}")]
    [InlineData(@"\frac{2}{4}", "1/2")]
    [InlineData(@"\dfrac12", "0.50")]
    [InlineData(@"3\frac{1}{2}", @"\frac72")]
    [InlineData("3 1/2", "3.5")]
    [InlineData(@"-2\frac{1}{3}", @"-\frac{7}{3}")]
    [InlineData(@"0.1\overline{6}", @"\frac16")]
    [InlineData("0.333...", @"\frac13")]
    [InlineData("10001_2", "17")]
    [InlineData(@"1A_{16}", @"26")]
    [InlineData(@"21_{\text{five}}", "21_5")]
    [InlineData(@"\text{twenty-one}", "21")]
    [InlineData("5!", "120")]
    [InlineData(@"\binom{7}{3}", "35")]
    [InlineData(@"{7 \choose 3}", @"{}_7C_3")]
    [InlineData("100!", @"100\cdot 99!")]
    public void Compare_NumbersInTwoSpellings_AreEqual(string a, string b) => Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"\sqrt{8}", @"2\sqrt2")]
    [InlineData(@"\frac{1}{\sqrt2+\sqrt3}", @"\sqrt3-\sqrt2")]
    [InlineData(@"\sqrt[3]{54}", @"3\sqrt[3]{2}")]
    [InlineData(@"\sqrt{3+2\sqrt2}", @"1+\sqrt2")]
    [InlineData(@"27^{-1/3}", @"\frac13")]
    [InlineData(@"(1+i)^2", "2i")]
    [InlineData(@"\frac{1}{1+i}", @"\frac12-\frac12i")]
    [InlineData(@"|3+4i|", "5")]
    [InlineData(@"e^{i\pi/5}", @"\cos\frac{\pi}{5}+i\sin\frac{\pi}{5}")]
    [InlineData(@"\log_2 8", "3")]
    [InlineData(@"\log_2 3", @"\frac{\ln 3}{\ln 2}")]
    [InlineData(@"\log 100", "2")]
    [InlineData(@"\ln\frac12", @"-\ln 2")]
    [InlineData(@"\sin 30^\circ", @"\frac12")]
    [InlineData(@"\cos 36^\circ", @"\frac{1+\sqrt5}{4}")]
    [InlineData(@"\arctan 1", @"\frac{\pi}{4}")]
    [InlineData(@"\lceil 3.2\rceil", "4")]
    [InlineData(@"\sum_{k=1}^{10} k^2", "385")]
    [InlineData("9^{99}", @"3^{198}")]
    public void Compare_ConstantsOfOneValue_AreEqual(string a, string b) => Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData("(x+1)^3", "x^3+3x^2+3x+1")]
    [InlineData(@"\frac{1}{a}+\frac{1}{b}", @"\frac{a+b}{ab}")]
    [InlineData(@"\frac{x^2-1}{x-1}", "x+1")]
    [InlineData("4^x", "2^{2x}")]
    [InlineData(@"\sqrt{x^2}", @"\left|x\right|")]
    [InlineData(@"\sqrt[3]{x}^2", "x^{2/3}")]
    [InlineData(@"\sin 2x", @"2\sin x\cos x")]
    [InlineData(@"\sec^2 y", @"\tan^2(y)+1")]
    [InlineData(@"\frac{n!}{(n-1)!}", "n")]
    [InlineData(@"\lceil \frac n2\rceil", @"\lfloor\frac{n+1}{2}\rfloor")]
    [InlineData(@"\binom{n}{2}", @"\frac{n(n-1)}{2}")]
    [InlineData(@"\sum_{k=0}^{n} F_k F_{n-k}", @"\sum_{k=0}^{n} F_{n-k} F_k")]
    public void Compare_ExpressionsOfOneValue_AreEqual(string a, string b) => Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData("x=3", "3")]
    [InlineData("f(x)=x^2", "f(t)=t^2")]
    [InlineData("f(x)=x+22", "x + 22")]
    [InlineData("y=7x+5", "14x-2y+10=0")]
    [InlineData(@"\frac{x^2}{4}+\frac{y^2}{9}=1", "9x^2+4y^2=36")]
    [InlineData("x = 5+6 = 11", "x=11")]
    [InlineData(@"(p,q)=(3,2)", "(3,2)")]
    [InlineData("x=1,y=2", "(1,2)")]
    [InlineData("p=5,q=2;p=7,q=2", "(5,2),(7,2)")]
    [InlineData(@"x=1\text{ or }x=2", "2, 1")]
    [InlineData(@"V_{1}:V_{2}=11:21", "22:42")]
    [InlineData(@"|AB|=1", "1")]
    [InlineData("x>5", @"(5,\infty)")]
    [InlineData("-x >= -1", "x <= 1")]
    [InlineData(@"1\leq|z|\leq 2", @"[-2,-1]\cup[1,2]")]
    [InlineData(@"x \ne 2", @"(-\infty,2)\cup(2,\infty)")]
    [InlineData(@"\{x \mid x \neq 2\}", @"\mathbb{R}\setminus\{2\}")]
    [InlineData(@"\mathbb{R}", @"\text{all real numbers}")]
    [InlineData("2x+2y<4", "x+y-2<0")]
    [InlineData(@"x\neq 1, x\neq 2", @"\mathbb{R}\setminus\{1,2\}")]
    [InlineData(@"\{x \mid x<2 \text{ or } x>3\}", @"(-\infty,2)\cup(3,+\infty)")]
    [InlineData("x>0, x<5", "(0,5)")]
    [InlineData("|z|=5", "5")]
    [InlineData(@"\left\{\begin{array}{l}x=1\\y=2\end{array}\right.", "(1,2)")]
    public void Compare_RelationsThatSayTheSame_AreEqual(string a, string b) => Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData("1, 2, 3", "3,1,2")]
    [InlineData("19, 46, and 82", @"82, 19, \text{ and } 46")]
    [InlineData("12,34", "(12,34)")]
    [InlineData("-2,-2", "-2")]
    [InlineData(@"\{1\pm\sqrt5,-2\}", @"\{-2,1-\sqrt5,1+\sqrt5\}")]
    [InlineData(@"\pm 5", "5,-5")]
    [InlineData(@"\emptyset", @"\text{no solution}")]
    [InlineData(@"\{1,2\}\cup\{3\}", @"\{3,2,1\}")]
    [InlineData(@"[1,2)\cup(2,3]", @"[1,3]\setminus\{2\}")]
    [InlineData(@"\begin{pmatrix}1&2\\3&4\end{pmatrix}", @"\left[\begin{array}{cc}1&2\\3&4\end{array}\right]")]
    [InlineData(@"\begin{pmatrix}1\\2\end{pmatrix}", @"\langle 1,2\rangle")]
    [InlineData(@"\frac12\begin{pmatrix}2\\4\end{pmatrix}", @"\begin{bmatrix}1\\2\end{bmatrix}")]
    [InlineData(@"\begin{vmatrix}1&2\\3&4\end{vmatrix}", "-2")]
    [InlineData("2:4", "1:2")]
    public void Compare_StructuresOfOneMeaning_AreEqual(string a, string b) => Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"\text{(B)}", "B")]
    [InlineData(@"\textbf{(B)}\ 12", "12")]
    [InlineData(@"\textbf{(B)}\ 12", "(B)")]
    [InlineData(@"\text{yes}", "Yes.")]
    [InlineData(@"\text{odd}", "odd")]
    [InlineData(@"5\text{ cm}", "5")]
    [InlineData(@"3\text{ hours}", @"180\text{ minutes}")]
    [InlineData(@"15\mbox{ cm}^2", @"15\text{ square centimeters}")]
    [InlineData("84 pounds", "84")]
    [InlineData(@"30^\circ", "30°")]
    [InlineData(@"90^\circ", @"\frac{\pi}{2}")]
    [InlineData(@"62.5\%", "0.625")]
    [InlineData("28 percent", @"28\%")]
    [InlineData(@"33\frac13\%", @"\frac{100}{3}\%")]
    [InlineData(@"$\boxed{1}\boxed{2}$", "1,2")]
    [InlineData(@"\frac{1}{2", "0.5")]
    [InlineData("185\\", "185")]
    [InlineData("B)", "(B)")]
    [InlineData(@"\text{B: }12", "12")]
    [InlineData("12 (cm)", "12")]
    [InlineData("FF_{16}", "255")]
    [InlineData("(123)_4", "27")]
    [InlineData(@"-30^\circ", @"-\frac{\pi}{6}")]
    [InlineData(@"\text{6:00 PM}", "6:00 p.m.")]
    [InlineData("5! = 120", "120")]
    [InlineData(@"\begin{pmatrix}\frac12\\[4pt] 3\end{pmatrix}", "(0.5, 3)")]
    [InlineData("x²−1", "x^2-1")]
    [InlineData("２√３", @"2\sqrt{3}")]
    [InlineData(@"\\frac{1}{2}", "0.5")]
    [InlineData(@"\frac{1}{12}", "0.0833333333333333")]
    public void Compare_NoiseAroundOneAnswer_IsEqual(string a, string b) => Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData("(1,2)", "(2,1)")]
    [InlineData("[1,2]", "[1,2)")]
    [InlineData("1,2", "12")]
    [InlineData("(3,1)", @"\{1,3\}")]
    [InlineData("x+1", "y+1")]
    [InlineData("x=3", "y=3")]
    [InlineData("x=y+1", "y=x+1")]
    [InlineData("2x+z=1", "1")]
    [InlineData("x_1", "x_2")]
    [InlineData("101_2", "101_3")]
    [InlineData(@"\frac13", "0.333")]
    [InlineData(@"\pi", "3.14")]
    [InlineData(@"\frac{355}{113}", @"\pi")]
    [InlineData(@"e^{\pi\sqrt{163}}", "262537412640768744")]
    [InlineData("9^{99}", "9^{99}+1")]
    [InlineData(@"\sqrt{x^2}", "x")]
    [InlineData(@"\lfloor x\rfloor", "x")]
    [InlineData(@"\sin 30", @"\frac12")]
    [InlineData(@"\pm 5", "5")]
    [InlineData(@"\begin{pmatrix}1\\2\end{pmatrix}", @"\begin{pmatrix}1&2\end{pmatrix}")]
    [InlineData(@"\text{MAKE}", "EKM")]
    [InlineData(@"\text{yes}", "no")]
    [InlineData(@"5\text{ m}", @"5\text{ kg}")]
    [InlineData(@"\frac10", "0")]
    [InlineData(@"\emptyset", "0")]
    [InlineData("7", "")]
    [InlineData(@"\infty", @"-\infty")]
    [InlineData("1000000!", "1")]
    [InlineData(@"20\%", @"21\%")]
    [InlineData(@"\text{6:00 PM}", "6:00 AM")]
    [InlineData("-2,2", "[-2,2]")]
    [InlineData(@"20\%", @"20\text{ miles}")]
    [InlineData(@"20^\circ", @"20\%")]
    [InlineData(@"\sin\alpha=\frac35", @"\cos\alpha=\frac35")]
    public void Compare_AnswersThatOnlyLookAlike_AreDifferent(string a, string b) => Check(a, b, Verdict.Different);

    [Theory]
    [InlineData("9^{9^{9}}", "1")]
    [InlineData("(x+1)^{1000000000}", "x")]
    [InlineData(@"2\cdot 2^{1000000}", "2^{1000001}")]
    [InlineData("1e99999", "1")]
    public void Compare_BeyondTheBudget_IsTooLarge(string a, string b) => Assert.Equal(new Comparison(Verdict.Unknown, "too large"), Check(a, b, Verdict.Unknown));

    [Fact]
    public void Compare_TenThousandOpenBraces_IsTooLarge() => Check(new string('{', 10_000), "1", Verdict.Unknown);

    [Theory]
    [InlineData("1/2", "1/2", "same text")]
    [InlineData("1/2", "0.5", "same value")]
    [InlineData(@"\{1,2\}", @"\{2,1\}", "same set")]
    [InlineData(@"\sec^2 x-\tan^2 x", "1", "numeric evidence")]
    public void Compare_Verdicts_SayWhy(string a, string b, string reason) => Assert.Equal(reason, Check(a, b, Verdict.Equal).Reason);

    [Fact]
    public void Compare_UnknownNotation_SaysWhatWasNotParsed()
        => Assert.StartsWith("not parsed: ", Check(@"\int_0^1 x\,dx", @"\oint y\,dy", Verdict.Unknown).Reason, StringComparison.Ordinal);

    [Fact]
    public void CountsAsEqual_Unknown_IsDecidedByThePolicy()
    {
        var unknown = new Comparison(Verdict.Unknown, "too large");
        Assert.False(unknown.CountsAsEqual(UnknownPolicy.AsDifferent));
        Assert.True(unknown.CountsAsEqual(UnknownPolicy.AsEqual));
        Assert.True(new Comparison(Verdict.Equal, "same text").CountsAsEqual(UnknownPolicy.AsDifferent));
    }

    private static Comparison Check(string a, string b, Verdict verdict)
    {
        var comparison = Answers.Compare(a, b);
        Assert.True(verdict == comparison.Verdict, $"{a} | {b}: {comparison}");
        Assert.Equal(comparison, Answers.Compare(b, a));
        return comparison;
    }
}
