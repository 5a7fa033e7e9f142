using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>Units, money, times of day, ordinals, numbers in words, choices in words: equal and different pairs of each.</summary>
public sealed class QuantityTests
{
    [Theory]
    [InlineData(@"100 \Omega", "100")]
    [InlineData(@"100\,\Omega", @"100 \text{ ohms}")]
    [InlineData(@"5\mu\text{F}", "5")]
    [InlineData(@"9.8\ \text{m}/\text{s}^2", "9.8")]
    [InlineData(@"72\text{ km/h}", @"20\text{ m/s}")]
    [InlineData("60 mph", @"60\text{ miles per hour}")]
    [InlineData(@"1\text{ liter}", @"1000\text{ cm}^3")]
    [InlineData(@"12\text{ in}^2", @"12\text{ square inches}")]
    [InlineData(@"1 \text{ hour } 30\text{ minutes}", @"90\text{ minutes}")]
    [InlineData(@"2\text{ hours and }30\text{ minutes}", @"150\text{ min}")]
    [InlineData(@"5 \text{ feet } 6\text{ inches}", @"66\text{ inches}")]
    [InlineData(@"45\text{ sec}", "45")]
    [InlineData(@"75\text{ cents}", @"\$0.75")]
    [InlineData(@"\$18.90", "18.9")]
    [InlineData(@"\pounds 5", "5")]
    [InlineData("22^\\circ 30'", @"22.5^\circ")]
    [InlineData(@"22^{\circ} 30^{\prime}", @"22.5^\circ")]
    public void Compare_QuantitiesOfOneSize_AreEqual(string a, string b) => Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"\$5", @"5\text{ cents}")]
    [InlineData(@"12\text{ in}^2", @"12\text{ ft}^2")]
    [InlineData(@"1 \text{ hour } 30\text{ minutes}", "1")]
    [InlineData(@"1 \text{ hour } 30\text{ minutes}", "30")]
    [InlineData(@"72\text{ km/h}", @"72\text{ m/s}")]
    [InlineData(@"22^\circ 30'", @"22.3^\circ")]
    [InlineData(@"100 \Omega", "10")]
    public void Compare_QuantitiesOfOtherSizes_AreDifferent(string a, string b) => Check(a, b, Verdict.Different);

    [Theory]
    [InlineData(@"3:30 \text{ p.m.}", "3:30 PM")]
    [InlineData(@"\text{3:30 p.m.}", "3:30pm")]
    [InlineData(@"3:30 \text{ p.m.}", "3:30")]
    [InlineData(@"3:30 \text{ p.m.}", "15:30")]
    [InlineData(@"10\!:\!45\text{ a.m.}", "10:45 AM")]
    [InlineData(@"6\text{ p.m.}", @"6:00 \text{ PM}")]
    [InlineData(@"12:00\text{ noon}", "12:00 PM")]
    public void Compare_OneTimeOfDay_IsEqual(string a, string b) => Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"3:30 \text{ p.m.}", "3:30 AM")]
    [InlineData(@"3:30 \text{ a.m.}", "15:30")]
    [InlineData(@"6\text{ p.m.}", @"6\text{ a.m.}")]
    [InlineData("3:30 PM", "3:45 PM")]
    public void Compare_OtherTimesOfDay_AreDifferent(string a, string b) => Check(a, b, Verdict.Different);

    // Behind a number without a colon, am is a product.
    [Fact]
    public void Compare_LettersThatAreNoTime_AreAProduct() => Check("5am", "5ma", Verdict.Equal);

    [Theory]
    [InlineData(@"3^{\text{rd}}", "3")]
    [InlineData("21^{st}", "21")]
    [InlineData(@"2^{\text{nd}}", @"2\text{nd}")]
    [InlineData(@"\text{one-half}", @"\frac12")]
    [InlineData(@"\text{two thirds}", @"\frac23")]
    [InlineData(@"\text{two hundred fifty}", "250")]
    [InlineData("1.5 million", "1500000")]
    [InlineData(@"2 \text{ billion}", @"2\times10^9")]
    [InlineData(@"\text{Choice D}", "D")]
    [InlineData(@"\text{(A) and (C)}", @"\text{A, C}")]
    [InlineData(@"\text{an ellipse}", "Ellipse")]
    [InlineData(@"\text{none}", @"\emptyset")]
    [InlineData(@"\text{No such integers exist}", @"\text{no solution}")]
    [InlineData(@"\text{DNE}", @"\text{does not exist}")]
    [InlineData(@"\text{infinitely many}", @"\text{infinitely many solutions}")]
    public void Compare_WordsOfOneMeaning_AreEqual(string a, string b) => Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"3^{\text{rd}}", "4")]
    [InlineData(@"\text{one-half}", @"\frac13")]
    [InlineData("1.5 million", "1.5 billion")]
    [InlineData(@"\text{Choice D}", "E")]
    [InlineData(@"\text{(A) and (C)}", @"\text{A, B}")]
    [InlineData(@"\text{an ellipse}", @"\text{a circle}")]
    [InlineData(@"\text{not a solution}", @"\text{no solution}")]
    public void Compare_WordsOfOtherMeanings_AreDifferent(string a, string b) => Check(a, b, Verdict.Different);

    private static void Check(string a, string b, Verdict verdict)
    {
        var comparison = Answers.Compare(a, b);
        Assert.True(verdict == comparison.Verdict, $"{a} | {b}: {comparison}");
        Assert.Equal(comparison, Answers.Compare(b, a));
    }
}
