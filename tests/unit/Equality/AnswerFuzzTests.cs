using CsCheck;
using GenPrm.Core.Equality;

namespace GenPrm.Tests.Unit.Equality;

/// <summary>Laws of the comparison over random texts and random expressions.</summary>
public sealed class AnswerFuzzTests
{
    private static readonly string[] Fragments =
    [
        "1", "2", "10", "0", "007", "3.5", ".5", "1,000", "12", "x", "y", "n", "e", "i", "\\pi", "\\infty", "+", "-", "*", "/", "^", "_", "=", "<", ">", "\\leq", "\\pm", "\\mp", "!", "%", "'",
        "(", ")", "[", "]", "{", "}", "\\{", "\\}", "|", ",", ";", ":", ".", " ", "\\,", "\\!", "$", "\\\\", "&", "\\left(", "\\right)", "\\frac", "\\frac{1}{2}", "\\dfrac12", "\\sqrt", "\\sqrt[3]",
        "\\sqrt{2}", "\\boxed{", "\\text{", "\\text{ cm}", "\\text{and}", " or ", "word", "\\sin", "\\log_2", "\\ln", "f(x)", "\\binom", "\\sum_{k=1}^{n}", "\\lfloor", "\\rfloor", "\\cup", "\\cap", "\\in",
        "\\mathbb{R}", "\\emptyset", "\\begin{pmatrix}", "\\end{pmatrix}", "\\circ", "^{\\circ}", "\\overline{3}", "π", "√", "²", "\u200b", "é", "𝒙", "\\unknown", "\\", "_{2}", "9^{9^{9}}", "1e9", "1e99999", "\0",
    ];

    private static readonly Gen<string> Texts = Gen.Int[0, Fragments.Length - 1].Select(i => Fragments[i]).Array[0, 14].Select(parts => string.Concat(parts));

    private static readonly Gen<string> AnyTexts = Gen.String[0, 40];

    [Fact]
    public void Compare_AnyTexts_NeverThrowsAndIsSymmetric()
        => Gen.OneOf(Texts, AnyTexts).Select(Gen.OneOf(Texts, AnyTexts)).Sample((a, b) => Assert.Equal(Answers.Compare(a, b), Answers.Compare(b, a)), iter: 20_000);

    [Fact]
    public void Compare_OneText_IsEqualToItself()
        => Gen.OneOf(Texts, AnyTexts).Sample(text => Assert.Equal(Verdict.Equal, Answers.Compare(text, new string(text.AsSpan())).Verdict), iter: 5_000);

    [Fact]
    public void Find_AnyText_NeverThrows()
        => Gen.OneOf(Texts, AnyTexts).Sample(text => FinalAnswer.Find(text, allowStated: true), iter: 5_000);

    [Fact]
    public void Compare_AnotherSpelling_IsEqual()
        => Gen.Select(RandomExpression.Any, Gen.UInt, Gen.UInt).Sample((expression, first, second) =>
        {
            var (a, b) = (new Spelling(first).Answer(expression), new Spelling(second).Answer(expression));
            var comparison = Answers.Compare(a, b);
            // Nested roots may be too dear to expand; then the check says so, and never the wrong thing.
            Assert.True(comparison.Verdict == Verdict.Equal || comparison.Reason == "too large", $"{a}   |   {b}   {comparison}");
        }, iter: 10_000);

    [Fact]
    public void Compare_OneMore_IsNotEqual()
        => Gen.Select(RandomExpression.Any, Gen.UInt, Gen.UInt).Sample((expression, first, second) =>
        {
            var more = new RandomExpression.Sum(expression, new RandomExpression.Number(1));
            var (a, b) = (new Spelling(first).Answer(expression), new Spelling(second).Answer(more));
            Assert.NotEqual(Verdict.Equal, Answers.Compare(a, b).Verdict);
        }, iter: 10_000);

    [Fact]
    public void Compare_ListsInAnotherOrder_AreEqualOnlyWithoutBrackets()
        => Gen.Select(Gen.Int[-99, 99].Array[2, 6], Gen.UInt, Gen.UInt).Sample((numbers, first, second) =>
        {
            var reversed = numbers.Reverse().ToArray();
            var (a, b) = (new Spelling(first), new Spelling(second));
            Assert.Equal(Verdict.Equal, Answers.Compare(a.List(numbers, "", ""), b.List(reversed, "", "")).Verdict);
            Assert.Equal(Verdict.Equal, Answers.Compare(a.List(numbers, @"\{", @"\}"), b.List(reversed, @"\{", @"\}")).Verdict);
            Assert.Equal(numbers.SequenceEqual(reversed) ? Verdict.Equal : Verdict.Different, Answers.Compare(a.List(numbers, "(", ")"), b.List(reversed, "(", ")")).Verdict);
        }, iter: 2_000);
}
