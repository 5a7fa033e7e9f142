using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>Pairs of quantities, words and names by construction: the same in another form, and one unit, word or name changed.</summary>
public sealed class ConstructedWordTests
{
    [Theory]
    [InlineData(@"2.5\text{ km}", @"2500\text{ m}")]
    [InlineData(@"1\text{ mile}", @"5280\text{ feet}")]
    [InlineData(@"1\text{ m}^2", @"10000\text{ cm}^2")]
    [InlineData(@"\$0.50", @"50\text{ cents}")]
    [InlineData(@"90\text{ minutes}", @"1.5\text{ hours}")]
    [InlineData(@"60^\circ", @"\frac{\pi}{3}")]
    [InlineData(@"\$5.00", @"5\text{ dollars}")]
    [InlineData(@"\text{2 apples and 3 oranges}", @"\text{3 oranges and 2 apples}")]
    [InlineData(@"\text{2 apples and 3 oranges}", "2, 3")]
    [InlineData(@"5\text{ men}, 6\text{ women}", @"5\text{ males}, 6\text{ females}")]
    public void Compare_UnitsInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"2.5\text{ km}", @"250\text{ m}")]
    [InlineData(@"1\text{ m}^2", @"100\text{ cm}^2")]
    [InlineData(@"90\text{ minutes}", @"1.3\text{ hours}")]
    [InlineData(@"60^\circ", @"\frac{\pi}{6}")]
    [InlineData(@"5\%", @"5^\circ")]
    [InlineData(@"5\%", "0.5")]
    [InlineData(@"50\%", @"50\text{ km}")]
    [InlineData(@"30^\circ", @"30\text{ cm}")]
    [InlineData(@"\$5", @"\$-5")]
    [InlineData(@"\$5.00", @"\$5.01")]
    [InlineData(@"\text{€}5", "6")]
    public void Compare_UnitsChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData(@"\text{(A)}", "A")]
    [InlineData(@"\text{True}", "true")]
    [InlineData(@"\text{Monday}", "Monday")]
    [InlineData(@"\text{no solution}", @"\varnothing")]
    [InlineData(@"\text{infinitely many solutions}", @"\text{infinitely many}")]
    [InlineData(@"5\text{th}", "5")]
    [InlineData(@"\text{one}", "1")]
    [InlineData(@"\text{twenty-five}", "25")]
    [InlineData(@"\text{two thirds}", @"\frac23")]
    public void Compare_WordsAndChoicesInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"\text{(A)}", "B")]
    [InlineData(@"\text{True}", "False")]
    [InlineData(@"\text{Monday}", "Tuesday")]
    [InlineData(@"\text{even}", @"\text{odd}")]
    [InlineData(@"\text{no solution}", "0")]
    [InlineData(@"\text{isosceles triangle}", @"\text{equilateral triangle}")]
    [InlineData(@"\text{Alice}", @"\text{Bob}")]
    [InlineData(@"\text{2 apples and 3 oranges}", @"\text{3 apples and 2 oranges}")]
    [InlineData(@"\text{not prime}", @"\text{prime}")]
    [InlineData(@"\text{convergent}", @"\text{divergent}")]
    [InlineData(@"\text{rational}", @"\text{irrational}")]
    [InlineData(@"\text{infinitely many}", @"\text{none}")]
    [InlineData(@"\text{always}", @"\text{never}")]
    [InlineData(@"\text{AM}", @"\text{PM}")]
    [InlineData(@"3:30 \text{ AM}", @"3:30\text{ PM}")]
    [InlineData(@"5\text{th}", @"6\text{th}")]
    [InlineData(@"\text{clockwise}", @"\text{counterclockwise}")]
    [InlineData(@"5\text{ clockwise}", @"5\text{ counterclockwise}")]
    [InlineData(@"\text{one}", "2")]
    [InlineData(@"\text{twenty-five}", "52")]
    [InlineData(@"\text{two thirds}", @"\frac32")]
    public void Compare_WordsAndChoicesChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData("x=5", "5")]
    [InlineData(@"\theta=\frac{\pi}{4}", @"\frac{\pi}{4}")]
    public void Compare_NamesInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData("x=5", "x=-5")]
    [InlineData("a=1,b=2", "a=2,b=1")]
    [InlineData("2x", "2y")]
    [InlineData("x_1+x_2", "x_1-x_2")]
    public void Compare_NamesChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);
}
