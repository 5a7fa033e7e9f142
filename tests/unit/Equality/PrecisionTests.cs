using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>Constants that differ beyond the working precision, and identities that need it.</summary>
public sealed class PrecisionTests
{
    [Theory]
    [InlineData(@"\cos(10^{-100})", "1")]
    [InlineData(@"\tanh 200", "1")]
    [InlineData(@"\sqrt{10^{200}+1}", "10^{100}")]
    [InlineData(@"\sin(10^{-50})", "10^{-50}")]
    [InlineData(@"\lfloor\cos(10^{-100})\rfloor", "1")]
    [InlineData(@"\frac{1}{\sqrt{10^{60}+1}+\sqrt{10^{60}}}", @"\frac{1}{2\cdot 10^{30}}")]
    [InlineData(@"e^{\pi\sqrt{163}}", "262537412640768744")]
    [InlineData(@"\sqrt{10^{20}}+\sqrt{10^{20}+2}", @"2\sqrt{10^{20}+1}")]
    public void Compare_ConstantsThatDifferFarBehindThePoint_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData(@"\lfloor\cos(10^{-100})\rfloor", "0")]
    [InlineData(@"\sqrt{5+2\sqrt6}", @"\sqrt2+\sqrt3")]
    [InlineData(@"\sqrt[3]{2+\sqrt5}+\sqrt[3]{2-\sqrt5}", "1")]
    [InlineData(@"\cos\frac{\pi}{7}\cos\frac{2\pi}{7}\cos\frac{3\pi}{7}", @"\frac18")]
    [InlineData(@"\log_2 3\cdot\log_3 4", "2")]
    [InlineData(@"4\arctan\frac15-\arctan\frac1{239}", @"\frac{\pi}{4}")]
    [InlineData(@"\sqrt{10^{60}+1}-10^{30}", @"\frac{1}{\sqrt{10^{60}+1}+10^{30}}")]
    public void Compare_ConstantsOfOneValue_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"\tanh 20000", "1")]
    [InlineData(@"\cos(10^{-1000})", "1")]
    [InlineData(@"\cos(10^{-100}x)", "1")]
    [InlineData(@"\tanh(200+x^2)", "1")]
    [InlineData(@"\sqrt{x^2+10^{-200}}", "|x|")]
    public void Compare_WhatNoPrecisionTellsApart_IsNotEqual(string a, string b)
    {
        Assert.NotEqual(Verdict.Equal, Answers.Compare(a, b).Verdict);
        Assert.NotEqual(Verdict.Equal, Answers.Compare(b, a).Verdict);
    }
}
