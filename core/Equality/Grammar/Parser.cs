namespace GenPrm.Core.Equality.Grammar;

/// <summary>
/// Recursive descent over the tokens of an answer. The levels, loosest first, each a rule in a file of its own name:
/// <code>
/// answer   := [ "(" choice ")" ] list                     Lists
/// list     := relation { ("," | ";" | "and" | "or") relation }
/// relation := ratio { ("=" | "&lt;" | "≤" | "∈" | …) ratio }   Relations
/// ratio    := union { ":" union }
/// union    := measured { ("∪" | "∩" | "∖") measured }
/// measured := sum [ unit ]
/// sum      := term { ("+" | "-" | "±") term }              Sums
/// term     := factor { ["·" | "/"] factor }
/// factor   := atom { "^" exponent | "!" | "%" | "'" }
/// atom     := number | letter | group | command            Atoms, Commands
/// </code>
/// A new notation is one rule: an entry of <see cref="Commands"/> for a command, a case of <see cref="Atom"/> for a sign.
/// </summary>
internal sealed partial class Parser
{
    private readonly List<Token> tokens;
    private readonly Budget budget;
    private int at;
    private int bars;

    private Parser(List<Token> tokens, Budget budget) => (this.tokens, this.budget) = (tokens, budget);

    /// <summary>Reads an answer.</summary>
    /// <returns>Its tree, and whether a comma in it could also be read the other way.</returns>
    /// <exception cref="NotParsedException">No rule fits.</exception>
    /// <exception cref="TooLargeException">The budget is used up.</exception>
    public static (Node Tree, bool IsAmbiguous) Read(string text, bool alternate, Budget budget)
    {
        var (tokens, ambiguous) = Lexer.Read(text, alternate, budget);
        var parser = new Parser(tokens, budget);
        parser.DropEnds();
        parser.TurnOpenEnds();
        return (parser.Answer(), ambiguous);
    }

    private Token Now => tokens[at];

    private Token Next => tokens[Math.Min(at + 1, tokens.Count - 1)];

    // What a sentence leaves around an answer: full stops, separators, a lone closing brace.
    private void DropEnds()
    {
        while (tokens.Count > 1 && (tokens[^2].Kind == TokenKind.Row || (tokens[^2].Kind == TokenKind.Sign && tokens[^2].Text[0] is '.' or ',' or ';' or ':' or '?' or '&')))
            tokens.RemoveAt(tokens.Count - 2);
        while (Now.Kind == TokenKind.Row || (Now.Kind == TokenKind.Command && Now.Text is "approx" or "therefore" or "implies" or "Rightarrow" or "rightarrow" or "to") || (Now.Kind == TokenKind.Sign && Now.Text[0] is '.' or ',' or ';' or ':' or '='))
            at++;
    }

    // ]0,1[ is (0,1) where the answer is one interval.
    private void TurnOpenEnds()
    {
        var (first, last) = (at, tokens.Count - 2);
        if (last - first < 3 || !(tokens[first].Is(']') || tokens[first].Is('[')) || !(tokens[last].Is('[') || tokens[last].Is(']')))
            return;
        if (tokens[first].Is(']'))
            tokens[first] = tokens[first] with { Text = "(" };
        if (tokens[last].Is('['))
            tokens[last] = tokens[last] with { Text = ")" };
    }

    private Node Answer()
    {
        var tree = Choice() ?? List();
        while (Now.Is('}') || Now.Is('.'))
            at++;
        return Now.Kind == TokenKind.End ? tree : throw Unexpected();
    }

    private bool Take(char sign)
    {
        if (!Now.Is(sign))
            return false;
        at++;
        return true;
    }

    private bool TakeCommand(string name)
    {
        if (!Now.IsCommand(name))
            return false;
        at++;
        return true;
    }

    private NotParsedException Unexpected() => new(Now.Kind == TokenKind.End ? "unexpected end" : $"unexpected {Now.Kind} {Now.Text}".TrimEnd());
}
