using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>Pairs of values by construction: the same in another form, and one sign, order, digit or power changed.</summary>
public sealed class ConstructedValueTests
{
    [Theory]
    [InlineData("1,234.5", "1234.50")]
    [InlineData(@"\$1{,}200.00", "1200")]
    [InlineData(@"12.5\%", @"\frac18")]
    [InlineData(@"\frac{3}{8}", @"37.5\%")]
    [InlineData(@"-3\frac12", "-3.5")]
    [InlineData(@"0.\overline{142857}", @"\frac17")]
    [InlineData(@"1.2\times10^{3}", "1200")]
    [InlineData("6.02e23", @"6.02\cdot 10^{23}")]
    [InlineData(@"0.1\overline{6}", "1/6")]
    [InlineData(@"0.\overline{9}", "1")]
    [InlineData(@"3.\overline{3}", @"\frac{10}{3}")]
    public void Compare_NumbersInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData("1,234.5", "1,234.05")]
    [InlineData(@"\$1{,}200", @"\$1{,}020")]
    [InlineData(@"12.5\%", "1.25")]
    [InlineData(@"-\frac{3}{8}", @"\frac{3}{8}")]
    [InlineData(@"-3\frac12", "-2.5")]
    [InlineData(@"3\frac{1}{2}", @"\frac{3}{2}")]
    [InlineData(@"0.\overline{142857}", "0.142857")]
    [InlineData(@"1.2\times10^{-3}", "1200")]
    [InlineData("6.02e23", @"6.02\cdot 10^{22}")]
    [InlineData(@"0.1\overline{6}", "0.16")]
    [InlineData(@"0.\overline{9}", "0.9")]
    [InlineData(@"0.1\overline{2}", @"0.\overline{12}")]
    [InlineData("3.14", @"\pi")]
    [InlineData(@"\frac{22}{7}", @"\pi")]
    [InlineData("1.41", @"\sqrt2")]
    [InlineData("0.3333", @"\frac13")]
    public void Compare_NumbersChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData(@"\frac{\sqrt{6}-\sqrt{2}}{4}", @"\sin 15^\circ")]
    [InlineData(@"2\sqrt{3}\pm 1", @"2\sqrt3-1, 2\sqrt3+1")]
    [InlineData(@"\sqrt{50}+\sqrt{18}", @"8\sqrt2")]
    [InlineData(@"\sqrt[4]{16x^4}", "2|x|")]
    [InlineData("x^{-2}", @"\frac{1}{x^2}")]
    [InlineData("(2^3)^2", "2^6")]
    [InlineData("8^{2/3}", "4")]
    public void Compare_SurdsInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"\frac{\sqrt{6}+\sqrt{2}}{4}", @"\sin 15^\circ")]
    [InlineData(@"2\sqrt{3}\pm 1", @"2\sqrt3\pm 2")]
    [InlineData(@"\sqrt{50}-\sqrt{18}", @"8\sqrt2")]
    [InlineData(@"\sqrt[4]{16x^4}", "2x")]
    [InlineData("x^{-2}", "-x^2")]
    [InlineData("2^{3^2}", "2^6")]
    public void Compare_SurdsChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData("(2+i)(2-i)", "5")]
    [InlineData(@"\frac{1+i}{1-i}", "i")]
    [InlineData(@"e^{i\pi}", "-1")]
    [InlineData(@"\sqrt{-4}", "2i")]
    [InlineData(@"2e^{i\pi/3}", @"1+i\sqrt3")]
    [InlineData("i^{2023}", "-i")]
    public void Compare_ComplexNumbersInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"\frac{1+i}{1-i}", "-i")]
    [InlineData(@"\sqrt{-4}", "-2")]
    [InlineData(@"2e^{i\pi/3}", @"\sqrt3+i")]
    public void Compare_ComplexNumbersChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData("(x-1)(x+1)(x^2+1)", "x^4-1")]
    [InlineData("x^2-5x+6", "(x-2)(x-3)")]
    [InlineData(@"\frac{x^3-8}{x-2}", "x^2+2x+4")]
    [InlineData("a^2b+ab^2", "ab(a+b)")]
    public void Compare_PolynomialsInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData("(x-1)(x+1)(x^2-1)", "x^4-1")]
    [InlineData("x^2-5x+6", "(x+2)(x-3)")]
    [InlineData(@"\frac{x^3-8}{x-2}", "x^2-2x+4")]
    [InlineData("a^2b+ab^2", "ab(a-b)")]
    public void Compare_PolynomialsChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData(@"\log_3 81", "4")]
    [InlineData(@"\ln 8", @"3\ln 2")]
    [InlineData(@"\log_{10} 5+\log_{10} 2", "1")]
    [InlineData(@"\sin^2 x+\cos^2 x", "1")]
    [InlineData(@"\cos 2x", @"1-2\sin^2 x")]
    [InlineData(@"\tan(x+\pi)", @"\tan x")]
    [InlineData(@"\arctan 2+\arctan 3", @"\frac{3\pi}{4}")]
    [InlineData(@"\sin(\arctan x)", @"\frac{x}{\sqrt{1+x^2}}")]
    [InlineData(@"\arcsin(-\frac12)", @"-30^\circ")]
    [InlineData(@"\arccos(-\frac12)", @"120^\circ")]
    public void Compare_LogarithmsAndAnglesInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"\ln 8", @"2\ln 3")]
    [InlineData(@"\sin^2 x-\cos^2 x", "1")]
    [InlineData(@"\cos 2x", @"1-\sin^2 x")]
    [InlineData(@"\sin(x+\pi)", @"\sin x")]
    [InlineData(@"\arctan 2+\arctan 3", @"-\frac{\pi}{4}")]
    [InlineData(@"\cos(\arctan x)", @"\frac{x}{\sqrt{1+x^2}}")]
    [InlineData(@"\arccos(-\frac12)", @"60^\circ")]
    public void Compare_LogarithmsAndAnglesChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData("1011_2", "11")]
    [InlineData("777_8", "511")]
    [InlineData(@"\binom{10}{3}", @"\binom{10}{7}")]
    [InlineData(@"\frac{10!}{7!}", "720")]
    [InlineData("P(10,3)", "P(10,3)")]
    public void Compare_BasesAndCountsInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData("1011_2", "1011_3")]
    [InlineData("777_8", "777_9")]
    [InlineData(@"\binom{10}{3}", @"\binom{10}{4}")]
    public void Compare_BasesAndCountsChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData("a-b", "-(b-a)")]
    [InlineData(@"\cos x", @"\cos(-x)")]
    [InlineData(@"\alpha+\beta", @"\beta+\alpha")]
    public void Compare_OrderOfOperandsInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"-\frac{a}{b}", @"\frac{a}{b}")]
    [InlineData(@"\frac{a}{b}", @"\frac{b}{a}")]
    [InlineData("a-b", "b-a")]
    [InlineData("a^b", "b^a")]
    [InlineData(@"\log_a b", @"\log_b a")]
    [InlineData(@"\sin x", @"\sin(-x)")]
    [InlineData("e^x", "e^{-x}")]
    [InlineData("x^3", "3^x")]
    [InlineData(@"\sqrt{x+1}", @"\sqrt{x}+1")]
    [InlineData("(a+b)^2", "a^2+b^2")]
    [InlineData(@"\frac{1}{a+b}", @"\frac1a+\frac1b")]
    [InlineData(@"\ln(a+b)", @"\ln a+\ln b")]
    [InlineData(@"\sin(a+b)", @"\sin a+\sin b")]
    [InlineData("|a+b|", "|a|+|b|")]
    [InlineData("2^{a+b}", "2^a+2^b")]
    [InlineData("n!", "(n+1)!")]
    [InlineData(@"\binom{n}{2}", "n(n-1)")]
    [InlineData("x_1", "x^1")]
    [InlineData("f(x)", "g(x)")]
    [InlineData("f(2)", "f(3)")]
    [InlineData("f'(x)", "f(x)")]
    [InlineData("x'", "x")]
    [InlineData(@"\alpha", @"\beta")]
    [InlineData(@"A\setminus B", @"B\setminus A")]
    [InlineData(@"A \cup B", @"A \cap B")]
    [InlineData(@"\triangle ABC", @"\triangle ABD")]
    [InlineData(@"\angle ABC", @"\angle ACB")]
    [InlineData(@"\overline{AB}", @"\overline{AC}")]
    public void Compare_OrderOfOperandsChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);
}
