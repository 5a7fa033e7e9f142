using System.Globalization;
using System.Text;

namespace GenPrm.Core.Equality.Grammar;

/// <summary>Cuts an answer into tokens and drops what only changes its look.</summary>
internal sealed class Lexer
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
        var lexer = new Lexer(Ascii(text), alternate, budget);
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
            if (char.IsWhiteSpace(c) || c is '$' or '~' or '"' or '`')
                Skip();
            else if (c == '\\')
                Command(end);
            else if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < end && char.IsAsciiDigit(text[at + 1])))
                Number(end);
            else if (char.IsAsciiLetter(c))
                Letters(end);
            else
                Sign(c);
        }
    }

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
        if (run.Length > 1 && Vocabulary.BareCommand(run) is { } command)
        {
            Add(new Token(TokenKind.Command, Vocabulary.Aliases.GetValueOrDefault(command, command)));
            return;
        }
        if (run.Length > 1 && (upright || Vocabulary.IsWord(run)))
        {
            Add(new Token(TokenKind.Word, run));
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
        if (to < at || !text.AsSpan(from, to - from).ContainsAnyInRange('0', '9'))
            return false;
        var rest = to;
        while (rest < end && text[rest] is ' ' or '_' or '{')
            rest++;
        var digits = rest;
        while (digits < end && char.IsAsciiDigit(text[digits]))
            digits++;
        if (digits == rest || rest == to || !text.AsSpan(to, rest - to).Contains('_') || digits - rest > 2)
            return false;
        var radix = int.Parse(text.AsSpan(rest, digits - rest), CultureInfo.InvariantCulture);
        if (radix is not (11 or 12 or 16) || Literals.InBase(text[from..to], radix) is not { } value)
            return false;
        while (digits < end && text[digits] is '}' && text.AsSpan(to, rest - to).Contains('{'))
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
        Add(new Token(TokenKind.Number, literal.IsPlain ? text[start..literal.End] : "", literal.Value, literal.Digits));
    }

    private void Command(int end)
    {
        var start = ++at;
        if (start >= end)
            return;
        if (!char.IsAsciiLetter(text[start]))
        {
            at++;
            ControlSign(text[start]);
            return;
        }
        while (at < end && char.IsAsciiLetter(text[at]))
            at++;
        var name = text[start..at];
        if (name is "left" or "right" && Now == '.')
            at++;
        else if (name is "begin" or "end")
            Environment(name);
        else if (Vocabulary.Ignored.Contains(name))
            SkipArgument();
        else if (name is "textcolor")
            SkipArgument();
        else if (name is "mathbb" or "Bbb" or "mathds")
            Blackboard();
        else if (Vocabulary.Upright.Contains(name) && name != "rm")
            UprightText(name);
        else if (Vocabulary.Noise.Contains(name))
            spaced = true;
        else
            Named(Vocabulary.Aliases.GetValueOrDefault(name, name));
    }

    private void Named(string name)
    {
        if (Vocabulary.Signs.TryGetValue(name, out var sign))
        {
            brackets += sign is '(' or '[' ? 1 : sign is ')' or ']' ? -1 : 0;
            Add(new Token(TokenKind.Sign, sign.ToString()));
        }
        else if (name is "and" or "or")
        {
            Add(new Token(TokenKind.Word, name));
        }
        else
        {
            if (name is "{" or "langle")
                brackets++;
            else if (name is "}" or "rangle")
                brackets--;
            Add(new Token(TokenKind.Command, name));
        }
    }

    private void ControlSign(char c)
    {
        if (c == '\\')
        {
            // A doubled backslash before a command is one that was escaped; otherwise it ends a row.
            var letters = at;
            while (letters < text.Length && char.IsAsciiLetter(text[letters]))
                letters++;
            if (tables == 0 && letters - at > 1 && Parser.Knows(text[at..letters]))
                at--;
            else
                Add(new Token(TokenKind.Row, ""));
        }
        else if (c is '{' or '}')
        {
            brackets += c == '{' ? 1 : -1;
            Add(new Token(TokenKind.Command, c.ToString()));
        }
        else if (c is '%' or '|')
        {
            Add(new Token(TokenKind.Sign, c.ToString()));
        }
        else
        {
            spaced = true;
        }
    }

    private void Environment(string which)
    {
        var name = Argument()?.TrimEnd('*') ?? "";
        if (name is not ("matrix" or "pmatrix" or "bmatrix" or "vmatrix" or "Vmatrix" or "Bmatrix" or "smallmatrix" or "array"))
            return;
        tables += which == "begin" ? 1 : -1;
        if (name == "array" && which == "begin" && Now == '{')
            SkipArgument();
        Add(new Token(which == "begin" ? TokenKind.Begin : TokenKind.EndOf, name));
    }

    private void Blackboard()
    {
        while (Now == ' ')
            at++;
        var letter = Now == '{' ? Argument() ?? "" : Now.ToString();
        if (at < text.Length && letter.Length == 1 && text[at] == letter[0])
            at++;
        Add(new Token(TokenKind.Command, "bb" + letter.Trim()));
    }

    private void UprightText(string name)
    {
        if (Now == '*')
            at++;
        while (Now == ' ')
            at++;
        if (Now != '{')
            return;
        var close = Closing(at);
        var content = text[(at + 1)..close];
        var plain = content.Trim();
        if (Vocabulary.Functions.Contains(plain) || Vocabulary.ListFunctions.Contains(plain) || (name == "operatorname" && plain.Length > 1 && plain.All(char.IsAsciiLetter)))
        {
            at = Math.Min(close + 1, text.Length);
            Add(new Token(TokenKind.Command, Vocabulary.Aliases.GetValueOrDefault(plain, plain)));
            return;
        }
        var outer = upright;
        upright = true;
        spaced = true;
        at++;
        budget.Enter();
        Run(close);
        budget.Leave();
        upright = outer;
        spaced = true;
        at = Math.Min(close + 1, text.Length);
    }

    private void SkipArgument() => Argument();

    // The braces' content, and past it; null where no brace stands.
    private string? Argument()
    {
        while (Now == ' ')
            at++;
        if (Now != '{')
            return null;
        var close = Closing(at);
        var content = text[(at + 1)..close];
        at = Math.Min(close + 1, text.Length);
        return content;
    }

    private int Closing(int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '{')
                depth++;
            else if (text[i] == '}' && --depth == 0)
                return i;
        }
        return text.Length;
    }

    private static string Ascii(string text)
    {
        if (System.Text.Ascii.IsValid(text))
            return text;
        var plain = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            // Full-width forms of ASCII; minus and digits as superscripts run together.
            if (c is >= '！' and <= '～')
                plain.Append((char)(c - 0xFEE0));
            else if (c == '⁻' && i + 1 < text.Length && Vocabulary.Characters.TryGetValue(text[i + 1], out var power) && power.StartsWith("^{", StringComparison.Ordinal))
                plain.Append("^{-").Append(power.AsSpan(2)).Append(text[++i] == '\0' ? "" : "");
            else if (Vocabulary.Characters.TryGetValue(c, out var spelling))
                Append(plain, spelling);
            else if (char.IsWhiteSpace(c) || Vocabulary.Dropped.Contains(c) || c is '\u200b' or '\ufeff' or '\u2061' or '\u2062')
                plain.Append(' ');
            else
                plain.Append(c);
        }
        return plain.ToString();
    }

    // Superscript digits in a row are one exponent: x¹² is x^{12}.
    private static void Append(StringBuilder plain, string spelling)
    {
        if (spelling.Length == 4 && spelling[0] is '^' or '_' && plain.Length >= 4 && plain[^1] == '}' && char.IsAsciiDigit(plain[^2]) && IsRun(plain, spelling[0]))
            plain.Insert(plain.Length - 1, spelling[2]);
        else
            plain.Append(spelling);
    }

    private static bool IsRun(StringBuilder plain, char kind)
    {
        var i = plain.Length - 2;
        while (i >= 0 && (char.IsAsciiDigit(plain[i]) || plain[i] == '-'))
            i--;
        return i >= 1 && plain[i] == '{' && plain[i - 1] == kind;
    }
}
