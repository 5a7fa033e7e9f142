using System.Globalization;

namespace GenPrm.Core.Equality.Grammar;

/// <summary>Cuts an answer into tokens and drops what only changes its look.</summary>
internal sealed partial class Lexer
{
    private readonly string text;
    private readonly bool alternate;
    private readonly Budget budget;
    private readonly List<Token> tokens = [];
    private int at;
    private int brackets;
    private int tables;
    private bool spaced;
    private bool upright;

    private Lexer(string text, bool alternate, Budget budget) => (this.text, this.alternate, this.budget) = (text, alternate, budget);

    /// <summary>Whether a comma between digits could be read both as a separator of thousands and of items.</summary>
    public bool IsAmbiguous { get; private set; }

    /// <summary>Reads <paramref name="text"/>.</summary>
    /// <param name="text">The answer, without its box.</param>
    /// <param name="alternate">Reads doubtful commas the other way: by default they separate thousands outside of brackets and items inside.</param>
    /// <param name="budget">Counts the work.</param>
    public static (List<Token> Tokens, bool IsAmbiguous) Read(string text, bool alternate, Budget budget)
    {
        var lexer = new Lexer(PlainText.Of(text), alternate, budget);
        lexer.Run(lexer.text.Length);
        lexer.tokens.Add(new Token(TokenKind.End, ""));
        return (lexer.tokens, lexer.IsAmbiguous);
    }

    private char Now => at < text.Length ? text[at] : '\0';

