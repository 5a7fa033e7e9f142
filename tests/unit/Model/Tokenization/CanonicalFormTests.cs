using GenPrm.Model.Tokenization.Normalization;

namespace GenPrm.Tests.Unit.Model.Tokenization;

public sealed class CanonicalFormTests
{
    [Theory]
    [InlineData("plain é", "plain é")]
    [InlineData("e\u0301", "é")]
    [InlineData("\u212B \u2126", "Å Ω")]
    [InlineData("a\u0323\u0302", "\u1EAD")]
    [InlineData("a\u0302\u0323", "\u1EAD")]
    [InlineData("\u1112\u1161\u11AB", "한")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("ab\u0301\u0302", "ab\u0301\u0302")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\uFB01", "\uFB01")]
    public void Compose_Text_IsFormC(string text, string expected) => Assert.Equal(expected, CanonicalForm.Compose(text));

    [Theory]
    [InlineData("é한", "e\u0301\u1112\u1161\u11AB")]
    [InlineData("\u1EAD", "a\u0323\u0302")]
    public void Decompose_Text_IsFormD(string text, string expected)
    {
        Assert.Equal(expected, CanonicalForm.Decompose(text));
        Assert.Equal(text, CanonicalForm.Compose(expected));
    }
}
