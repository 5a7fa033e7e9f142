using System.Text;

namespace GenPrm.Core.Equality.Grammar;

/// <summary>Bounds and ranges that words make.</summary>
internal sealed partial class Parser
{
    // at least 5, not 5, \geq 5: a bound of what has no name
    private Node.Relation? Bound()
    {
        var (start, words) = (at, new StringBuilder());
        while (Now.Kind == TokenKind.Word && at - start < 3)
            words.Append(words.Length > 0 ? " " : "").Append(tokens[at++].Text);
        var symbol = at == start ? Operator() : Vocabulary.Bounds.GetValueOrDefault(words.ToString());
        if (symbol is not ("<" or "≤" or ">" or "≥" or "≠") || (at > start && tokens[at - 1].Kind == TokenKind.Word && Now.Kind != TokenKind.Number && !Now.Is('$')))
        {
            at = start;
            return null;
        }
        return new Node.Relation([new Node.Words(""), Measured()], [symbol]);
    }

    // from 2 to 5 holds its ends; between 2 and 5 does not, unless it says so.
    private Node.Relation? Range()
    {
        var start = at;
        var isClosed = Now.IsWord("from");
        if (!isClosed && !Now.IsWord("between"))
            return null;
        at++;
        budget.Enter();
        var low = IsEnd() ? Sum() : null;
        if (low is null || !(isClosed ? Now.IsWord("to") : Now.IsWord("and")))
        {
            budget.Leave();
            at = start;
            return null;
        }
        at++;
        var high = Sum();
        budget.Leave();
        if (Now.Is(',') && Next.IsWord("inclusive"))
            at++;
        if (Now.IsWord("inclusive") || Now.IsWord("inclusively"))
        {
            at++;
            isClosed = true;
        }
        var symbol = isClosed ? "≤" : "<";
        return new Node.Relation([low, new Node.Words(""), high], [symbol, symbol]);
    }

    // A range goes from a value: "from east to west" are words.
    private bool IsEnd() => Now.Kind is not (TokenKind.Word or TokenKind.End);
}
