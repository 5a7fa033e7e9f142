using System.Globalization;

namespace GenPrm.Model.Tokenization.Patterns;

/// <summary>Reads the part of Oniguruma's syntax that tokenizers are written in: sets, categories, alternatives, groups, look ahead,
/// repetition. Everything else is refused by name.</summary>
internal sealed class PatternParser
{
    private const int MostRepeats = 64;
    private const int DeepestNesting = 32;
    private const long MostNodes = 10_000;

    private readonly string pattern;
    private int place;
    private int depth;

    private PatternParser(string pattern) => this.pattern = pattern;

    /// <exception cref="FormatException">The pattern holds something unknown; the message names it.</exception>
    public static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var syntax = parser.Alternatives(false);
        if (parser.place < pattern.Length)
            throw parser.Unknown(")");
        return syntax.Least == 0
            ? throw new FormatException($"the pattern {pattern} can match nothing, and a tokenizer's may not")
            : syntax.Link(new EndNode());
    }

    /// <summary>A piece of syntax: links itself before what follows it. Linked anew for each place it stands in.</summary>
    /// <param name="Least">The fewest code points that it takes.</param>
    /// <param name="Nodes">How many nodes linking it makes.</param>
    private sealed record Syntax(int Least, long Nodes, Func<PatternNode, PatternNode> Link, CharacterSet? Set = null);

    private Syntax Alternatives(bool ignoreCase)
    {
        if (++depth > DeepestNesting)
            throw Unknown($"more than {DeepestNesting} groups in each other");
        var branches = new List<Syntax> { Sequence(ref ignoreCase) };
        while (Accept('|'))
            branches.Add(Sequence(ref ignoreCase));
        depth--;
        return branches.Count == 1 ? branches[0] : new Syntax(
            branches.Min(branch => branch.Least),
            1 + branches.Sum(branch => branch.Nodes),
            next => new ChoiceNode([.. branches.Select(branch => branch.Link(next))]) { Next = next });
    }

    private Syntax Sequence(ref bool ignoreCase)
    {
        var parts = new List<Syntax>();
        while (place < pattern.Length && pattern[place] is not ('|' or ')'))
        {
            if (Accept("(?i)"))
                ignoreCase = true;
            else
                parts.Add(Repeated(Atom(ignoreCase)));
        }

        return new Syntax(parts.Sum(part => part.Least), parts.Sum(part => part.Nodes), next => Enumerable.Reverse(parts).Aggregate(next, (rest, part) => part.Link(rest)));
    }

    private Syntax Atom(bool ignoreCase)
    {
        var start = place;
        switch (pattern[place++])
        {
            case '(' when Accept("?="):
                return LookAhead(Closed(Alternatives(ignoreCase)), true);
            case '(' when Accept("?!"):
                return LookAhead(Closed(Alternatives(ignoreCase)), false);
            case '(' when Accept("?:"):
                return Closed(Alternatives(ignoreCase));
            case '(' when Accept("?i:"):
                return Closed(Alternatives(true));
            case '(' when place < pattern.Length && pattern[place] != '?':
                return Closed(Alternatives(ignoreCase));
            case '(':
                throw Unknown(pattern[start..Math.Min(pattern.Length, start + 4)]);
            case '[':
                return One(ReadSet(ignoreCase));
            case '.':
                return One(CharacterSet.NotNewLine);
            case '\\':
                return One(Escape(ignoreCase, out _));
            case '^' or '$' or '*' or '+' or '?' or '{' or '}' or ']':
                throw Unknown(pattern[start].ToString());
            default:
                place = start;
                var point = PointAt();
                return One(new CharacterSet([(point, point)], ignoreCase: ignoreCase));
        }
    }

    private static Syntax One(CharacterSet set) => new(1, 1, next => new SetNode(set, 1, 1, Greed.Greedy) { Next = next }, set);

    private static Syntax LookAhead(Syntax body, bool wanted) => new(0, 2 + body.Nodes, next => new LookAheadNode(body.Link(new EndNode()), wanted) { Next = next });

    private Syntax Closed(Syntax inside) => Accept(')') ? inside : throw Unknown("a group that does not end");

    private Syntax Repeated(Syntax part)
    {
        if (!TryRepetition(out var least, out var most))
            return part;
        var greed = Accept('?') ? Greed.Lazy : pattern[place - 1] != '}' && Accept('+') ? Greed.Possessive : Greed.Greedy;
        if (place < pattern.Length && pattern[place] is '?' or '*' or '+')
            throw Unknown("a repetition of a repetition");
        if (part.Set is { } set)
            return new Syntax(least, 1, next => new SetNode(set, least, most, greed) { Next = next });
        var nodes = (long)most * (part.Nodes + 1);
        if (most > MostRepeats || greed == Greed.Possessive || part.Least == 0 || nodes > MostNodes)
            throw Unknown("an unbounded or large repetition of a group");
        return new Syntax(least * part.Least, nodes, next =>
        {
            var rest = next;
            for (var optional = least; optional < most; optional++)
            {
                var taken = part.Link(rest);
                rest = new ChoiceNode(greed == Greed.Lazy ? [next, taken] : [taken, next]) { Next = next };
            }

            for (var wanted = 0; wanted < least; wanted++)
                rest = part.Link(rest);
            return rest;
        });
    }

    private bool TryRepetition(out int least, out int most)
    {
        (least, most) = (0, int.MaxValue);
        if (Accept('*'))
            return true;
        if (Accept('+'))
        {
            least = 1;
            return true;
        }

        if (Accept('?'))
        {
            most = 1;
            return true;
        }

        if (!Accept('{'))
            return false;
        var start = place - 1;
        var open = pattern.IndexOf('}', place);
        var parts = open < 0 ? [] : pattern[place..open].Split(',');
        if (parts.Length is 0 or > 2 || !TryCount(parts[0], 0, out least) || !TryCount(parts[^1], int.MaxValue, out most) || least > most || parts is [""])
            throw Unknown(pattern[start..Math.Min(pattern.Length, start + 8)]);
        place = open + 1;
        return true;
    }

    private static bool TryCount(string digits, int otherwise, out int count)
    {
        count = otherwise;
        return digits.Length == 0 || (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= 1 << 16);
    }

    private CharacterSet ReadSet(bool ignoreCase)
    {
        var negated = Accept('^');
        var ranges = new List<(int, int)>();
        var others = new List<CharacterSet>();
        for (var first = true; ; first = false)
        {
            if (place >= pattern.Length)
                throw Unknown("a set that does not end");
            if (!first && Accept(']'))
                return new CharacterSet(ranges, 0, others, negated, ignoreCase);
            if (pattern[place] == '[' || (first && pattern[place] == ']') || Ahead("&&"))
                throw Unknown(pattern[place..Math.Min(pattern.Length, place + 2)] + " inside a set");
            if (SetItem(ignoreCase, others) is not { } begin)
                continue;
            if (place + 1 < pattern.Length && pattern[place] == '-' && pattern[place + 1] != ']')
            {
                place++;
                if (SetItem(ignoreCase, others) is not { } end || end < begin)
                    throw Unknown("a range without an end");
                ranges.Add((begin, end));
            }
            else
            {
                ranges.Add((begin, begin));
            }
        }
    }

    /// <summary>One code point of a set, or null where a whole class was added to it.</summary>
    private int? SetItem(bool ignoreCase, List<CharacterSet> others)
    {
        if (!Accept('\\'))
            return PointAt();
        var set = Escape(ignoreCase, out var point);
        if (point < 0)
            others.Add(set);
        return point < 0 ? null : point;
    }

    /// <summary>What stands after a backslash: a class, or a single <paramref name="point"/> (else -1).</summary>
    private CharacterSet Escape(bool ignoreCase, out int point)
    {
        point = -1;
        if (place >= pattern.Length)
            throw Unknown("\\ at the end");
        var letter = pattern[place++];
        switch (letter)
        {
            case 's' or 'S':
                return letter == 's' ? CharacterSet.WhiteSpace : CharacterSet.WhiteSpace.Complement();
            case 'd' or 'D':
                return letter == 'd' ? CharacterSet.Digit : CharacterSet.Digit.Complement();
            case 'w' or 'W':
                return letter == 'w' ? CharacterSet.Word : CharacterSet.Word.Complement();
            case 'p' or 'P':
                return Category(letter == 'P');
            case 'n' or 'r' or 't' or 'f' or 'v' or 'a' or 'e':
                point = letter switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'f' => '\f', 'v' => '\v', 'a' => 7, _ => 27 };
                break;
            case 'u' or 'x':
                point = HexPoint(letter);
                break;
            case var other when char.IsAsciiLetterOrDigit(other):
                throw Unknown("\\" + other);
            default:
                place--;
                point = PointAt();
                break;
        }

        return new CharacterSet([(point, point)], ignoreCase: ignoreCase);
    }

    private CharacterSet Category(bool negated)
    {
        var start = place - 2;
        var end = Accept('{') ? pattern.IndexOf('}', place) : -1;
        if (end < 0)
            throw Unknown(pattern[start..Math.Min(pattern.Length, start + 6)]);
        negated ^= Accept('^');
        var bits = CharacterSet.OfName(pattern[place..end]);
        if (bits == 0)
            throw Unknown(pattern[start..(end + 1)]);
        place = end + 1;
        return new CharacterSet([], bits, negated: negated);
    }

    private int HexPoint(char letter)
    {
        var start = place - 2;
        var (from, to) = letter == 'x' && Accept('{') ? (place, pattern.IndexOf('}', place)) : (place, place + (letter == 'u' ? 4 : 2));
        if (to < 0 || to > pattern.Length || !int.TryParse(pattern[from..to], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point) || point is < 0 or > 0x10FFFF)
            throw Unknown(pattern[start..Math.Min(pattern.Length, start + 6)]);
        place = to + (from > start + 2 ? 1 : 0);
        return point;
    }

    private int PointAt()
    {
        var width = char.IsHighSurrogate(pattern[place]) && place + 1 < pattern.Length && char.IsLowSurrogate(pattern[place + 1]) ? 2 : 1;
        var point = width == 2 ? char.ConvertToUtf32(pattern[place], pattern[place + 1]) : pattern[place];
        place += width;
        return point;
    }

    private bool Ahead(string text) => string.CompareOrdinal(pattern, place, text, 0, text.Length) == 0;

    private bool Accept(string text)
    {
        var found = Ahead(text);
        place += found ? text.Length : 0;
        return found;
    }

    private bool Accept(char letter)
    {
        var found = place < pattern.Length && pattern[place] == letter;
        place += found ? 1 : 0;
        return found;
    }

    private FormatException Unknown(string construct) => new($"the pattern {pattern} has '{construct}' at place {Math.Min(place, pattern.Length)}, which is not known");
}
