namespace GenPrm.Model.Tokenization.Patterns;

/// <summary>A tokenizer's pattern, tried by code point and not by UTF-16 unit, as Oniguruma does for Hugging Face tokenizers: .NET's own
/// expressions see a letter beyond the basic plane as two units of no category.</summary>
/// <remarks>What is not known is refused; so are patterns that match nothing or repeat a group without limit, and a pattern that takes
/// more than about a thousand steps a character is stopped.</remarks>
internal sealed class TextPattern
{
    private readonly PatternNode start;

    /// <exception cref="FormatException">The pattern holds something unknown; the message names it.</exception>
    public TextPattern(string pattern) => start = PatternParser.Parse(pattern);

    /// <summary>A pattern that matches one text.</summary>
    public static TextPattern Literal(string text) =>
        new(string.Concat(text.Select(unit => char.IsAsciiLetterOrDigit(unit) || unit >= 128 || char.IsWhiteSpace(unit) ? unit.ToString() : "\\" + unit)));

    /// <summary>The matches from left to right, none overlapping, as places in UTF-16 units.</summary>
    public IEnumerable<(int Start, int End)> Matches(string text)
    {
        var input = new PatternInput(text);
        for (var place = 0; place < text.Length;)
        {
            var end = start.Match(input, place);
            if (end > place)
            {
                yield return (place, end);
                place = end;
            }
            else
            {
                input.At(place, out var width);
                place += width;
            }
        }
    }
}
