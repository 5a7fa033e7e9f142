using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>Texts made to be dear end as unknown, by work that is counted: the verdict is the same on every machine. How long they take is in <c>bench answers</c>.</summary>
public sealed class HardAnswerTests
{
    [Fact]
    public void Compare_SuperscriptsInARow_AreNotRead() => Unreadable(new string('²', 19_000));

    [Fact]
    public void Compare_PowersInARow_AreTooLarge() => TooLarge(Repeated("x²", 9_000));

    [Fact]
    public void Compare_QuotientChain_IsTooLarge() => TooLarge(Repeated("1/", 9_000) + "1");

    [Fact]
    public void Compare_NestedQuotients_AreTooLarge() => TooLarge(Repeated("1/(", 5_000) + "1" + Repeated(")", 5_000));

    [Fact]
    public void Compare_NestedFractions_AreTooLarge() => TooLarge(Repeated(@"\frac{1}{1+", 1_400) + "1" + Repeated("}", 1_400));

    [Fact]
    public void Compare_BareFractions_AreTooLarge() => TooLarge(Repeated(@"\frac", 4_000) + Repeated("1", 4_001));

    // A fold over points took the square of their number, and more than that to sort them.
    [Fact]
    public void Compare_ThousandsOfPointsLeftOut_AreTooLarge() => TooLarge(@"\mathbb{R}\setminus\{" + string.Join(',', Enumerable.Range(0, 4_000)) + @"\}", "(1,2)");

    [Fact]
    public void Compare_HundredPointsLeftOut_AreOneSet()
    {
        var points = string.Join(',', Enumerable.Range(0, 100));
        var conditions = string.Join(',', Enumerable.Range(0, 100).Select(n => $@"x\neq {99 - n}"));
        Assert.Equal(new Comparison(Verdict.Equal, "same set"), Answers.Compare(@"\mathbb{R}\setminus\{" + points + @"\}", conditions));
    }

    [Fact]
    public void Compare_ConditionsWithoutEnd_AreTooLarge() => TooLarge(string.Join(',', Enumerable.Range(0, 1_900).Select(n => $@"x\neq {n}")), "x>1");

    [Fact]
    public void Compare_SignsThatDouble_AreTooLarge() => TooLarge("1" + Repeated(@"\pm 1", 40));

    [Fact]
    public void Compare_OuterProduct_IsTooLarge()
        => TooLarge(@"\begin{pmatrix}" + Repeated(@"1\\", 1_000) + @"\end{pmatrix}\begin{pmatrix}" + Repeated("1&", 1_000) + @"1\end{pmatrix}");

    [Fact]
    public void Compare_LongDecimalsMultiplied_AreTooLarge() => TooLarge(Repeated("0.123456789*", 1_500) + "1");

    [Fact]
    public void Compare_LongPowersOfTen_AreTooLarge() => TooLarge(Repeated("1e-7000*", 2_000) + "1");

    [Fact]
    public void Compare_DigitsOfABaseWithoutEnd_AreTooLarge() => TooLarge(Repeated("1A", 9_000) + "_{16}");

    [Fact]
    public void Compare_RootOfThousandsOfDigits_IsAValue()
    {
        var digits = new string('7', 6_000);
        Assert.Equal(Verdict.Different, Answers.Compare($@"\sqrt{{{digits}}}", "2").Verdict);
        Assert.Equal(Verdict.Equal, Answers.Compare($@"\sqrt{{{digits}}}", $@"\sqrt{{{digits}.0}}").Verdict);
    }

    // A denominator that vanishes makes every cross product vanish.
    [Theory]
    [InlineData(@"\frac{1}{\sqrt2+\sqrt3-\sqrt{5+2\sqrt6}}", @"\frac{2}{\sqrt2+\sqrt3-\sqrt{5+2\sqrt6}}")]
    [InlineData(@"\frac{1}{\sin^2x+\cos^2x-1}", @"\frac{2}{\sin^2x+\cos^2x-1}")]
    public void Compare_HiddenZeroAsDivisor_IsNotEqual(string a, string b) => Assert.NotEqual(Verdict.Equal, Answers.Compare(a, b).Verdict);

    // Text that no rule reads is not cut until something is left that one reads.
    [Theory]
    [InlineData("12 5", "5")]
    [InlineData("12 5", "12")]
    [InlineData(@"\int_0^1 x\,dx", "1")]
    public void Compare_TextThatCanNotBeRead_IsNotItsLastNumber(string a, string b) => Assert.NotEqual(Verdict.Equal, Answers.Compare(a, b).Verdict);

    private static void TooLarge(string text, string other = "1")
    {
        Assert.Equal(new Comparison(Verdict.Unknown, "too large"), Answers.Compare(text, other));
        Assert.Equal(new Comparison(Verdict.Unknown, "too large"), Answers.Compare(other, text));
    }

    private static void Unreadable(string text) => Assert.StartsWith("not parsed: ", Answers.Compare(text, "1").Reason, StringComparison.Ordinal);

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
