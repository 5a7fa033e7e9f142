namespace GenPrm.Core.Equality.Grammar;

/// <summary>What begins with a backslash.</summary>
internal sealed partial class Lexer
{
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
        else if (!Vocabulary.Noise.Contains(name))
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
                Row();
        }
        else if (c is '{' or '}')
        {
            brackets += c == '{' ? 1 : -1;
            Add(new Token(TokenKind.Command, c.ToString()));
        }
        else if (c is '%' or '|' || (c == '$' && IsNumberNext()))
        {
            Add(new Token(TokenKind.Sign, c.ToString()));
        }
        else
        {
            spaced = true;
        }
    }

    private bool IsNumberNext()
    {
        var i = at;
        while (i < text.Length && text[i] == ' ')
            i++;
        return i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == '.');
    }

    // \\ or \\[4pt]
    private void Row()
    {
        var close = Now == '[' ? text.IndexOf(']', at) : -1;
        if (close > at && close - at < 8 && text[close - 1] is 't' or 'm' or 'x' && char.IsAsciiLetter(text[close - 2]))
            at = close + 1;
        Add(new Token(TokenKind.Row, ""));
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
        // Behind a number, and before nothing, min and sec are minutes and seconds.
        var isTime = plain is "min" or "sec" && tokens.Count > 0 && tokens[^1].Kind == TokenKind.Number && text.AsSpan(Math.Min(close + 1, text.Length)).TrimStart(" }.$\\").IsEmpty;
        if (!isTime && (Vocabulary.Functions.Contains(plain) || Vocabulary.ListFunctions.Contains(plain) || (name == "operatorname" && plain.Length > 1 && plain.All(char.IsAsciiLetter))))
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
        at = Math.Max(at, Math.Min(close + 1, text.Length));
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
}