    private void Run(int end)
    {
        while (at < end)
        {
            budget.Spend(1);
            var c = text[at];
            if (c == '$' && IsMoney())
                Sign(c);
            else if (char.IsWhiteSpace(c) || c is '$' or '~' or '"' or '`')
                Skip();
            else if (c == '\\')
                Command(end);
            else if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < end && (char.IsAsciiDigit(text[at + 1]) || Literals.Repeats(text, at + 1, end))))
                Number(end);
            else if (char.IsAsciiLetter(c))
                Letters(end);
            else
                Sign(c);
        }
    }

    // One $ that stands before a number, and no other, is no delimiter.
    private bool IsMoney() => at + 1 < text.Length && (char.IsAsciiDigit(text[at + 1]) || text[at + 1] == '.') && text.IndexOf('$', StringComparison.Ordinal) == at && text.IndexOf('$', at + 1) < 0;

    private void Skip()
    {
        spaced = true;
        at++;
    }

    private void Add(Token token)
    {
        tokens.Add(token with { Upright = upright, Spaced = spaced });
        spaced = false;
    }

    private void Sign(char c)
    {
        brackets += c is '(' or '[' ? 1 : c is ')' or ']' ? -1 : 0;
        at++;
        // Rows of a table are cut by &; elsewhere it only aligns. Markdown's asterisks for bold are noise.
        if (c == '&' && tables == 0)
            return;
        if (c == '*' && Now == '*')
        {
            at++;
            if (tokens.Count > 0 && at < text.Length && (char.IsAsciiDigit(Now) || Now is '-' or '('))
                Add(new Token(TokenKind.Sign, "^"));
            return;
        }
        Add(new Token(TokenKind.Sign, c.ToString()));
    }

    private void Letters(int end)
    {
        var start = at;
        while (at < end && char.IsAsciiLetter(text[at]))
            at++;
        var run = text[start..at];
        if (DigitsOfBase(start, end))
            return;
        if (PartOfDay(run) is { } part)
        {
            Add(new Token(TokenKind.Word, part));
            return;
        }
        if (run.Length > 1 && !(upright && run == "min") && Vocabulary.BareCommand(run) is { } command)
        {
            Add(new Token(TokenKind.Command, Vocabulary.Aliases.GetValueOrDefault(command, command)));
            return;
        }
        // x in [0, 1]
        if (run == "in" && spaced && tokens.Count > 0 && tokens[^1].Kind == TokenKind.Letter && text.AsSpan(at).TrimStart() is ['[' or '(' or '\\', ..])
        {
            Add(new Token(TokenKind.Command, run));
            return;
        }
        if (run.Length > 1 && (upright || Vocabulary.IsWord(run) || (run == "in" && IsBehindNumber) || (run == "at" && text.AsSpan(at).TrimStart() is var next && (next.StartsWith("least") || next.StartsWith("most")))))
        {
            Add(new Token(TokenKind.Word, run));
            return;
        }
        // 10 m/s
        if (run == "m" && IsBehindNumber && spaced && at + 1 < end && text[at] == '/' && text[at + 1] == 's' && (at + 2 == end || !char.IsAsciiLetter(text[at + 2])))
        {
            Add(new Token(TokenKind.Word, run));
            Sign(Now);
            Add(new Token(TokenKind.Word, text[at++].ToString()));
            return;
        }
        // A function's name written together with its argument: sinx.
        if (run.Length is 3 or 4 or 5 && FunctionWithArgument(run) is { } function)
        {
            Add(new Token(TokenKind.Command, function));
            run = run[function.Length..];
        }
        foreach (var letter in run)
            Add(new Token(TokenKind.Letter, letter.ToString()));
    }

    private bool IsBehindNumber => tokens.Count > 0 && tokens[^1].Kind == TokenKind.Number;

    // 3:30 pm, 6 AM, 6 am, 6 p.m.: behind a number, with nothing behind it; elsewhere pm is ± and am a product.
    private string? PartOfDay(string run)
    {
        if (tokens.Count == 0 || tokens[^1].Kind != TokenKind.Number || run[0] is not ('a' or 'p' or 'A' or 'P'))
            return null;
        var rest = text.AsSpan(at);
        var isDotted = run.Length == 1 && rest.StartsWith(".m", StringComparison.OrdinalIgnoreCase);
        var isPart = isDotted || run is "AM" or "PM" || (run is "am" or "pm" && (upright || (tokens.Count > 2 && tokens[^2].Is(':')) || (spaced && tokens.Count == 1)));
        if (!isPart || !rest[(isDotted ? 2 : 0)..].Trim(" }.$\\").IsEmpty)
            return null;
        at += isDotted ? 2 : 0;
        return char.ToLowerInvariant(run[0]) + "m";
    }

    private static string? FunctionWithArgument(string run)
    {
        foreach (var length in (ReadOnlySpan<int>)[3, 2])
        {
            if (run.Length is var whole && whole > length && whole <= length + 2 && run[..length] is "sin" or "cos" or "tan" or "log" or "ln")
                return run[..length];
        }
        return null;
    }

    // A number in a base above ten, such as 1A_{16}: from the run's begin, or from the digits just before it.
    private bool DigitsOfBase(int start, int end)
    {
        var from = start;
        while (from > 0 && char.IsAsciiDigit(text[from - 1]))
            from--;
        var to = from;
        while (to < end && (char.IsAsciiDigit(text[to]) || char.IsAsciiLetterUpper(text[to])))
            to++;
        budget.Spend((to - from) / 8);
        var isPure = !text.AsSpan(from, to - from).ContainsAnyInRange('0', '9');
        if (to < at || to - from < 2)
            return false;
        var rest = to;
        while (rest < text.Length && text[rest] is ' ' or '_' or '{' or '}')
            rest++;
        var digits = rest;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
            digits++;
        if (digits == rest || rest == to || !text.AsSpan(to, rest - to).Contains('_') || digits - rest > 2)
            return false;
        var radix = int.Parse(text.AsSpan(rest, digits - rest), CultureInfo.InvariantCulture);
        if (radix is not (11 or 12 or 16) || (isPure && radix != 16) || Literals.InBase(text[from..to], radix) is not { } value)
            return false;
        if (digits < text.Length && text[digits] is '}' && text.AsSpan(text.AsSpan(to).IndexOf('_') + to, rest - to - text.AsSpan(to).IndexOf('_')).Contains('{'))
            digits++;
        if (from < start)
            tokens.RemoveAt(tokens.Count - 1);
        at = digits;
        Add(new Token(TokenKind.Number, "", value));
        return true;
    }

    private void Number(int end)
    {
        var literal = Literals.Read(text, at, end, grouped: brackets > 0 == alternate && tables == 0, budget);
        IsAmbiguous |= literal.IsAmbiguous;
        var start = at;
        at = literal.End;
        Add(new Token(TokenKind.Number, literal.IsPlain ? text[start..literal.End] : "", literal.Value, literal.Digits, IsGrouped: alternate && brackets > 0 && literal.IsAmbiguous));
    }
}
