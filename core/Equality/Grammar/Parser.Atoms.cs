using System.Globalization;
using System.Text;
using GenPrm.Core.Equality.Values;

namespace GenPrm.Core.Equality.Grammar;

/// <summary>Atoms that begin with a sign, a number, a letter or a word.</summary>
internal sealed partial class Parser
{
    private Node Atom()
    {
        budget.Enter();
        var atom = Now.Kind switch
        {
            TokenKind.Number => Number(),
            TokenKind.Letter => Letter(),
            TokenKind.Word => Phrase(),
            TokenKind.Begin => Table(),
            TokenKind.Command => Command(),
            TokenKind.Sign when Now.Text[0] is '(' or '[' => Bracket(),
            TokenKind.Sign when Now.Text[0] is '{' => Group(),
            TokenKind.Sign when Now.Text[0] is '|' => Bars(),
            TokenKind.Sign when Now.Text[0] is '_' => Choose(),
            TokenKind.Sign when Units.OfMoney(Now.Text[0]) is { } money => Money(money),
            _ => throw Unexpected(),
        };
        budget.Leave();
        return atom;
    }

    private Node Number()
    {
        var token = tokens[at++];
        var number = new Node.Number(token.Value, token.Digits);
        if (Now.Is('_') && token.Text.Length > 0)
        {
            at++;
            return InBase(token.Text, Subscript());
        }
        return IsInteger(number) && (Now.IsCommand("frac") || Now.Kind == TokenKind.Number) ? MixedNumber(number) : number;
    }

    // 101_2, 101_{two}. A digit that the base does not have leaves a name.
    private static Node InBase(string digits, string subscript)
    {
        var radix = int.TryParse(subscript, NumberStyles.None, CultureInfo.InvariantCulture, out var written) ? written : NumberWords.Value(subscript) is { IsInteger: true } named ? (int)named.Numerator : 0;
        return radix is >= 2 and <= 36 && Literals.InBase(digits, radix) is { } value ? new Node.Number(value) : new Node.Symbol($"{digits}_{subscript}");
    }

    // The text of a subscript, whatever stands in it.
    private string Subscript()
    {
        if (!Now.Is('{') && !Now.Is('('))
            return Now.Kind is TokenKind.Number or TokenKind.Letter or TokenKind.Word or TokenKind.Command ? Spelled(tokens[at++]) : throw Unexpected();
        var text = new StringBuilder();
        var depth = 0;
        do
        {
            if (Now.Kind == TokenKind.End)
                break;
            depth += Now.Is('{') || Now.Is('(') ? 1 : Now.Is('}') || Now.Is(')') ? -1 : 0;
            if (!Now.Is('{') && !Now.Is('}'))
                text.Append(Spelled(Now));
            at++;
        }
        while (depth > 0);
        return text.ToString().Trim('(', ')');
    }

    private static string Spelled(Token token) => token.Kind == TokenKind.Number && token.Text.Length == 0 ? token.Value.ToString() : token.Text;

    // \$5, €5
    private Node.Measured Money(string unit)
    {
        at++;
        return new Node.Measured(Atom(), unit);
    }

    private Node Letter()
    {
        if (Combinations() is { } combinations)
            return combinations;
        var name = Name(tokens[at++].Text);
        return IsApplication(name) ? new Node.Application(name, Arguments()) : new Node.Symbol(name);
    }

    // C_5^2 and C_{5}^{2} are combinations, A_5^2 and P_5^2 permutations, if there are as many to choose from.
    private Node.Call? Combinations()
    {
        var start = at;
        if (Now.Text is not ("C" or "A" or "P") || !Next.Is('_'))
            return null;
        at += 2;
        if (WholeScript() is { } from && Take('^') && WholeScript() is { } chosen && chosen.Value <= from.Value)
            return new Node.Call(tokens[start].Text == "C" ? "binom" : "permutations", [from, chosen]);
        at = start;
        return null;
    }

    private Node.Number? WholeScript()
    {
        var braced = Take('{');
        if (Now.Kind != TokenKind.Number || !Now.Value.IsInteger)
            return null;
        var number = new Node.Number(tokens[at++].Value);
        return !braced || Take('}') ? number : null;
    }

    // Subscript and primes belong to the name.
    private string Name(string letter)
    {
        if (Now.Is('_'))
        {
            at++;
            letter += "_" + Subscript();
        }
        while (Now.Is('\'') || Now.IsCommand("prime"))
        {
            letter += "'";
            at++;
        }
        return letter;
    }

