namespace GenPrm.Core.Equality.Grammar;

/// <summary>Choices and lists.</summary>
internal sealed partial class Parser
{
    // (B) 12, \textbf{(B)}\ 12, B) 12, B. 12, \text{B: }12, and B) alone
    private Node? Choice()
    {
        if (Now.Kind == TokenKind.Word && Now.Text.ToLowerInvariant() is "option" or "choice" or "answer" && (Next.Kind == TokenKind.Letter || Next.Is('(')))
            at++;
        var bracket = Now.Is('(') ? 1 : 0;
        var letter = tokens[Math.Min(at + bracket, tokens.Count - 1)];
        if (letter.Kind != TokenKind.Letter || letter.Text[0] is < 'A' or > 'J')
            return null;
        var close = tokens[Math.Min(at + bracket + 1, tokens.Count - 1)];
        var value = tokens[Math.Min(at + bracket + 2, tokens.Count - 1)];
        if (!(close.Is(')') || (bracket == 0 && (close.Is('.') || (close.Is(':') && letter.Upright)))))
            return null;
        if (value.Kind == TokenKind.End && bracket == 0)
        {
            at += 2;
            return new Node.Symbol(letter.Text);
        }
        if (value.Kind is TokenKind.End or TokenKind.Row || (value.Kind == TokenKind.Word && Vocabulary.Joiners.Contains(value.Text.ToLowerInvariant())))
            return null;
        if (value.Kind == TokenKind.Sign && value.Text[0] is not ('(' or '[' or '{' or '|' or ':'))
            return null;
        if (value.Kind == TokenKind.Command && value.Text is "cup" or "cap" or "leq" or "geq" or "in" or "to" or "pm")
            return null;
        at += bracket + 2;
        Take(':');
        return new Node.Option(letter.Text, List());
    }

    // Commas and "and" bind closer than semicolons, line breaks and "or": p=5,q=2;p=7,q=2 is two pairs.
    private Node List()
    {
        var groups = new List<List<Node>> { new() };
        while (!AtEndOfList())
        {
            budget.Spend(1);
            if (Separator() is { } isStrong)
            {
                if (isStrong && groups[^1].Count > 0)
                    groups.Add([]);
                continue;
            }
            if (groups[^1].Count > 0 && Remark())
                continue;
            groups[^1].Add(Relation());
            if (!AtEndOfList() && !IsSeparator() && !IsDeclaration())
                throw Unexpected();
        }
        groups.RemoveAll(g => g.Count == 0);
        if (groups.Count == 0)
            throw new NotParsedException("nothing");
        if (groups.Count == 1)
            return groups[0].Count == 1 ? groups[0][0] : new Node.Listing(groups[0]);
        return new Node.Listing([.. groups.Select(g => g.Count == 1 ? g[0] : new Node.Listing(g))]);
    }

    private bool AtEndOfList() => Now.Kind is TokenKind.End or TokenKind.EndOf
        || (Now.Kind == TokenKind.Sign && (Now.Text[0] is ')' or ']' or '}' or '&' || (Now.Text[0] is '|' or ':' && bars > 0)))
        || (Now.Kind == TokenKind.Command && Now.Text is "}" or "rangle");

    // k\pi (k \in \mathbb{Z})
    private bool IsDeclaration() => Now.Is('(') && Next.Kind == TokenKind.Letter && tokens[Math.Min(at + 2, tokens.Count - 1)].IsCommand("in");

    private bool IsSeparator() => Now.Kind == TokenKind.Row
        || (Now.Kind == TokenKind.Sign && Now.Text[0] is ',' or ';' or '.')
        || Now.IsCommand("land") || Now.IsCommand("lor")
        || (Now.Kind == TokenKind.Word && Vocabulary.Joiners.Contains(Now.Text.ToLowerInvariant()));

    // Passes a separator and tells whether it is a strong one; null where none stands.
    private bool? Separator()
    {
        if (!IsSeparator())
            return null;
        var isStrong = Now.Kind == TokenKind.Row || Now.Is(';') || Now.IsCommand("lor") || (Now.Kind == TokenKind.Word && string.Equals(Now.Text, "or", StringComparison.OrdinalIgnoreCase));
        at++;
        return isStrong;
    }
}
