using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>Pairs of structures by construction: the same in another form, and one end, order, sign or item changed.</summary>
public sealed class ConstructedStructureTests
{
    [Theory]
    [InlineData(@"(-\infty,3]", @"x\le 3")]
    [InlineData(@"(1,3)\cup(3,5)", @"(1,5)\setminus\{3\}")]
    [InlineData(@"(1,3)\cup[3,5)", "(1,5)")]
    [InlineData(@"[0,1]\cap[1,2]", @"\{1\}")]
    [InlineData(@"\{x: 0<x<1\}", "(0,1)")]
    [InlineData(@"x\in(0,1)", "0<x<1")]
    [InlineData("|x|<3", "(-3,3)")]
    [InlineData(@"|x-2|\geq 1", @"x\le 1\text{ or }x\ge 3")]
    [InlineData(@"\{1,2,2,3\}", @"\{3,2,1\}")]
    [InlineData(@"\mathbb{R}\setminus\{0\}", @"x\neq 0")]
    [InlineData(@"\mathbb R", @"(-\infty,\infty)")]
    [InlineData("5>x>2", "2<x<5")]
    public void Compare_IntervalsAndSetsInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"(-\infty,3)", @"x\le 3")]
    [InlineData("[1,3]", "(1,3)")]
    [InlineData(@"(1,3)\cup[3,5)", @"(1,3)\cup(3,5)")]
    [InlineData(@"[0,1)\cap[1,2]", @"\{1\}")]
    [InlineData(@"\{x: 0<x\le 1\}", "(0,1)")]
    [InlineData(@"x\in(0,1)", "0<x<2")]
    [InlineData(@"|x|\le 3", "(-3,3)")]
    [InlineData(@"|x-2|\geq 1", @"1\le x\le 3")]
    [InlineData(@"\{1,2,3\}", @"\{1,2,4\}")]
    [InlineData(@"\{1,2,3\}", @"\{1,2\}")]
    [InlineData(@"\{x\mid x>2\}", @"\{x\mid x<2\}")]
    [InlineData(@"x\ne 2", "2")]
    [InlineData(@"x\ne 2", "x=2")]
    [InlineData("(-2,2)", "(-2,2]")]
    [InlineData(@"(-\infty,2)\cup(2,\infty)", @"(-\infty,\infty)")]
    [InlineData(@"\mathbb{R}\setminus\{0\}", @"\mathbb{R}")]
    [InlineData(@"\mathbb{Z}", @"\mathbb{R}")]
    [InlineData(@"\mathbb{N}", @"\mathbb{Z}")]
    [InlineData(@"[2,\infty)", @"(2,\infty)")]
    [InlineData(@"x\geq 2", @"x\leq 2")]
    [InlineData("2<x<5", "2<x<6")]
    [InlineData(@"2\le x<5", @"2<x\le5")]
    [InlineData(@"-3\le x\le 3", "|x|<3")]
    public void Compare_IntervalsAndSetsChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData("1,2,3", "3,2,1")]
    [InlineData("(1,2),(3,4)", "(3,4),(1,2)")]
    [InlineData("(0.5,-1)", @"(\frac12,-1)")]
    [InlineData("x=2,y=-1", "y=-1,x=2")]
    [InlineData("(x,y)=(2,-1)", "(2,-1)")]
    [InlineData(@"\{1,1,2\}", @"\{1,2\}")]
    [InlineData(@"\{(1,2),(3,4)\}", @"\{(3,4),(1,2)\}")]
    public void Compare_TuplesAndListsInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData("(1,2,3)", "(3,2,1)")]
    [InlineData("(1,2),(3,4)", "(2,1),(3,4)")]
    [InlineData("(0.5,-1)", "(-1,0.5)")]
    [InlineData("x=2,y=-1", "x=-1,y=2")]
    [InlineData("1,2,3", "1,2")]
    [InlineData("(1,1,2)", "(1,2)")]
    [InlineData("(1,2)", "(1,2,0)")]
    [InlineData("((1,2),3)", "(1,2,3)")]
    [InlineData("(1,(2,3))", "((1,2),3)")]
    [InlineData(@"\{(1,2)\}", @"\{(2,1)\}")]
    [InlineData("[1,2,3]", "[3,2,1]")]
    [InlineData(@"\langle 1,2\rangle", @"\langle 2,1\rangle")]
    [InlineData(@"\begin{pmatrix}1\\2\end{pmatrix}", @"\begin{pmatrix}2\\1\end{pmatrix}")]
    public void Compare_TuplesAndListsChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData("y=2x+3", "2x-y+3=0")]
    [InlineData("y-1=2(x+1)", "y=2x+3")]
    [InlineData("x^2+y^2=25", @"\frac{x^2}{25}+\frac{y^2}{25}=1")]
    [InlineData("3x+4y=12", @"\frac x4+\frac y3=1")]
    [InlineData("y=|x|", "|x|-y=0")]
    [InlineData("x+y>2", "2<x+y")]
    [InlineData("-2x<4", "x>-2")]
    [InlineData("2x=6", "x-3=0")]
    public void Compare_EquationsInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData("y=2x+3", "2x+y+3=0")]
    [InlineData("y=2x+3", "y=2x-3")]
    [InlineData("x^2+y^2=25", "x^2-y^2=25")]
    [InlineData("3x+4y=12", @"\frac x3+\frac y4=1")]
    [InlineData("y=|x|", "y=x")]
    [InlineData("x+y>2", "x+y<2")]
    [InlineData("-2x<4", "x<-2")]
    [InlineData("x^2=4", "x=2")]
    [InlineData("x^2=4", "x^2=-4")]
    [InlineData("y=x", "y=-x")]
    [InlineData("xy=1", "xy=-1")]
    [InlineData("x=0", "y=0")]
    [InlineData("x=1", "1=0")]
    [InlineData("x+1=2", "x+1")]
    [InlineData(@"y=\sqrt{x}", "y^2=x")]
    [InlineData("x-3=0", "3")]
    public void Compare_EquationsChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);

    [Theory]
    [InlineData(@"\begin{pmatrix}1&2\\3&4\end{pmatrix}^T", @"\begin{pmatrix}1&3\\2&4\end{pmatrix}")]
    [InlineData(@"\begin{bmatrix}1&0\\0&1\end{bmatrix}", @"\begin{pmatrix}1&0\\0&1\end{pmatrix}")]
    [InlineData(@"\det\begin{pmatrix}1&2\\3&4\end{pmatrix}", "-2")]
    public void Compare_MatricesInAnotherForm_AreEqual(string a, string b) => Pairs.Check(a, b, Verdict.Equal);

    [Theory]
    [InlineData(@"\begin{pmatrix}1&2\\3&4\end{pmatrix}", @"\begin{pmatrix}1&3\\2&4\end{pmatrix}")]
    [InlineData(@"\begin{vmatrix}1&2\\3&4\end{vmatrix}", "2")]
    public void Compare_MatricesChangedInOnePlace_AreDifferent(string a, string b) => Pairs.Check(a, b, Verdict.Different);
}
