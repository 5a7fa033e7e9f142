using System.Globalization;
using System.Text;

namespace GenPrm.Model.Chat.Jinja;

internal enum JinjaTokenKind
{
    /// <summary>Text outside of tags.</summary>
    Data,
    BlockBegin,
    BlockEnd,
    PrintBegin,
    PrintEnd,
    Name,
    Text,
    Integer,
    Float,
    Operator,
    End,
}

internal readonly record struct JinjaToken(JinjaTokenKind Kind, string Value, int Line);

/// <summary>Cuts a template into tokens, with white space treated as <c>transformers</c> sets Jinja: <c>trim_blocks</c> (the line break after
/// a block goes) and <c>lstrip_blocks</c> (blanks between a line's start and a block go).</summary>
internal sealed class JinjaLexer
{
    private static readonly string[] Operators =
        ["//", "**", "==", "!=", ">=", "<=", "+", "-", "*", "/", "%", "~", "(", ")", "[", "]", "{", "}", ",", ":", ".", "|", "=", ">", "<"];

    private readonly string source;
    private readonly List<JinjaToken> tokens = [];
    private int place;
    private int line = 1;

    private JinjaLexer(string source) => this.source = source;

    public static List<JinjaToken> Read(string source)
    {
        var text = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var lexer = new JinjaLexer(text.EndsWith('\n') ? text[..^1] : text);
        lexer.Run();
        return lexer.tokens;
    }

    private void Run()
    {
        while (place < source.Length)
        {
            var tag = NextTag();
            var data = source[place..tag];
            AddData(tag < source.Length ? TrimBefore(data, tag) : data);
            Move(tag);
            if (tag == source.Length)
                break;
            var opening = source[tag + 1];
            Move(tag + (tag + 2 < source.Length && source[tag + 2] is '-' or '+' ? 3 : 2));
            if (opening == '#')
                SkipComment();
            else if (opening == '%' && TryRaw())
                continue;
            else
                ReadTag(opening);
        }

        tokens.Add(new JinjaToken(JinjaTokenKind.End, "", line));
    }

    /// <summary>Where the next <c>{{</c>, <c>{%</c> or <c>{#</c> is, or the end.</summary>
    private int NextTag()
    {
        for (var at = source.IndexOf('{', place); at >= 0 && at + 1 < source.Length; at = source.IndexOf('{', at + 1))
        {
            if (source[at + 1] is '{' or '%' or '#')
                return at;
        }

        return source.Length;
    }

    private string TrimBefore(string data, int tag)
    {
        var sign = tag + 2 < source.Length ? source[tag + 2] : ' ';
        if (sign == '-')
            return data.TrimEnd();
        if (sign == '+' || source[tag + 1] == '{')
            return data;
        var kept = data.TrimEnd(' ', '\t', '\v', '\f');
        var lineStarts = kept.Length > 0 ? kept[^1] == '\n' : tag - data.Length == 0 || source[tag - data.Length - 1] == '\n';
        return lineStarts ? kept : data;
    }

    private void AddData(string data)
    {
        if (data.Length > 0)
            tokens.Add(new JinjaToken(JinjaTokenKind.Data, data, line));
    }

    private void SkipComment()
    {
        var end = source.IndexOf("#}", place, StringComparison.Ordinal);
        if (end < 0)
            throw new JinjaException(line, "a comment does not end");
        var sign = source[end - 1];
        Move(end + 2);
        TrimAfter(sign, block: true);
    }

    /// <summary>Takes <c>{% raw %}…{% endraw %}</c> as text.</summary>
    private bool TryRaw()
    {
        var inside = source.AsSpan(place).TrimStart();
        if (!inside.StartsWith("raw", StringComparison.Ordinal))
            return false;
        var close = source.IndexOf("%}", place, StringComparison.Ordinal);
        if (close < 0 || source[place..close].Trim().TrimEnd('-', '+').Trim() != "raw")
            return false;
        var start = line;
        var sign = source[close - 1];
        Move(close + 2);
        TrimAfter(sign, block: true);
        for (var tag = source.IndexOf("{%", place, StringComparison.Ordinal); tag >= 0; tag = source.IndexOf("{%", tag + 2, StringComparison.Ordinal))
        {
            var end = source.IndexOf("%}", tag, StringComparison.Ordinal);
            if (end < 0 || source[(tag + 2)..end].Trim('-', '+').Trim() != "endraw")
                continue;
            AddData(TrimBefore(source[place..tag], tag));
            Move(end + 2);
            TrimAfter(source[end - 1], block: true);
            return true;
        }

        throw new JinjaException(start, "a raw block does not end");
    }

