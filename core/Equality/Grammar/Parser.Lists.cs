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
        var (within, between) = (new List<Joint> { Joint.None }, Joint.None);
        while (!AtEndOfList())
        {
            budget.Spend(1);
            var joint = JointHere();
            if (Separator() is { } isStrong)
            {
                (within[^1], between) = isStrong ? (within[^1], joint == Joint.None ? between : joint) : (joint == Joint.None ? within[^1] : joint, between);
                if (isStrong && groups[^1].Count > 0)
                {
                    groups.Add([]);
                    within.Add(Joint.None);
                }
                continue;
            }
            if (groups[^1].Count > 0 && Remark())
                continue;
            groups[^1].Add(Relation());
            if (!AtEndOfList() && !IsSeparator() && !IsDeclaration())
                throw Unexpected();
        }
        var items = groups.Zip(within).Where(g => g.First.Count > 0).Select(g => g.First is [var only] ? only : new Node.Listing(g.First, g.Second)).ToArray();
        return items switch
        {
            [] => throw new NotParsedException("nothing"),
            [var only] => only,
            _ => new Node.Listing(items, between),
        };
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

    private Joint JointHere() => Now.IsCommand("land") ? Joint.Land : Now.IsCommand("lor") || Now.IsWord("or") ? Joint.Or : Now.IsWord("and") ? Joint.And : Joint.None;

    // Passes a separator and tells whether it is a strong one; null where none stands.
    private bool? Separator()
    {
        if (!IsSeparator())
            return null;
        var isStrong = Now.Kind == TokenKind.Row || Now.Is(';') || JointHere() == Joint.Or;
        at++;
        return isStrong;
    }
}
