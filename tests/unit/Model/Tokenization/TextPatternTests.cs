using GenPrm.Core.Generation;
using GenPrm.Model.Tokenization.Patterns;

namespace GenPrm.Tests.Unit.Model.Tokenization;

public sealed class TextPatternTests
{
    private const string Llama3 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string O200k = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s+";

    [Theory]
    [InlineData(Llama3, "I'LL pay $1234.5  now\n\n x", "I|'LL| pay| $|123|4|.|5| | now|\n\n| x")]
    [InlineData(Llama3, "it\u2019s 'ſup 𝐀𝐁 𝟏𝟐𝟑𝟒 🧮🧮", "it|\u2019s| '|ſup| 𝐀𝐁| |𝟏𝟐𝟑|𝟒| 🧮🧮")]
    [InlineData(Llama3, "a'ſ b'\u212A", "a|'ſ| b|'\u212A")]
    [InlineData(O200k, "HelloWorld's it/\n", "Hello|World's| it|/\n")]
    [InlineData(@"\p{N}+|[a-c\-]++|[^a-c\-\p{N}]", "12ab-x", "12|ab-|x")]
    [InlineData(@"(?:ab){2}|a|b", "ababab", "abab|a|b")]
    [InlineData(@"a+?b|.", "aab\nc", "aab|c")]
    [InlineData(@"[一-龥]+|\x41\u0042|\x{1F9EE}", "一二AB🧮", "一二|AB|🧮")]
    public void Matches_Text_AreOniguramas(string pattern, string text, string expected) =>
        Assert.Equal(expected.Split('|'), new TextPattern(pattern).Matches(text).Select(match => text[match.Start..match.End]));

    [Theory]
    [InlineData(@"(?<=a)b", "(?<=")]
    [InlineData(@"\p{Han}+", @"\p{Han}")]
    [InlineData(@"a\b", @"\b")]
    [InlineData("[[:alpha:]]", "inside a set")]
    [InlineData("[a&&b]", "&&")]
    [InlineData("^a", "^")]
    [InlineData("(a|b", "does not end")]
    [InlineData("a)", ")")]
    [InlineData("[a", "does not end")]
    [InlineData("(ab)*c", "repetition of a group")]
    [InlineData("a**", "repetition of a repetition")]
    [InlineData("a{3,1}", "{3,1}")]
    [InlineData("a*", "can match nothing")]
    [InlineData("a|", "can match nothing")]
    [InlineData(@"\", "\\ at the end")]
    [InlineData("((((a|b){64}){64}){64}){64}", "repetition of a group")]
    public void Parse_WhatIsNotKnown_IsRefusedByName(string pattern, string named) =>
        Assert.Contains(named, Assert.Throws<FormatException>(() => new TextPattern(pattern)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_DeepGroups_AreRefusedAndNotTheEndOfTheProcess() =>
        Assert.Throws<FormatException>(() => new TextPattern(new string('(', 100_000) + "a"));

    [Fact]
    public void Matches_PatternWithoutEnd_IsStopped() =>
        Assert.Throws<GenerationException>(() => new TextPattern(@"\w*\w*\w*\w*\w*\w*;").Matches(new string('a', 2_000)).ToList());
}