    private void ReadTag(char opening)
    {
        var block = opening == '%';
        tokens.Add(new JinjaToken(block ? JinjaTokenKind.BlockBegin : JinjaTokenKind.PrintBegin, "", line));
        var start = line;
        var nesting = 0;
        while (true)
        {
            while (place < source.Length && char.IsWhiteSpace(source[place]))
                Move(place + 1);
            if (place >= source.Length)
                throw new JinjaException(start, "a tag does not end");
            var close = block ? "%}" : "}}";
            var signed = source[place] == '-' || (block && source[place] == '+') ? 1 : 0;
            if (nesting == 0 && string.CompareOrdinal(source, place + signed, close, 0, 2) == 0)
            {
                var sign = source[place];
                tokens.Add(new JinjaToken(block ? JinjaTokenKind.BlockEnd : JinjaTokenKind.PrintEnd, "", line));
                Move(place + signed + 2);
                TrimAfter(sign, block);
                return;
            }

            ReadToken();
            nesting += tokens[^1] is { Kind: JinjaTokenKind.Operator } last ? last.Value switch { "(" or "[" or "{" => 1, ")" or "]" or "}" => -1, _ => 0 } : 0;
        }
    }

    private void ReadToken()
    {
        var letter = source[place];
        if (letter is '\'' or '"')
            ReadText(letter);
        else if (char.IsAsciiDigit(letter))
            ReadNumber();
        else if (char.IsLetter(letter) || letter == '_')
            Take(JinjaTokenKind.Name, Scan(unit => char.IsLetterOrDigit(unit) || unit == '_'));
        else if (Operators.FirstOrDefault(mark => string.CompareOrdinal(source, place, mark, 0, mark.Length) == 0) is { } found)
            Take(JinjaTokenKind.Operator, place + found.Length);
        else
            throw new JinjaException(line, $"'{letter}' is not known in an expression");
    }

    private void ReadNumber()
    {
        var end = Scan(unit => char.IsAsciiDigit(unit) || unit == '_');
        var kind = JinjaTokenKind.Integer;
        if (end + 1 < source.Length && source[end] == '.' && char.IsAsciiDigit(source[end + 1]))
        {
            kind = JinjaTokenKind.Float;
            for (end++; end < source.Length && char.IsAsciiDigit(source[end]); end++)
            {
            }
        }

        if (end < source.Length && source[end] is 'e' or 'E')
        {
            var digits = end + (end + 1 < source.Length && source[end + 1] is '+' or '-' ? 2 : 1);
            if (digits < source.Length && char.IsAsciiDigit(source[digits]))
            {
                kind = JinjaTokenKind.Float;
                for (end = digits; end < source.Length && char.IsAsciiDigit(source[end]); end++)
                {
                }
            }
        }

        Take(kind, end);
    }

    private void ReadText(char quote)
    {
        var start = line;
        var text = new StringBuilder();
        for (var at = place + 1; at < source.Length; at++)
        {
            if (source[at] == quote)
            {
                tokens.Add(new JinjaToken(JinjaTokenKind.Text, text.ToString(), start));
                Move(at + 1);
                return;
            }

            if (source[at] == '\\' && at + 1 < source.Length)
                at = ReadEscape(at + 1, text);
            else
                text.Append(source[at]);
        }

        throw new JinjaException(start, "a string does not end");
    }

    /// <summary>One of Python's escapes; gives the place of its last character. An unknown one stands for itself, backslash included.</summary>
    private int ReadEscape(int at, StringBuilder text)
    {
        const string Letters = "ntrbfva0";
        const string Meanings = "\n\t\r\b\f\v\a\0";
        var letter = source[at];
        if (letter is 'x' or 'u' or 'U')
        {
            var length = letter switch { 'x' => 2, 'u' => 4, _ => 8 };
            if (at + length >= source.Length || !int.TryParse(source.AsSpan(at + 1, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point) || point > 0x10FFFF)
                throw new JinjaException(line, $"'\\{letter}' is not followed by {length} hexadecimal digits of a character");
            text.Append(point < 0x10000 ? ((char)point).ToString() : char.ConvertFromUtf32(point));
            return at + length;
        }

        if (letter == 'N' || char.IsAsciiDigit(letter) && (letter != '0' || (at + 1 < source.Length && char.IsAsciiDigit(source[at + 1]))))
            throw new JinjaException(line, $"the escape '\\{letter}' is not known");
        if (letter is '\\' or '\'' or '"')
            text.Append(letter);
        else if (Letters.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var index)
            text.Append(Meanings[index]);
        else if (letter != '\n')
            text.Append('\\').Append(letter);
        return at;
    }

    private int Scan(Func<char, bool> belongs)
    {
        var end = place;
        while (end < source.Length && belongs(source[end]))
            end++;
        return end;
    }

    private void Take(JinjaTokenKind kind, int end)
    {
        tokens.Add(new JinjaToken(kind, source[place..end], line));
        Move(end);
    }

    private void TrimAfter(char sign, bool block)
    {
        if (sign == '-')
        {
            while (place < source.Length && char.IsWhiteSpace(source[place]))
                Move(place + 1);
        }
        else if (block && sign != '+' && place < source.Length && source[place] == '\n')
        {
            Move(place + 1);
        }
    }

    private void Move(int to)
    {
        line += source.AsSpan(place, to - place).Count('\n');
        place = to;
    }
}
