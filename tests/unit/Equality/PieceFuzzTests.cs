using CsCheck;
using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>Expressions in pieces against their values in doubles: what differs on a part of the plane is never equal.</summary>
public sealed class PieceFuzzTests
{
    [Fact]
    public void Compare_ChangedOnAPart_IsNotEqual()
        => Gen.Select(RandomPieces.OfOne, RandomPieces.Somewhere).Sample((expression, change) =>
        {
            var changed = expression + change;
            Assert.True(Answers.Compare(expression.Latex, changed.Latex).Verdict != Verdict.Equal, $"{expression.Latex}   |   {changed.Latex}");
        }, iter: 3_000);

    [Fact]
    public void Compare_TwoOfOneVariable_AgreesWithTheirValues()
        => Gen.Select(RandomPieces.OfOne, RandomPieces.OfOne).Sample((a, b) => Agrees(a, b, ofTwo: false), iter: 3_000);

    [Fact]
    public void Compare_TwoOfTwoVariables_AgreesWithTheirValues()
        => Gen.Select(RandomPieces.OfTwo, RandomPieces.OfTwo).Sample((a, b) => Agrees(a, b, ofTwo: true), iter: 3_000);

    // Doubles see no difference between the places that were tried; the check may.
    private static void Agrees(RandomPieces a, RandomPieces b, bool ofTwo)
    {
        if (!RandomPieces.AreAlike(a, b, ofTwo))
            Assert.True(Answers.Compare(a.Latex, b.Latex).Verdict != Verdict.Equal, $"{a.Latex}   |   {b.Latex}");
    }
}
