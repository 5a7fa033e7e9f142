using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>Conjugates, matrix powers, sets in sets, ratios, thousands in brackets, digits of other scripts.</summary>
public sealed class NotationTests
{
    [Theory]
    [InlineData(@"\{\{1,2\},\{3\}\}", @"\{\{3\},\{2,1\}\}")]
    [InlineData("3:1", "6:2")]
    [InlineData("3:1", @"\frac{3}{1}")]
    [InlineData(@"\sin(\arcsin x)", "x")]
    [InlineData(@"\binom n{20}", @"\frac{n!}{20!(n-20)!}")]
    [InlineData("2^{0.123456789}", "2^{123456789/1000000000}")]
    [InlineData(@"\begin{pmatrix}1&1\\0&1\end{pmatrix}^2", @"\begin{pmatrix}1&2\\0&1\end{pmatrix}")]
    [InlineData(@"\begin{pmatrix}1&2\\3&4\end{pmatrix}^{-1}", @"\begin{pmatrix}-2&1\\1.5&-0.5\end{pmatrix}")]
    [InlineData("𝟏𝟐", "12")]
    [InlineData("٣٤", "34")]
    [InlineData("A_5^2", "20")]
    [InlineData("P_5^2", "20")]
    [InlineData("C_5^2", "10")]
    [InlineData("1234", "1,234")]
    [InlineData("(1,234)", "(1, 234)")]
    [InlineData(@"\vec{v}", "v")]
    [InlineData("A_6^3", @"6\cdot5\cdot4")]
    [InlineData("𝑥+𝟐", "x+2")]
    [InlineData(@"\begin{pmatrix}2&0\\0&3\end{pmatrix}^{3}", @"\begin{pmatrix}8&0\\0&27\end{pmatrix}")]
    [InlineData(@"\{(1,2),(3,4)\}", "(3,4),(1,2)")]
    [InlineData(@"\{\emptyset,\{1\}\}", @"\{\{1\},\{\}\}")]
    [InlineData("1:2", @"\frac12")]
    [InlineData("1:2", "0.5")]
    [InlineData("2^{0.5}", @"\sqrt2")]
    [InlineData(@"x^2\frac12", @"\frac{x^2}{2}")]
    [InlineData(@"\cos^2\frac{\pi}{8}", @"\frac{2+\sqrt2}{4}")]
    [InlineData("1,234", "1234")]
    [InlineData("(1,000, 2,000)", "(1000,2000)")]
    [InlineData(@"\{1,000,2,000\}", @"\{1000,2000\}")]
    [InlineData("[1,000,2,000]", "[1000,2000]")]
    [InlineData("f(1,234)", "f(1, 234)")]
    [InlineData("Final Answer: (B)", "B")]
    public void Compare_OneValueInTwoNotations_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"\{\{1\},2\}", @"\{1,2\}")]
    [InlineData(@"\{\{1,2\}\}", @"\{1,2\}")]
    [InlineData("3:1", "3")]
    [InlineData("3:4", "4:3")]
    [InlineData("1<2", "2")]
    [InlineData(@"\{1,234\}", @"\{1234\}")]
    [InlineData("(1,234)", "1234")]
    [InlineData(@"\vec{AB}+\vec{BC}", @"\vec{BA}+\vec{BC}")]
    [InlineData(@"\begin{pmatrix}2&0\\0&3\end{pmatrix}^{3}", @"\begin{pmatrix}6&0\\0&9\end{pmatrix}")]
    [InlineData(@"\{\emptyset\}", @"\emptyset")]
    [InlineData(@"\{1,\{2\}\}", @"\{1,2\}")]
    [InlineData(@"\{\{1\}\}", @"\{1\}")]
    [InlineData("2:1", "2")]
    [InlineData("4:1", "1:4")]
    [InlineData("10^{0.30102999566398}", "2")]
    [InlineData("2^{0.123456789}", "2^{0.123456788}")]
    public void Compare_OtherStructures_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData(@"\vec{AB}", @"\vec{BA}")]
    [InlineData("12 34", "1234")]
    [InlineData(@"\begin{pmatrix}1&1\\1&1\end{pmatrix}^{-1}", @"\begin{pmatrix}1&1\\1&1\end{pmatrix}")]
    public void Compare_WhatHasNoOneReading_AreNotEqual(string a, string b) => Assert.NotEqual(Verdict.Equal, Answers.Compare(a, b).Verdict);
}