    // f(x) is a function's value, n(n+1) a product, E(2020, 1993) and p(x) = … again a function's value.
    private bool IsApplication(string name)
    {
        if (!Now.Is('('))
            return false;
        if (name[0] is 'f' or 'g' or 'h' && !Now.Spaced)
            return true;
        var (depth, commas, i) = (0, 0, at);
        for (; i < tokens.Count - 1; i++)
        {
            depth += tokens[i].Is('(') || tokens[i].Is('[') ? 1 : tokens[i].Is(')') || tokens[i].Is(']') ? -1 : 0;
            commas += depth == 1 && tokens[i].Is(',') ? 1 : 0;
            if (depth == 0)
                break;
        }
        budget.Spend(i - at);
        return commas > 0 || (i < tokens.Count - 1 && tokens[i + 1].Is('=') && i - at <= 4);
    }

    private IReadOnlyList<Node> Arguments()
    {
        if (!Take('('))
            throw Unexpected();
        var list = List();
        if (!Take(')') && Now.Kind != TokenKind.End)
            throw Unexpected();
        return list is Node.Listing listing ? listing.Items : [list];
    }

    private Node.Words Phrase()
    {
        var words = new StringBuilder();
        while (Now.Kind == TokenKind.Word && (words.Length == 0 || !IsSeparator() || (Now.IsWord("and") && NumberWords.GoesOn(words.ToString(), Next.Text))) || (words.Length > 0 && Now.Kind == TokenKind.Letter && Now.Upright))
        {
            words.Append(words.Length > 0 ? " " : "").Append(Now.Text);
            at++;
            // A hyphen or apostrophe inside of words belongs to them.
            if ((Now.Is('-') || Now.Is('\'')) && Next.Kind is TokenKind.Word or TokenKind.Letter)
                at++;
        }
        return new Node.Words(words.ToString());
    }

    private Node Bracket()
    {
        var open = tokens[at++].Text[0];
        ExpectItems();
        if (Now.Is(')') || Now.Is(']'))
        {
            at++;
            return new Node.Bracketed(open, [], tokens[at - 1].Text[0]);
        }
        var outer = bars;
        bars = 0;
        var content = List();
        bars = outer;
        var close = Now.Is(')') || Now.Is(']') ? tokens[at++].Text[0] : Now.Kind == TokenKind.End || Now.Is('}') ? open == '(' ? ')' : ']' : throw Unexpected();
        IReadOnlyList<Node> items = content is Node.Listing listing ? listing.Items : [content];
        if (items.Count > 1 || items[0] is Node.Relation)
            return items.Count > 1 ? new Node.Bracketed(open, items, close) : items[0];
        return open == '[' && items[0] is Node.Bracketed ? new Node.Bracketed(open, items, close) : items[0];
    }

    // (1,234) is a pair and not a number in brackets, whichever way the comma is tried.
    private void ExpectItems()
    {
        if (Now.IsGrouped && (Next.Is(')') || Next.Is(']') || Next.IsCommand("}")))
            throw Unexpected();
    }

    private Node Group()
    {
        at++;
        if (Take('}'))
            return Now.Is('_') ? Choose() : new Node.Words("");
        var outer = bars;
        bars = 0;
        var content = List();
        bars = outer;
        if (Now.IsCommand("over") || Now.IsCommand("atop"))
            throw Unexpected();
        if (!Take('}') && Now.Kind != TokenKind.End)
            throw Unexpected();
        return content is Node.Listing listing ? new Node.Braced(listing.Items) : content;
    }

    // {}_5C_2 and {}_5P_2
    private Node.Call Choose()
    {
        at++;
        var from = Script();
        var name = Now.Kind == TokenKind.Letter ? Now.Text : "";
        if (name is not ("C" or "P") || !Next.Is('_'))
            throw Unexpected();
        at += 2;
        return new Node.Call(name == "C" ? "binom" : "permutations", [from, Script()]);
    }

    private Node.Call Bars()
    {
        at++;
        bars++;
        var content = Sum();
        bars--;
        if (!Take('|'))
            throw Unexpected();
        return new Node.Call("abs", [content]);
    }

    // A table of equations is a list of them, a row an item.
    private Node Table()
    {
        var name = tokens[at++].Text;
        var rows = new List<IReadOnlyList<Node>>();
        var row = new List<Node>();
        while (true)
        {
            budget.Spend(1);
            if (Now.Kind == TokenKind.End)
                throw Unexpected();
            if (Now.Kind is TokenKind.Row or TokenKind.EndOf)
            {
                if (row.Count > 0)
                    rows.Add(row);
                row = [];
                if (tokens[at++].Kind == TokenKind.EndOf)
                    break;
            }
            else if (!Take('&') && !Take(','))
            {
                row.Add(Relation());
            }
        }
        if (rows.Count == 0)
            throw new NotParsedException("an empty matrix");
        if (rows.Exists(r => r.Any(c => c is Node.Relation)))
            return new Node.Listing([.. rows.SelectMany(r => r)]);
        return new Node.Table(rows, name == "vmatrix");
    }
}
